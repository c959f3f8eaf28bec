"""What a change costs the next reader, and whether that grows with what else is stored."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from benchmarks.load import Connection
from benchmarks.machine import GENERATOR_CORES, pinned_to
from benchmarks.moderating import Moderator
from benchmarks.sample import Sample, milliseconds
from benchmarks.seeding import LONG, places
from benchmarks.stack import Stack, System, comments_of, started
from benchmarks.wrk import GZIP, load

CHANGES_A_SECOND = 30
LAST = LONG.size - 1  # the last comment of the first thread, which nobody answered
STORED = (100_000, 1_000_000)
SECONDS_TO_SEE = 10


def first_reads(stack: Stack, count: int) -> tuple[list[float], int]:
    """Seconds that the first read after each change takes that shows it, and its bytes."""
    moderator, reader = Moderator(stack, LAST), Connection(stack.port)
    path = comments_of(LONG.page)
    before = reader.get(path, Accept_Encoding="gzip")
    times = []
    for _ in range(count):
        moderator.turn()
        until = time.perf_counter() + SECONDS_TO_SEE
        while True:
            began = time.perf_counter()
            after = reader.get(path, Accept_Encoding="gzip")
            seconds = time.perf_counter() - began
            if after.content != before.content:
                break
            if began > until:
                raise RuntimeError("A decision was not shown.")
        times.append(seconds)
        before = after
    if not moderator.is_shown:
        moderator.turn()
    whole = reader.get(path, Accept_Encoding="gzip")
    moderator.close()
    reader.close()
    return times, len(whole.head) + 2 + len(whole.content)


def change(stack: Stack, seconds: float) -> Iterator[Sample]:
    with pinned_to(GENERATOR_CORES):
        times, size = first_reads(stack, max(20, round(seconds * CHANGES_A_SECOND)))
    values = {**milliseconds(times, 0.50, 0.99, 1.0), "KB of 100 comments, gzip": size / 1000}
    yield Sample("change", (stack.system.name,), values)


def scale(databases: Sequence[str], seconds: float, repeat: int) -> Iterator[Sample]:
    """The same thread, read among a hundred thousand comments and among a million."""
    for database in databases:
        with ExitStack() as these:
            stacks = [
                these.enter_context(started(System(database), past=places(stored)))
                for stored in STORED
            ]
            for _ in range(repeat):
                for stored, stack in zip(STORED, stacks, strict=True):
                    yield _among(stored, stack, seconds)


def _among(stored: int, stack: Stack, seconds: float) -> Sample:
    with pinned_to(GENERATOR_CORES):
        times, _ = first_reads(stack, max(20, round(seconds * CHANGES_A_SECOND)))
    hot = load(
        stack.port,
        [comments_of(LONG.page)],
        roots=stack.trees,
        connections=16,
        seconds=seconds,
        headers=GZIP,
    )
    values = {
        "first read, p50 ms": milliseconds(times, 0.50)["p50 ms"],
        "first read, p99 ms": milliseconds(times, 0.99)["p99 ms"],
        "hot, per second": hot.values()["per second"],
        "hot, per CPU-second": hot.values()["per CPU-second"],
        "other load, cores": hot.usage.other,
    }
    return Sample("scale", (stack.system.name, f"{stored:,}"), values)
