"""What is stored of somebody is exported, and erased, on the command line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.actions import catching_up, erasing, identities
from service.bell import Changed, SilentBell
from service.domain.identity import Algorithm, IdentityKey
from service.domain.ids import new_id
from service.store import catching_up as catching_up_store
from service.store import filters, search
from service.store.audit_tables import AuditEntry
from service.store.filters import FilterModel
from service.store.models import Author, Comment, Decision, Revision
from service.store.reader_tables import IdempotencyKey, Report, Vote
from service.store.replay_models import Replay
from service.store.search_tables import Backfill, SearchEntry
from service.store.standing_tables import StandingEntry, WatchedAddress
from service.store.verifying import verify
from tests.factories import (
    SECRET,
    a_comment,
    a_reader,
    a_text,
    edit_header,
    post,
    queue,
    shown,
)
from tests.service.api.test_signed_readers import KEY, signed
from workers import learning

Judge = Callable[..., int]
ANN = {"name": "Ann Canary", "email": "ann@canary.example"}
SECRETS = ("Canary", "canary")


@pytest.fixture
def ann(client: FlaskClient, judge: Judge, bearer: dict[str, str], session: Session) -> str:
    """A comment by Ann with all that can belong to one; somebody replied to it."""
    given = {"Idempotency-Key": "0123456789abcdef"}
    body = f"A canary sang. {a_text(1)}"
    answer = client.post("/v1/comments", json=a_comment(author=ANN, body=body), headers=given)
    receipt = answer.get_json()
    judge()
    report = {"reason": "other", "note": "This is Ann Canary of Mill Lane."}
    client.post(f"/v1/comments/{receipt['id']}/reports", json=report, headers=a_reader(1))
    post(client, parent=receipt["id"], body=a_text(2), author={"name": "Bob"})
    edit = {"body": f"Two canaries sang. {a_text(3)}"}
    client.patch(f"/v1/comments/{receipt['id']}", json=edit, headers=edit_header(receipt))
    judge()
    [item] = [
        one
        for one in queue(client, bearer, state="approved")
        if one["comment"] == receipt["id"] and "Two" in one["body"]
    ]
    line = {
        "comment": receipt["id"], "revision": item["revision"], "seen": "approved",
        "to": "rejected", "note": "Canary again.", "message": "Please, Ms Canary!",
    }  # fmt: skip
    client.post("/v1/moderation/decisions", headers=bearer, json={"decisions": [line]})
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    for kind in ("author", "email", "address"):
        standing = {"comment": receipt["id"], "kind": kind, "standing": "watched", "until": until,
                    "note": "Canary, see above."}  # fmt: skip
        made = client.post("/v1/moderation/standings", headers=bearer, json=standing)
        assert made.status_code == 201, made.data
    session.rollback()
    comment: str = receipt["id"]
    return comment


def stored(session: Session) -> str:
    """All that is in the tables, but for what moderators' rights and policies are."""
    session.rollback()
    models = (Author, Comment, Revision, Decision, Vote, Report, IdempotencyKey, SearchEntry,
              StandingEntry, WatchedAddress, Replay, AuditEntry)  # fmt: skip
    return "\n".join(
        str(dict(row))
        for model in models
        for row in session.connection().execute(select(model.__table__)).mappings()
    )


def exported(run: Any, *who: str) -> list[dict[str, Any]]:
    result = run("author", "export", *who)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_an_export_has_all_that_is_stored_of_an_author(run, ann: str, session: Session) -> None:
    lines = exported(run, "--email", "ANN@canary.example ")
    kinds = {line["kind"] for line in lines}
    assert kinds == {
        "author", "comment", "version", "decision", "standing", "words for the search",
        "report about a comment", "standing because of a comment", "idempotency key",
        "watched address",
    }  # fmt: skip
    [author] = [line for line in lines if line["kind"] == "author"]
    assert author["email"] == "ann@canary.example"
    bodies = [line["body"] for line in lines if line["kind"] == "version"]
    assert [body.partition(".")[0] for body in bodies] == ["A canary sang", "Two canaries sang"]
    assert {line["note"] for line in lines if "note" in line} >= {
        "This is Ann Canary of Mill Lane.", "Canary again.", "Canary, see above.",
    }  # fmt: skip
    assert exported(run, author["id"]) == lines


def test_an_export_names_nobody_else(run, ann: str, session: Session) -> None:
    lines = exported(run, "--email", "ann@canary.example")
    assert not [line for line in lines if "by" in line]
    reporter = session.scalars(select(Report.reader)).one()
    assert reporter not in json.dumps(lines)
    assert "Bob" not in json.dumps(lines)


