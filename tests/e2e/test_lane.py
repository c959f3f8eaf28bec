"""What readers get from memory: never what was decided against, and never rendered by many."""

import re
import threading
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.load import wait_until_decided
from tests.e2e.running import PAGE, SITE, Processes, Started, call, free_port, until
from tests.e2e.test_outages import own_postgresql, stop
from tests.factories import SECRET

__all__ = ["own_postgresql"]

READERS = 200
DECISIONS = 12
SOON = 1.0  # seconds until everybody sees a decision
AT_THE_LATEST = 5.0  # the same when nobody could be told
URL = f"/v1/comments?site={SITE}&page={PAGE}"


@dataclass
class Moderator:
    """Decides on one comment again and again."""

    address: str
    token: str
    comment: str

    def decide(self, to: str) -> None:
        """Through the API, from whatever state it is in."""
        headers = {"Authorization": f"Bearer {self.token}"}
        path = f"{self.address}/v1/moderation/comments/{self.comment}"
        [revision] = call("GET", path, headers=headers).json["revisions"]
        line = {
            "comment": self.comment,
            "revision": revision["revision"],
            "seen": revision["state"],
        }
        body = {"decisions": [{**line, "to": to}]}
        answer = call("POST", f"{self.address}/v1/moderation/decisions", body=body, headers=headers)
        assert answer.json["results"][0]["outcome"] == "moved"


@dataclass
class Newsroom:
    """Two web servers on one database, with one approved comment."""

    web: list[Started]
    moderator: Moderator

    def count(self, web: Started) -> int:
        answer = call("GET", web.address + URL)
        assert answer.status == 200
        found: int = answer.json["count"]
        assert len(answer.json["comments"]) == found
        return found

    def seconds_until_all_see(self, count: int, *, at_most: float) -> float:
        began = time.monotonic()
        until(
            lambda: {self.count(web) for web in self.web} == {count},
            f"everybody sees {count}",
            seconds=at_most,
        )
        return time.monotonic() - began


def newsroom(processes: Processes, database: str, redis: str) -> Newsroom:
    settings = {"database_url": database, "redis_url": redis, "secret": SECRET, "limits": "off"}
    processes.set_up(**settings)
    token = processes.run(
        "token", "create", "--name", "mod", "--scope", "moderate", **settings
    ).strip()
    web = [processes.web(**settings) for _ in range(2)]
    processes.start("worker", **settings)
    comment: dict[str, Any] = {
        "site": SITE,
        "page": PAGE,
        "body": "Well put.",
        "author": {"name": "A"},
    }
    posted = call("POST", f"{web[0].address}/v1/comments", body=comment)
    wait_until_decided(database)
    opened = Newsroom(web, Moderator(web[0].address, token, posted.json["id"]))
    opened.seconds_until_all_see(1, at_most=AT_THE_LATEST)
    return opened


def test_a_decision_is_seen_by_the_readers_of_every_web_process(
    processes: Processes, fresh_database: str, own_valkey: str
) -> None:
    opened = newsroom(processes, fresh_database, own_valkey)
    slowest = 0.0
    for number in range(DECISIONS):
        to, count = [("rejected", 0), ("approved", 1)][number % 2]
        opened.moderator.decide(to)
        assert opened.count(opened.web[0]) == count, "the deciding process sees it at once"
        slowest = max(slowest, opened.seconds_until_all_see(count, at_most=SOON))
    print(f"slowest of {DECISIONS}: {slowest * 1000:.0f} ms")


def test_without_redis_a_decision_is_seen_within_seconds(
    processes: Processes, fresh_database: str
) -> None:
    opened = newsroom(processes, fresh_database, f"redis://127.0.0.1:{free_port()}/0")
    for to, count in (("rejected", 0), ("approved", 1), ("rejected", 0)):
        opened.moderator.decide(to)
        assert opened.count(opened.web[0]) == count, "the deciding process sees it at once"
        opened.seconds_until_all_see(count, at_most=AT_THE_LATEST)


def test_what_cannot_be_verified_is_not_shown_for_long(
    processes: Processes, own_postgresql: Any, own_valkey: str
) -> None:
    """Without the database nobody knows whether something was hidden meanwhile."""
    opened = newsroom(processes, own_postgresql.get_uri(), own_valkey)
    stop(own_postgresql)
    addresses = [web.address + URL for web in opened.web]
    until(
        lambda: all(call("GET", address).status == 503 for address in addresses),
        "no old comments",
        seconds=AT_THE_LATEST,
    )
    own_postgresql.ensure_postgres_running()
    opened.seconds_until_all_see(1, at_most=10)


def events(web: Started) -> dict[str, float]:
    """The lane's counters, once they have come to rest."""

    def read() -> dict[str, float]:
        text = call("GET", f"{web.address}/metrics").text
        lines = re.findall(r'^afterword_lane_events_total\{event="(\w+)"\} (\S+)', text, re.M)
        return {name: float(value) for name, value in lines}

    last: dict[str, float] = {"": 0}
    while last != (last := read()):
        time.sleep(3.5)
    return last


@pytest.mark.parametrize("fresh_database", ["sqlite"], indirect=True)
def test_a_crowd_in_front_of_a_changed_page_has_it_rendered_once_in_each_process(
    processes: Processes, fresh_database: str, own_valkey: str
) -> None:
    opened = newsroom(processes, fresh_database, own_valkey)
    web, counts = opened.web[1], []
    before = events(web)
    decided = threading.Barrier(READERS + 1)

    def read() -> None:
        decided.wait(30)
        counts.append(opened.count(web))

    readers = [threading.Thread(target=read, daemon=True) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    opened.moderator.decide("rejected")
    decided.wait(30)
    for reader in readers:
        reader.join()
    after = events(web)
    renders = sum(after.get(name, 0) - before.get(name, 0) for name in ("miss", "renewal"))
    # The other server's readers are no concern of this one; its own page is made anew once.
    assert renders - 1 <= 1
    assert opened.count(web) == 0
    assert len(counts) == READERS
