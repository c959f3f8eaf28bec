"""A hot page: 500 readers at once of what nobody has in memory any more."""

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from redis import Redis

from tests.e2e.running import SITE, call, until
from tests.factories import a_text
from tests.torture.readers import Answers, ask, connect
from tests.torture.stage import Stage, staged
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import undecided

PAGE = "/torture/hot"
COMMENTS = 40
READERS = 500
MOST_RENDERS = 2
PROMISED_SECONDS = 0.25  # for 99 of 100 readers, on a machine that does nothing else
AGES_SECONDS = 5.0  # longer than any page may take, whatever else the machine does
ANSWERS = ("hit", "miss", "renewal", "stale")
SETTINGS = {"web_processes": "2"}


@dataclass
class HotPage:
    stage: Stage
    comment: str  # on which is decided again and again
    limit: int = 100

    @property
    def path(self) -> str:
        return f"/v1/comments?site={SITE}&page={PAGE}&limit={self.limit}"

    def change(self) -> None:
        """A moderator hides a comment, or shows it again."""
        bearer = {"Authorization": f"Bearer {self.stage.up.token}"}
        path = f"{self.stage.address}/v1/moderation/comments/{self.comment}"
        [revision] = call("GET", path, headers=bearer).json["revisions"]
        seen = revision["state"]
        to = "rejected" if seen == "approved" else "approved"
        line = {"comment": self.comment, "revision": revision["revision"], "seen": seen, "to": to}
        path = f"{self.stage.address}/v1/moderation/decisions"
        answer = call("POST", path, body={"decisions": [line]}, headers=bearer)
        assert answer.json["results"][0]["outcome"] == "moved", answer.text

    def change_and_forget(self) -> None:
        """At the same time all that Redis knows is gone."""
        with Redis.from_url(f"unix://{self.stage.data / 'valkey.sock'}") as redis:
            redis.flushall()
        self.change()

    def become_new(self) -> None:
        """An address that nobody has asked for so far."""
        self.limit -= 1


WAYS = (HotPage.change, HotPage.become_new, HotPage.change_and_forget)


def stampede(run: Run) -> Outcome:
    """`times` are crowds, in each of the ways in turn."""
    chance = random.Random(run.seed)
    outcome = Outcome(run, trials=run.times)
    everybody = Answers()
    with staged(run.folder, run.database, **SETTINGS) as stage:
        page = HotPage(stage, fill(stage, chance))
        first = ask(connect(stage.port, 8), page.path)  # so that both processes have it
        for number in range(run.times):
            connections = connect(stage.port, READERS)
            WAYS[number % len(WAYS)](page)
            time.sleep(chance.uniform(0, 0.01))
            everybody.add(ask(connections, page.path))
            run.tell(number + 1)
        events = lane_events(stage, len(first.seconds) + len(everybody.seconds))
    renders = events.get("miss", 0) + events.get("renewal", 0)
    outcome.broken["P14"] = list(wrong(run, everybody, renders))
    outcome.figures["P14"] = (
        f"{len(everybody.seconds):,} reads at {READERS} at once, {renders} renders, "
        f"{events.get('stale', 0):,} given the old page meanwhile; "
        f"p99 {everybody.percentile(0.99) * 1000:.0f} ms of {PROMISED_SECONDS * 1000:.0f}"
    )
    return outcome


def wrong(run: Run, everybody: Answers, renders: int) -> Iterator[str]:
    if everybody.statuses["200"] != run.times * READERS:
        yield f"answers were {dict(everybody.statuses)}"
    if renders > MOST_RENDERS * (run.times + 1):  # and the first readers of all
        yield f"{renders} renders for {run.times} crowds"
    if everybody.percentile(0.99) > (PROMISED_SECONDS if run.slack == 1 else AGES_SECONDS):
        yield f"one reader in a hundred waited {everybody.percentile(0.99):.1f} s"


def fill(stage: Stage, chance: random.Random) -> str:
    """Public comments; answers the id of one."""
    new: dict[str, Any] = {"site": SITE, "page": PAGE, "author": {"name": "Ann"}}
    for _ in range(COMMENTS):
        body = {**new, "body": a_text(chance.getrandbits(40))}
        answer = call("POST", f"{stage.address}/v1/comments", body=body)
        assert answer.status == 202, answer.text
    until(lambda: undecided(stage.url) == 0, "decisions", seconds=60)
    found: str = answer.json["id"]
    return found


def lane_events(stage: Stage, reads: int) -> dict[str, int]:
    """What the lanes of all processes counted, once all these reads are among it."""

    def read() -> dict[str, int]:
        text = call("GET", f"{stage.address}/metrics").text
        lines = re.findall(r'^afterword_lane_events_total\{event="(\w+)"\} (\S+)', text, re.M)
        return {name: int(float(value)) for name, value in lines}

    def counted() -> dict[str, int]:
        found = read()
        return found if sum(found.get(name, 0) for name in ANSWERS) >= reads else {}

    return until(counted, f"{reads} reads that are counted", seconds=60)
