"""The audit log over the API."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.actions import credentials, sites, threads
from service.bell import SilentBell
from service.domain.states import State
from service.store.audit import AUDIT, HEAD
from tests.service.store.test_audit import decide, held, line

URL = "/v1/moderation/audit"


def headers(session: Session, scope: str, site: str | None = None) -> dict[str, str]:
    token = credentials.create_token(
        session, name=f"{scope} {site}", scopes=[scope], site=site, days=None, by="test"
    )
    return {"Authorization": f"Bearer {token}"}


def entries(client: FlaskClient, bearer: dict[str, str], **query: object) -> list[dict]:
    answer = client.get(URL, headers=bearer, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["entries"]


@pytest.fixture
def log(session: Session, news: str) -> Session:
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    [first, second] = held(session, count=2)
    decide(session, line(first, State.APPROVED), line(second, State.SPAM))
    threads.set_up(session, SilentBell(), "other", page="p", settings={"mode": None}, by="bob")
    return session


def test_the_newest_entries_come_first_in_pages(client: FlaskClient, log: Session) -> None:
    admin = headers(log, "admin")
    total = log.scalar(select(HEAD.c.seq))
    seen: list[int] = []
    query: dict[str, object] = {"limit": 3}
    while True:
        page = client.get(URL, headers=admin, query_string=query).get_json()
        seen += [entry["seq"] for entry in page["entries"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert seen == list(range(total, 0, -1))
    assert page["head"]["seq"] == total


def test_entries_are_found_by_what_they_say(client: FlaskClient, log: Session) -> None:
    admin = headers(log, "admin")
    assert {e["site"] for e in entries(client, admin, site="other")} == {"other"}
    assert {e["kind"] for e in entries(client, admin, kind="policy")} == {"policy"}
    by_ann = entries(client, admin, by="ann@news.example")
    assert [e["action"] for e in by_ann] == ["spam", "approved"]
    [spam] = entries(client, admin, by="ann@news.example", action="spam")
    assert spam == by_ann[0]
    assert len(entries(client, admin, by="screening", kind="decision")) == 2
    [thread] = entries(client, admin, kind="thread")
    assert thread["details"] == {"page": "p", "mode": None}
    times = log.execute(select(AUDIT.c.seq, AUDIT.c.at).order_by(AUDIT.c.seq)).all()
    at = times[4].at
    later = entries(client, admin, since=at.isoformat())
    assert {e["seq"] for e in later} == {row.seq for row in times if row.at >= at}
    earlier = entries(client, admin, until=at.isoformat())
    assert {e["seq"] for e in earlier} == {row.seq for row in times if row.at < at}
    future = datetime.now(UTC) + timedelta(days=1)
    assert entries(client, admin, since=future.isoformat()) == []


def test_everybody_sees_their_own_sites_and_admins_who_is_let_in(
    client: FlaskClient, log: Session
) -> None:
    reader, everywhere = headers(log, "read", "news"), headers(log, "read")
    admin, of_all = headers(log, "admin", "news"), headers(log, "admin")
    told = {
        name: {(e["kind"], e["site"]) for e in entries(client, bearer, limit=500)}
        for name, bearer in [("reader", reader), ("everywhere", everywhere), ("admin", admin),
                             ("of all", of_all)]
    }  # fmt: skip
    own = {("site", "news"), ("policy", "news"), ("decision", "news")}
    assert told["reader"] == own
    assert told["everywhere"] == own | {("site", "other"), ("policy", "other"), ("thread", "other")}
    assert told["admin"] == own | {("token", "news")}
    assert told["of all"] == told["everywhere"] | {("token", "news"), ("token", None)}
    assert client.get(URL, headers=reader, query_string={"site": "other"}).status_code == 404
    assert {e["kind"] for e in entries(client, reader, kind="token")} == set()


@pytest.mark.parametrize(
    "query", [{"kind": "x"}, {"since": "yesterday"}, {"after": "-1"}, {"limit": "0"}, {"x": "1"}]
)
def test_what_makes_no_sense_is_refused(
    client: FlaskClient, bearer: dict[str, str], query: dict[str, str]
) -> None:
    assert client.get(URL, headers=bearer, query_string=query).status_code == 422
