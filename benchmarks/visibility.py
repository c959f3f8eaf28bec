"""From a decision until readers see it, while many read."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.load import Connection
from benchmarks.machine import GENERATOR_CORES, pinned_to
from benchmarks.moderating import Moderator
from benchmarks.sample import Sample, milliseconds
from benchmarks.seeding import SHORT_ONES
from benchmarks.stack import Stack, System, comments_of, started

READERS = 8
READS_A_SECOND = 2_000
DECISIONS = 1_000
LONGEST_HIDDEN = 5.0  # seconds after which nobody may get a hidden text any more
SECONDS_TO_SEE = 15.0


@dataclass
class Sight:
    """Who has seen the latest decision, and who still saw a text that was hidden."""

    comment: bytes
    wanted: bool | None = None  # whether the comment should be there; None while being decided
    decided_at: float = 0.0
    seen_by: set[int] = field(default_factory=set)
    reads: int = 0
    late: float = 0.0  # the longest time after a hiding that a read began which showed the text
    changed: threading.Condition = field(default_factory=threading.Condition)

    def expect(self, is_shown: bool | None, decided_at: float = 0.0) -> None:
        with self.changed:
            self.wanted, self.decided_at = is_shown, decided_at
            self.seen_by.clear()

    def saw(self, reader: int, content: bytes, asked_at: float) -> None:
        is_shown = self.comment in content
        with self.changed:
            self.reads += 1
            if self.wanted is None or asked_at < self.decided_at:
                return
            if is_shown is self.wanted:
                self.seen_by.add(reader)
                self.changed.notify_all()
            elif is_shown:
                self.late = max(self.late, asked_at - self.decided_at)

    def wait_until_seen(self) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.seen_by) == READERS, SECONDS_TO_SEE):
                raise RuntimeError(f"A decision was not seen within {SECONDS_TO_SEE} s.")


def visible(databases: Sequence[str], seconds: float, repeat: int) -> Iterator[Sample]:
    """`seconds` does not matter here: it is always a thousand decisions, once."""
    del seconds, repeat
    for database in databases:
        with started(System(database), past=SHORT_ONES) as stack, pinned_to(GENERATOR_CORES):
            yield _decide(stack)


def _decide(stack: Stack) -> Sample:
    place = SHORT_ONES[0]
    moderator = Moderator(stack, place.size - 1)
    sight, over = Sight(moderator.comment.encode()), threading.Event()
    path = comments_of(place.page)
    readers = [
        threading.Thread(target=_read, args=(number, stack.port, path, sight, over), daemon=True)
        for number in range(READERS)
    ]
    for reader in readers:
        reader.start()
    began = time.perf_counter()
    times = []
    try:
        for _ in range(DECISIONS):
            times.append(_turn(moderator, sight))
        if moderator.is_shown:
            _turn(moderator, sight)
        passed = time.perf_counter() - began
        time.sleep(LONGEST_HIDDEN + 1)  # whoever kept the hidden text would show it now
    finally:
        over.set()
        for reader in readers:
            reader.join()
    moderator.close()
    if sight.late > LONGEST_HIDDEN:
        raise AssertionError(f"A hidden text was shown {sight.late:.1f} s later.")
    values = {
        **milliseconds(times, 0.50, 0.99, 1.0),
        "hidden last seen after ms": sight.late * 1000,
        "reads per second": sight.reads / (passed + LONGEST_HIDDEN + 1),
    }
    return Sample("visible", (stack.system.name,), values)


def _turn(moderator: Moderator, sight: Sight) -> float:
    """Seconds from the answer to the decision until every reader has seen it."""
    sight.expect(None)  # from here on either answer is right
    moderator.turn()
    decided_at = time.perf_counter()
    sight.expect(moderator.is_shown, decided_at)
    sight.wait_until_seen()
    return time.perf_counter() - decided_at


def _read(number: int, port: int, path: str, sight: Sight, over: threading.Event) -> None:
    """At a fixed pace; who is late does not hurry, so the rest is not a burst."""
    connection = Connection(port)
    apart = READERS / READS_A_SECOND
    while not over.is_set():
        asked_at = time.perf_counter()
        sight.saw(number, connection.get(path).content, asked_at)
        time.sleep(max(0.0, asked_at + apart - time.perf_counter()))
    connection.close()
