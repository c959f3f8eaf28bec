"""The page of the audit log."""

import csv
import io
import json
import re

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.actions import threads
from service.bell import SilentBell
from service.domain import chain
from service.domain.states import State
from service.store import audit
from service.store.audit import AUDIT, HEAD, Entry, Kind
from tests.service.desk.visiting import Visitor, sign_in
from tests.service.store.test_audit import decide, held, line

HOSTILE = "=cmd|' /C calc'!A0<script>alert(1)</script>"


@pytest.fixture
def log(session: Session, desk: Visitor) -> Session:
    [first] = held(session, count=1)
    decide(session, line(first, State.APPROVED))
    threads.set_up(session, SilentBell(), "news", page=HOSTILE, settings={}, by=HOSTILE)
    return session


def numbers(page: str) -> list[int]:
    return [int(found) for found in re.findall(r'id="entry-(\d+)"', page)]


def test_it_shows_what_was_done_and_how_to_check_it(desk: Visitor, log: Session) -> None:
    page = desk.get("/desk/audit").text
    seq, hash = log.execute(select(HEAD.c.seq, HEAD.c.hash)).one()
    assert numbers(page) == list(range(seq, 0, -1))
    assert "held → approved" in page
    assert f"afterword audit verify --head {hash.hex()}" in page
    assert "<script>alert" not in page


def test_it_is_narrowed_down_and_goes_on_to_older_entries(desk: Visitor, log: Session) -> None:
    audit.note(log, *[Entry(kind=Kind.PERSON, action="added", by="x & y")] * 60)
    log.commit()
    first = desk.get("/desk/audit", kind="person", by="x & y", site="", since="2020-01-01")
    assert len(numbers(first.text)) == 50
    older = re.search(r'<a href="([^"]+)" rel="next"', first.text)
    assert older
    second = desk.get(older[1].replace("&amp;", "&"))
    assert len(numbers(second.text)) == 10
    assert "The newest" in second.text
    assert numbers(desk.get("/desk/audit", until="2020-01-01").text) == []
    assert "no entries" in desk.get("/desk/audit", by="nobody").text
    assert desk.get("/desk/audit", since="tomorrow").status_code == 422


def test_a_file_for_spreadsheets_runs_nothing(desk: Visitor, log: Session) -> None:
    answer = desk.get("/desk/audit/entries", format="csv", kind="thread")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert row["by"] == "'" + HOSTILE
    assert (row["site"], row["kind"]) == ("news", "thread")


def test_a_file_for_programs_holds_what_the_hashes_are_made_of(desk: Visitor, log: Session) -> None:
    answer = desk.get("/desk/audit/entries", format="jsonl")
    last = chain.START.hex()
    lines = [json.loads(text) for text in answer.text.splitlines()]
    stored = log.execute(select(AUDIT).order_by(AUDIT.c.seq)).all()
    assert [one["seq"] for one in lines] == [row.seq for row in stored]
    for told, row in zip(lines, stored, strict=True):
        assert told["prev"] == last
        assert chain.details(told["details"]) == row.details
        last = told["hash"]


def test_others_see_their_own_sites_alone(app: Flask, session: Session, log: Session) -> None:
    reader = sign_in(Visitor(app.test_client()), session, scope="read", site="news", name="r")
    assert "token created" not in reader.get("/desk/audit").text
    assert "token created" not in reader.get("/desk/audit/entries", format="csv").text
    assert reader.get("/desk/audit", site="other").status_code == 404
