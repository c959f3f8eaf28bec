"""afterword audit, as it is typed."""

import csv
import io
import json

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from service.store.audit import AUDIT
from tests.tampering import tampering

pytestmark = pytest.mark.usefixtures("news")


def test_a_sound_log_is_told_with_its_head(run) -> None:
    head = run("audit", "head").output.strip()
    verified = run("audit", "verify", "--head", head)
    assert verified.exit_code == 0, verified.output
    told = f"3 entries are as they were written. The head is {head}\n"
    assert verified.stdout == told
    assert run("audit", "verify", "--head", "beef").exit_code == 1
    assert "No entry has the hash" in run("audit", "verify", "--head", "ab" * 32).output


def test_an_altered_log_ends_with_1(run, session: Session, engine: Engine) -> None:
    session.rollback()
    with tampering(engine) as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(by="nobody"))
    verified = run("audit", "verify")
    assert verified.exit_code == 1
    assert verified.stdout == "Entry 2 was altered; it now says: policy version made by nobody.\n"
    assert "The audit log is not as it was written: 1 problem(s)." in verified.stderr


def test_entries_are_exported_as_lines_for_programs_or_spreadsheets(run) -> None:
    lines = [json.loads(line) for line in run("audit", "export").output.splitlines()]
    assert [(one["seq"], one["kind"]) for one in lines] == [(1, "site"), (2, "policy"), (3, "site")]
    rows = list(csv.reader(io.StringIO(run("audit", "export", "--format", "csv").output)))
    assert rows[0][:3] == ["seq", "at", "site"]
    assert [row[2] for row in rows[1:]] == ["news"] * 3
    only = run("audit", "export", "--kind", "policy", "--by", "test", "--site", "news")
    assert [json.loads(line)["seq"] for line in only.output.splitlines()] == [2]
    assert run("audit", "export", "--until", "2020-01-01").output == ""
    assert run("audit", "export", "--site", "none").exit_code == 1
