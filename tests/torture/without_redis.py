"""Redis is killed, frozen, swallowed, filled up or emptied: comments are taken and judged."""

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis

from tests.conftest import start_valkey
from tests.torture.everything import SETTINGS
from tests.torture.ledger import Ledger
from tests.torture.outages import Outage, judge, percentile, suffered
from tests.torture.proxies import Hole
from tests.torture.stage import staged
from tests.torture.trial import Outcome, Run

TAKEN = 0.999  # of all posts
PROMPTLY = 0.5  # seconds, in which 99 of 100 posts are answered
FULL = "2mb"  # less than Valkey needs when it is empty


class OwnRedis:
    """Reached by way of a hole, so that its place stays the same whatever happens to it."""

    def __init__(self, folder: Path, hole: Hole) -> None:
        self.folder = folder
        self.hole = hole
        self.url = f"redis://127.0.0.1:{hole.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = start_valkey(self.folder)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def send(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def order(self, *words: str) -> None:
        with Redis.from_url(f"unix://{self.folder / 'valkey.sock'}") as redis:
            redis.execute_command(*words)

    def swallow(self) -> None:
        self.hole.is_open = True

    def let_pass(self) -> None:
        """What was connected meanwhile waits for answers that were swallowed, until it gives up."""
        self.hole.is_open = False


@contextmanager
def own_redis(folder: Path) -> Iterator[OwnRedis]:
    place = folder / "redis"
    with Hole(str(place / "valkey.sock")).serving() as passing:
        redis = OwnRedis(place, passing)
        redis.start()
        try:
            yield redis
        finally:
            redis.kill()


def outages(redis: OwnRedis) -> list[Outage]:
    thaw = signal.SIGCONT
    return [
        Outage("killed, back empty", redis.kill, redis.start, "degraded"),
        Outage(
            "frozen",
            lambda: redis.send(signal.SIGSTOP), lambda: redis.send(thaw), "degraded",
        ),
        Outage("swallowed", redis.swallow, redis.let_pass, "degraded"),
        Outage(
            "full",
            lambda: redis.order("CONFIG", "SET", "maxmemory", FULL),
            lambda: redis.order("CONFIG", "SET", "maxmemory", "0"), "ok",
        ),
        Outage("emptied", lambda: redis.order("FLUSHALL"), lambda: None, "ok"),
    ]  # fmt: skip


def do_without_redis(run: Run) -> Outcome:
    ledger = Ledger()
    with (
        own_redis(run.folder) as redis,
        staged(run.folder, run.database, redis_url=redis.url, **SETTINGS) as stage,
    ):
        all_of_them = suffered(stage, ledger, outages(redis), run)
        outcome = judge(stage, ledger, run, all_of_them)
    calls = [call for one in all_of_them for call in one.calls(ledger)]
    taken = sum(call.status == 202 for call in calls) / max(1, len(calls))
    slow = percentile(calls, 0.99)
    outcome.break_if(not calls, "P6", "nobody posted")
    outcome.break_if(taken < TAKEN, "P6", f"only {taken:.2%} of posts were taken")
    outcome.break_if(slow > PROMPTLY * run.slack, "P6", f"99 % of posts took up to {slow:.2f} s")
    outcome.figures["P6"] = (
        f"{taken:.1%} of {len(calls):,} posts taken, 99 % within {slow:.2f} s; "
        f"{ledger.reads:,} reads"
    )
    return outcome
