"""Readers report comments, and moderators decide."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.actions import sites
from service.bell import SilentBell
from tests.factories import SIX_LINKS, a_reader, a_text, decide, edit_header, post, queue, shown

Judge = Callable[..., int]
Bearer = dict[str, str]


def report(
    client: FlaskClient, comment: str, reader: int, *, address: str | None = None, **body: Any
) -> TestResponse:
    answer = client.post(
        f"/v1/comments/{comment}/reports",
        json={"reason": "abuse"} | body,
        headers=a_reader(reader),
        environ_overrides={"REMOTE_ADDR": address or f"192.0.2.{reader}"},
    )
    assert answer.status_code == 202, answer.data
    return answer


def set_policy(session: Session, **reports: int) -> None:
    policy = {"reports": reports}
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=policy, by="test")


def everything(client: FlaskClient, bearer: Bearer, comment: str) -> dict[str, Any]:
    answer = client.get(f"/v1/moderation/comments/{comment}", headers=bearer)
    data: dict[str, Any] = answer.get_json()
    return data


@pytest.fixture
def receipt(client: FlaskClient, judge: Judge) -> dict[str, Any]:
    made = post(client)
    judge()
    return made


@pytest.fixture
def public(receipt: dict[str, Any]) -> str:
    comment: str = receipt["id"]
    return comment


def test_enough_reports_raise_a_comment_and_do_not_hide_it(
    client: FlaskClient, public: str, bearer: Bearer
) -> None:
    for reader in range(1, 4):
        assert queue(client, bearer, reported="true") == []
        report(client, public, reader, reason="spam", note=f"Note {reader}")
    [item] = queue(client, bearer, reported="true")
    assert (item["comment"], item["state"], item["reports"]) == (public, "approved", 3)
    assert [one["note"] for one in item["reported"]] == ["Note 3", "Note 2", "Note 1"]
    assert shown(client)["count"] == 1
    whole = client.get("/v1/moderation/queue", headers=bearer).get_json()
    assert (whole["items"], whole["waiting"], whole["reported"]) == ([], 0, 1)


def test_what_is_raised_is_listed_oldest_first_and_in_pages(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    set_policy(session, raise_at=1)
    comments = [post(client, body=a_text(number))["id"] for number in range(3)]
    post(client, body=a_text(4))
    judge()
    for comment in reversed(comments):
        report(client, comment, 1)
    page = client.get("/v1/moderation/queue?reported=true&limit=2", headers=bearer).get_json()
    rest = queue(client, bearer, reported="true", after=page["next"])
    assert [item["comment"] for item in (*page["items"], *rest)] == comments


def test_a_reader_and_an_address_count_once(
    client: FlaskClient, public: str, bearer: Bearer
) -> None:
    for reader, address in ((1, "192.0.2.1"), (1, "192.0.2.2"), (2, "192.0.2.1")):
        report(client, public, reader, address=address)
    [only] = everything(client, bearer, public)["reports"]
    assert (only["reason"], only["note"], only["settled_at"]) == ("abuse", None, None)


def test_a_moderator_who_lets_it_stay_settles_the_reports(
    client: FlaskClient, public: str, bearer: Bearer
) -> None:
    for reader in range(1, 4):
        report(client, public, reader)
    [item] = queue(client, bearer, reported="true")
    assert decide(client, bearer, item, "approved")["outcome"] == "moved"
    assert queue(client, bearer, reported="true") == []
    assert shown(client)["count"] == 1
    whole = everything(client, bearer, public)
    assert [one["settled_at"] is not None for one in whole["reports"]] == [True] * 3
    last = whole["decisions"][-1]
    assert (last["actor"], last["seen"], last["to"]) == ("moderator", "approved", "approved")
    assert decide(client, bearer, item, "approved")["outcome"] == "illegal"
    report(client, public, 1)  # again: of no account
    report(client, public, 4)
    [item] = queue(client, bearer, state="approved")
    assert item["reports"] == 1


def test_a_moderator_who_rejects_it_settles_the_reports_too(
    client: FlaskClient, public: str, bearer: Bearer
) -> None:
    for reader in range(1, 4):
        report(client, public, reader)
    [item] = queue(client, bearer, reported="true")
    decide(client, bearer, item, "rejected")
    assert shown(client)["count"] == 0
    [item] = queue(client, bearer, state="rejected")
    assert (item["reports"], item["reported"]) == (0, [])


def test_a_decision_about_another_text_settles_nothing(
    client: FlaskClient, judge: Judge, receipt: dict[str, Any], bearer: Bearer
) -> None:
    report(client, receipt["id"], 1)
    client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": SIX_LINKS}, headers=edit_header(receipt)
    )
    judge()
    [edit] = queue(client, bearer)
    assert edit["reports"] == 1
    decide(client, bearer, edit, "rejected")
    [item] = queue(client, bearer, state="approved")
    assert item["reports"] == 1
    [edit] = queue(client, bearer, state="rejected")
    decide(client, bearer, edit, "approved")
    [item] = queue(client, bearer, state="approved")
    assert item["reports"] == 0


def test_where_the_policy_says_so_enough_reports_hold_a_comment(
    client: FlaskClient, judge: Judge, receipt: dict[str, Any], bearer: Bearer, session: Session
) -> None:
    set_policy(session, raise_at=1, hold_at=2)
    report(client, receipt["id"], 1, reason="spam")
    assert shown(client)["count"] == 1
    report(client, receipt["id"], 2)
    assert shown(client)["count"] == 0
    [item] = queue(client, bearer)
    assert item["reports"] == 2
    step = everything(client, bearer, receipt["id"])["decisions"][-1]
    assert (step["actor"], step["by"], step["to"]) == ("reports", "readers", "held")
    assert step["note"] in ("spam: 1, abuse: 1", "abuse: 1, spam: 1")
    client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": "Milder."}, headers=edit_header(receipt)
    )
    judge()
    [edit] = queue(client, bearer)
    assert [f["check"] for f in edit["findings"] if f["verdict"] == "hold"] == ["history"]
    decide(client, bearer, edit, "approved")
    assert shown(client)["count"] == 1
    assert queue(client, bearer, reported="true") == []


def test_only_what_is_public_can_be_reported(client: FlaskClient, judge: Judge) -> None:
    held = post(client, body=SIX_LINKS)["id"]
    judge()
    for comment in (held, str(uuid4())):
        address = f"/v1/comments/{comment}/reports"
        answer = client.post(address, json={"reason": "spam"}, headers=a_reader(1))
        assert answer.status_code == 404


def test_a_report_has_a_reason_and_a_reader(client: FlaskClient, public: str) -> None:
    address = f"/v1/comments/{public}/reports"
    for body in ({}, {"reason": "dull"}, {"reason": "spam", "note": "x" * 1001}):
        assert client.post(address, json=body, headers=a_reader(1)).status_code == 422
    answer = client.post(address, json={"reason": "spam"})
    assert list(answer.get_json()["errors"]) == ["Afterword-Reader"]
    foreign = {**a_reader(1), "Origin": "https://evil.example"}
    assert client.post(address, json={"reason": "spam"}, headers=foreign).status_code == 403


def test_moderators_are_told_in_figures(client: FlaskClient, public: str, session: Session) -> None:
    set_policy(session, raise_at=1, hold_at=2)
    report(client, public, 1)
    figures = client.get("/metrics").get_data(as_text=True)
    assert "afterword_reported 1.0" in figures
    assert 'afterword_reports_total{reason="abuse"} 1.0' in figures
    report(client, public, 2)
    figures = client.get("/metrics").get_data(as_text=True)
    assert 'afterword_decisions_total{by="reports",to="held"} 1.0' in figures
    assert "afterword_reported 0.0" in figures
