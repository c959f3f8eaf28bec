"""Threads of their own: slow ones, and those that are too old for new comments."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from service.actions import sites, threads
from service.bell import SilentBell
from service.domain.policy import Policy
from service.store import changes
from service.store.models import Comment, Thread
from tests.factories import PAGE, a_comment, post, shown

Judge = Callable[..., int]


def set_up(session: Session, **settings: Any) -> None:
    threads.set_up(session, SilentBell(), "news", page=PAGE, settings=settings, by="ann@news")


def send(client: FlaskClient, address: str = "192.0.2.1", **more: Any) -> Any:
    headers = {"Idempotency-Key": more.pop("key")} if "key" in more else {}
    environ = {"REMOTE_ADDR": address}
    return client.post(
        "/v1/comments", json=a_comment(**more), headers=headers, environ_overrides=environ
    )


def age(session: Session, days: float) -> None:
    at = datetime.now(UTC) - timedelta(days=days)
    session.execute(update(Thread).values(created_at=at, changed_at=at))
    session.commit()


@pytest.fixture
def slow(client: FlaskClient, session: Session) -> FlaskClient:
    set_up(session, slow_seconds=60, note="Slowly, please.")
    return client


def test_in_a_slow_thread_a_reader_waits_between_two_comments(slow: FlaskClient) -> None:
    assert send(slow).status_code == 202
    refused = send(slow, body="Another one.")
    assert refused.status_code == 429
    assert 50 < int(refused.headers["Retry-After"]) <= 60
    assert "in 60 seconds" in refused.json["detail"]
    assert send(slow, address="192.0.2.2", author={"name": "Ben"}).status_code == 202
    assert send(slow, page="other", body="Elsewhere.").status_code == 202


def test_readers_see_that_a_thread_is_slow(slow: FlaskClient) -> None:
    page = shown(slow)
    assert (page["slow_seconds"], page["note"]) == (60, "Slowly, please.")


def test_an_address_that_is_typed_elsewhere_is_the_same_reader(slow: FlaskClient) -> None:
    ann = {"name": "Ann", "email": "ann@example.org"}
    assert send(slow, author=ann).status_code == 202
    assert send(slow, address="192.0.2.9", author=ann, body="Again.").status_code == 429


def test_what_was_taken_is_answered_again_and_not_refused(slow: FlaskClient) -> None:
    first = send(slow, key="k1")
    again = send(slow, key="k1")
    assert (again.status_code, again.json["id"]) == (202, first.json["id"])


def test_after_the_pause_the_next_one_is_taken(slow: FlaskClient, session: Session) -> None:
    assert send(slow).status_code == 202
    earlier = datetime.now(UTC) - timedelta(seconds=61)
    session.execute(update(Comment).values(created_at=earlier))
    session.commit()
    assert send(slow, body="Later.").status_code == 202


def test_nobody_waits_until_a_clock_that_was_set_back_has_caught_up(
    slow: FlaskClient, session: Session
) -> None:
    assert send(slow).status_code == 202
    ahead = datetime.now(UTC) + timedelta(hours=1)
    session.execute(update(Comment).values(created_at=ahead))
    session.commit()
    assert send(slow, body="An hour earlier.").status_code == 202
    refused = send(slow, body="At once.")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 60


def test_without_slow_mode_nobody_waits(client: FlaskClient, session: Session) -> None:
    set_up(session, slow_seconds=60)
    set_up(session, slow_seconds=0)
    assert [send(client, body=f"Number {n}.").status_code for n in range(3)] == [202] * 3


@pytest.fixture
def weekly(client: FlaskClient, session: Session) -> FlaskClient:
    """A site whose threads close after a week."""
    settings = Policy(close_after_days=7).as_json()
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=settings, by="test")
    return client


def test_a_thread_closes_when_it_is_too_old(weekly: FlaskClient, session: Session) -> None:
    post(weekly)
    age(session, days=6.9)
    assert shown(weekly)["mode"] == "open"
    assert send(weekly, body="In time.").status_code == 202
    age(session, days=7.1)
    assert shown(weekly)["mode"] == "closed"
    refused = send(weekly, body="Too late.")
    assert (refused.status_code, refused.json["detail"]) == (
        403,
        "Comments on this article are closed.",
    )


def test_a_moderator_can_keep_an_old_thread_open(weekly: FlaskClient, session: Session) -> None:
    post(weekly)
    age(session, days=400)
    set_up(session, mode="open")
    assert shown(weekly)["mode"] == "open"
    assert send(weekly, body="Still on.").status_code == 202


def test_what_was_sent_in_time_is_judged_as_ever(
    weekly: FlaskClient, session: Session, judge: Judge
) -> None:
    post(weekly)
    age(session, days=8)
    judge()
    assert shown(weekly)["count"] == 1


def test_caches_are_told_once_when_a_thread_closes(weekly: FlaskClient, session: Session) -> None:
    post(weekly)
    age(session, days=7.01)
    assert threads.close_old(session, SilentBell()) == 1
    assert changes.since(session, seconds=30)
    assert threads.close_old(session, SilentBell()) == 0
    age(session, days=30)  # long ago: told when it closed
    assert threads.close_old(session, SilentBell()) == 0


def test_the_thread_says_who_set_it_up_and_when(slow: FlaskClient, session: Session) -> None:
    [thread] = session.query(Thread).all()
    assert thread.set_by == "ann@news"
    assert thread.set_at is not None
