"""Replays by real worker processes, asked for over HTTP, also when they are killed or stopped."""

from collections.abc import Callable
from typing import Any

import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.actions.posting import post_comments
from service.actions.posts import NewComment, prepare
from service.actions.sites import set_policy
from service.bell import SilentBell
from service.config import Settings
from service.domain.policy import Policy
from service.store import sites
from service.store.db import now, session_at
from service.store.models import Decision, Revision, Thread
from service.store.replay_models import ReplayPiece
from service.store.replays import PIECE
from tests.e2e.running import SITE, STOP_SECONDS, Processes, Started, call, is_alive, until
from tests.factories import SECRET, WITHOUT_FILTER, a_text
from workers.checks import CHECKS
from workers.screening import screen

COMMENTS = 800  # four pieces, for two processes
NO_REDIS = "unix:///nowhere/valkey.sock"
SLOW = "tests.e2e.slow_replays"


def settings_for(database_url: str) -> dict[str, str]:
    """No Redis: the database is all that replays need. Short leases, so that tests end soon."""
    settings = {"database_url": database_url, "redis_url": NO_REDIS, "secret": SECRET}
    return settings | {"limits": "off", "lease_seconds": "2", "sweep_seconds": "0.2"}


def fill(database_url: str) -> None:
    """Comments that screening has approved."""
    settings = Settings(database_url=database_url, redis_url=NO_REDIS, secret=SECRET, limits=False)
    with session_at(database_url) as session:
        quiet = Policy.from_json(WITHOUT_FILTER).as_json()
        set_policy(session, SilentBell(), SITE, seen=None, settings=quiet, by="test")
        site = sites.find(session, SITE)
        assert site is not None
        posts = [
            prepare(
                NewComment(site=SITE, page="p", body=a_text(number), author_name="A"),
                site=site, secret=SECRET, address="127.0.0.1", idempotency_key=None,
            )
            for number in range(COMMENTS)
        ]  # fmt: skip
        post_comments(session, posts, secret=SECRET)
        while screen(session, SilentBell(), settings, CHECKS):
            pass


class Desk:
    """A moderator with a token."""

    def __init__(self, processes: Processes, **settings: str) -> None:
        processes.set_up(**settings)
        printed = processes.run("token", "create", "--name", "m", "--scope", "moderate", **settings)
        self.headers = {"Authorization": f"Bearer {printed.strip()}"}
        self.web = processes.web(**settings)

    def ask(self, policy: dict[str, Any]) -> str:
        wish = {"site": SITE, "last": 10_000, "policy": WITHOUT_FILTER | policy}
        url = f"{self.web.address}/v1/moderation/replays"
        answer = call("POST", url, body=wish, headers=self.headers)
        assert answer.status == 202, answer.text
        return self.web.address + answer.headers["location"]

    def read(self, url: str) -> Any:
        return call("GET", url, headers=self.headers).json

    def wait_for(self, url: str, state: str) -> Any:
        found = until(lambda: (r := self.read(url))["state"] == state and r, state, seconds=60)
        assert found
        return found


def a_site_with_a_past(processes: Processes, database_url: str) -> tuple[Desk, dict[str, str]]:
    settings = settings_for(database_url)
    desk = Desk(processes, **settings)
    fill(database_url)
    return desk, settings


def look(database_url: str, query: Callable[[Session], Any]) -> Any:
    with session_at(database_url) as session:
        return query(session)


def in_hand(session: Session) -> int:
    """Pieces that somebody judges just now."""
    held = ReplayPiece.lease_until > now()
    return session.scalar(select(func.count()).select_from(ReplayPiece).where(held)) or 0


def wait_until_in_hand(database_url: str, pieces: int) -> None:
    until(lambda: look(database_url, in_hand) == pieces, f"{pieces} pieces in hand", seconds=30)


def busy(workers: Started) -> list[psutil.Process]:
    """The two that share a replay."""
    found = workers.judges("rerun")
    assert len(found) == 2
    return found


def deeds(session: Session) -> list[Any]:
    """All that a replay must leave alone."""
    states = select(Revision.state, func.count()).group_by(Revision.state)
    threads = select(Thread.comment_count, Thread.changes).order_by(Thread.id)
    decisions = select(func.count()).select_from(Decision)
    return [session.execute(query).all() for query in (states, threads, decisions)]


def test_what_killed_processes_had_in_hand_is_taken_up_and_counts_once(
    processes: Processes, fresh_database: str
) -> None:
    desk, settings = a_site_with_a_past(processes, fresh_database)
    before = look(fresh_database, deeds)
    workers = processes.start("run", module=SLOW, **settings)
    url = desk.ask({"mode": "premoderated"})
    wait_until_in_hand(fresh_database, 2)
    for process in busy(workers):
        process.kill()
    answer = desk.read(url)
    assert answer["state"] == "running"
    assert answer["done"] <= COMMENTS - 2 * PIECE
    answer = desk.wait_for(url, "done")
    assert (answer["done"], answer["total"]) == (COMMENTS, COMMENTS)
    result = answer["result"]
    assert result["compared"] == COMMENTS
    assert result["outcomes"] == {"approved": {"held": COMMENTS}}
    assert result["checks"]["mode"]["now"] == COMMENTS
    [change] = result["changes"]
    assert change["examples"][0]["text"] == a_text(COMMENTS - 1)
    assert look(fresh_database, deeds) == before  # nothing is acted on


def test_sigterm_ends_a_replay_after_the_piece_in_hand_and_cancelling_at_once(
    processes: Processes, fresh_database: str
) -> None:
    desk, settings = a_site_with_a_past(processes, fresh_database)
    workers = processes.start("run", module=SLOW, **settings)
    url = desk.ask({"mode": "premoderated"})
    wait_until_in_hand(fresh_database, 2)
    running = workers.descendants()
    workers.process.terminate()
    assert workers.process.wait(STOP_SECONDS) == 0
    assert [process for process in running if is_alive(process)] == []
    answer = desk.read(url)
    assert answer["state"] == "running"
    assert 2 * PIECE <= answer["done"] < COMMENTS
    assert look(fresh_database, in_hand) == 0
    other = processes.start("replay", module="workers", **settings)
    assert desk.wait_for(url, "done")["done"] == COMMENTS
    other.terminate()

    workers = processes.start("run", module=SLOW, **settings)
    url = desk.ask({"mode": "closed"})
    until(lambda: look(fresh_database, in_hand), "a piece in hand", seconds=30)
    assert call("DELETE", url, headers=desk.headers).status == 204
    until(lambda: not workers.judges("rerun"), "an end of the processes", seconds=20)
    answer = desk.read(url)
    assert answer["state"] == "cancelled"
    assert answer["done"] < COMMENTS