def test_erasing_leaves_nothing_of_an_author(
    run, ann: str, session: Session, client: FlaskClient, bearer: dict[str, str]
) -> None:
    before = stored(session)
    author = session.scalars(select(Author)).one()
    keyed = [author.identity, author.email_key, author.email_sealed]
    keyed += session.scalars(select(WatchedAddress.address_hash)).all()
    keyed += session.scalars(select(IdempotencyKey.key_hash)).all()
    assert all(one in before for one in (*SECRETS, *keyed))
    result = run("author", "erase", str(author.id), "--yes")
    assert result.exit_code == 0, result.output
    assert "Erased. Authors: 1, comments: 1." in result.output
    after = stored(session)
    bobs = session.scalars(select(Comment.address_hash).where(Comment.author_name == "Bob")).one()
    assert [one for one in (*SECRETS, *keyed) if one in after and one != bobs] == []
    assert exported(run, "--comment", str(session.scalars(reply()).one()))
    for who in ([str(author.id)], ["--email", "ann@canary.example"], ["--comment", ann]):
        again = run("author", "erase", *who, "--yes")
        assert again.exit_code == 1
        assert "erased" in again.output
    verified = run("audit", "verify")
    assert verified.exit_code == 0, verified.output
    assert client.get(f"/v1/moderation/comments/{ann}", headers=bearer).status_code == 200
    assert client.get(f"/v1/moderation/authors/{author.id}", headers=bearer).status_code == 200


def reply() -> Any:
    return select(Comment.id).where(Comment.parent_id.is_not(None))


def test_replies_keep_their_place_under_an_empty_one(
    run, ann: str, client: FlaskClient, bearer: dict[str, str]
) -> None:
    assert run("author", "erase", "--email", "ann@canary.example", "--yes").exit_code == 0
    [place] = shown(client)["comments"]
    assert (place["id"], place["author"], place["body_html"]) == (ann, None, None)
    assert [one["author"]["name"] for one in place["replies"]] == ["Bob"]
    assert queue(client, bearer, q="canary", state="rejected") == []
    assert run("doctor").output.count("WRONG") == 0


def test_what_is_public_is_withdrawn(
    run, client: FlaskClient, judge: Judge, session: Session
) -> None:
    receipts = [post(client, author=ANN, body=a_text(n), page=f"p{n % 2}") for n in range(4)]
    judge()
    assert shown(client, "p0")["count"] == shown(client, "p1")["count"] == 2
    assert run("author", "erase", "--email", ANN["email"], "--yes").exit_code == 0
    assert shown(client, "p0")["count"] == shown(client, "p1")["count"] == 0
    assert shown(client, "p0")["comments"] == []
    own = client.get(f"/v1/comments/{receipts[0]['id']}", headers=edit_header(receipts[0]))
    assert own.status_code == 404
    session.rollback()
    assert session.scalars(select(Revision.state)).unique().all() == ["withdrawn"]


def test_nobody_is_erased_without_being_asked_for(run, ann: str, session: Session) -> None:
    asked = run("author", "erase", "--email", "ann@canary.example", text="n\n")
    assert asked.exit_code == 1
    assert "of news: Ann Canary; comments: 1." in asked.output
    assert "Canary" in stored(session)
    for who in ([], ["--email", "a@b.example", "--comment", ann], ["--reader", "7"]):
        refused = run("author", "erase", *who, "--yes")
        assert refused.exit_code == 1
        assert "Say " in refused.output


def test_one_comment_of_somebody_unknown_is_erased_alone(
    run, client: FlaskClient, judge: Judge, session: Session
) -> None:
    eves, others = (post(client, author={"name": "Eve"}, body=a_text(n))["id"] for n in (1, 2))
    judge()
    assert exported(run, "--comment", eves)[0]["author_name"] == "Eve"
    assert run("author", "erase", "--comment", eves, "--yes").exit_code == 0
    assert [one["id"] for one in shown(client)["comments"]] == [others]
    session.rollback()
    assert session.get_one(Comment, UUID(eves)).author_name == ""


def test_whom_the_publisher_signed_in_is_erased_with_votes_and_reports(
    run, client: FlaskClient, judge: Judge, session: Session, bearer: dict[str, str]
) -> None:
    identities.set_key(session, "news", IdentityKey(Algorithm.HS256, KEY), secret=SECRET, by="test")
    headers = signed(sub="reader-7", name="Ann Canary")
    client.post("/v1/comments", json=a_comment(body=a_text(1)), headers=headers)
    bobs = post(client, author={"name": "Bob"}, body=a_text(2))["id"]
    judge()
    client.put(f"/v1/comments/{bobs}/vote", json={"value": 1}, headers=headers)
    report = {"reason": "other", "note": "Bob hates canaries."}
    client.post(f"/v1/comments/{bobs}/reports", json=report, headers=headers)
    who = ("--reader", "reader-7", "--site", "news")
    kinds = {line["kind"] for line in exported(run, *who)}
    assert kinds >= {"author", "comment", "vote", "report by this reader"}
    reader = session.scalars(select(Vote.reader)).one()
    session.rollback()
    assert run("author", "erase", *who, "--yes").exit_code == 0
    after = stored(session)
    assert [one for one in ("anar", reader) if one in after] == []
    assert [one["votes"] for one in shown(client)["comments"]] == [1]
    assert run("doctor").output.count("WRONG") == 0


class BrokenBell(SilentBell):
    """Ends the second step in the middle of telling."""

    def __init__(self) -> None:
        self.told = 0

    def tell(self, changed: Changed) -> None:
        self.told += 1
        if self.told == 2:
            raise KeyboardInterrupt


def test_what_broke_off_is_taken_up_again(
    client: FlaskClient, judge: Judge, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "TOGETHER", 2)
    for number in range(5):
        post(client, author=ANN, body=a_text(number))
    judge()
    author = session.scalars(select(Author.id)).one()
    with pytest.raises(KeyboardInterrupt):
        erasing.erase_author(session, BrokenBell(), author, by="test")
    left = select(func.count()).where(Comment.author_name != "")
    assert session.scalar(left) == 1
    assert erasing.erase_author(session, SilentBell(), author, by="test") == 1
    assert "anary" not in stored(session)
    assert list(verify(session)) == []


def test_what_was_learnt_from_an_author_is_learnt_anew_without(
    run, ann: str, session: Session
) -> None:
    site_id, at = session.execute(select(Comment.site_id, Comment.created_at)).first()
    made = {"taught_until": at, "labels": 40, "adopted": True, "why": "", "figures": {}}
    session.add(FilterModel(site_id=site_id, kind="spam", version=1, content=b"0", **made))
    example = {"comment": ann, "revision": ann, "now": [{"reason": "Says canary."}]}
    result = {"cells": [["approved", "held", None, 1, [example]]], "checks": {}}
    session.add(Replay(site_id=site_id, settings={}, policy_version=1, result=result, by="bob"))
    session.commit()
    assert len(filters.lessons(session, site_id, most=10)) == 1
    assert run("author", "erase", "--email", ANN["email"], "--yes").exit_code == 0
    session.rollback()
    assert session.scalars(select(FilterModel.content)).all() == [None]
    assert session.scalars(select(Replay.result)).one()["cells"] == [
        ["approved", "held", None, 1, []]
    ]
    assert filters.lessons(session, site_id, most=10) == []
    assert learning.learn_all(session) == 0, "nothing is left to learn from"


def test_catching_up_brings_nothing_back(run, ann: str, session: Session) -> None:
    """Older comments get their words for the search later: read before, entered after erasing."""
    session.execute(delete(SearchEntry))
    session.add(Backfill(name=search.BACKFILL, before=new_id()))
    session.commit()
    before = catching_up_store.before(session)
    older, _ = catching_up_store.older(session, before, batch=10)
    session.rollback()
    assert run("author", "erase", "--email", ANN["email"], "--yes").exit_code == 0
    ids = [one.revision.id for one in older]
    [left] = catching_up_store.not_erased(session, ids)
    assert left == session.scalars(select(Comment.public_revision_id).where(is_bobs())).one()
    session.rollback()
    assert catching_up.enter_older(session, batch=10) is False
    assert session.scalars(select(SearchEntry.revision_id)).all() == [left]


def is_bobs() -> Any:
    return Comment.author_name == "Bob"


def test_scrubbing_rewrites_the_files(run, ann: str, database_url: str) -> None:
    """What is left of the erased in them, tests/e2e/test_forgotten.py looks for."""
    asked = run("scrub", text="n\n")
    assert asked.exit_code == 1
    done = run("scrub", "--yes")
    assert done.exit_code == 0, done.output
    expected = "write-ahead log" if "sqlite" in database_url else "comments is rewritten"
    assert expected in done.output
    assert run("doctor").output.count("WRONG") == 0
