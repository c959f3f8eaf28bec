"""The machine: its cores, what processes take of it, and what else runs on it."""

import os
import platform
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

Cores = frozenset[int]
ALL_CORES: Cores = frozenset(os.sched_getaffinity(0))
SERVER_CORES: Cores = frozenset({min(ALL_CORES)})
GENERATOR_CORES: Cores = ALL_CORES - SERVER_CORES or ALL_CORES
MIB = 1024 * 1024
LONGEST_UNREST = 60.0  # seconds


@contextmanager
def pinned_to(cores: Cores) -> Iterator[None]:
    """This thread, and every process and thread that it starts meanwhile, runs on `cores`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def tree(roots: Sequence[psutil.Process]) -> list[psutil.Process]:
    found = []
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            found += [root, *root.children(recursive=True)]
    return found


def cpu_seconds(roots: Sequence[psutil.Process]) -> float:
    """What the trees have used so far, forked and ended children included."""
    total = 0.0
    for process in tree(roots):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def wait_until_quiet(roots: Sequence[psutil.Process]) -> None:
    """Until the trees use less than a tenth of a core."""
    until = time.perf_counter() + LONGEST_UNREST
    before = cpu_seconds(roots)
    while time.perf_counter() < until:
        time.sleep(0.2)
        now = cpu_seconds(roots)
        if now - before < 0.02:
            return
        before = now


def pss(roots: Mapping[str, psutil.Process]) -> dict[str, float]:
    """Proportional set size in MiB by part: shared pages are counted once, not in every process."""
    sizes: dict[str, float] = defaultdict(float)
    for part, root in roots.items():
        for process in tree([root]):
            with suppress(psutil.NoSuchProcess):
                sizes[_part(process) or part] += process.memory_full_info().pss / MIB
    return dict(sizes)


def _part(process: psutil.Process) -> str | None:
    words = " ".join(process.cmdline())
    names = {"service web": "web", "workers ": "workers", "valkey-server": "Valkey"}
    return next((part for text, part in names.items() if text in words), None)


@dataclass(frozen=True, slots=True)
class Usage:
    seconds: float
    server: float  # CPU-seconds
    other: float  # cores that were busy with anything but server and generator


class Meter:
    """What a stretch of time cost."""

    def __init__(self, roots: Sequence[psutil.Process]) -> None:
        self._roots = roots
        self._began = time.perf_counter()
        self._server = cpu_seconds(roots)
        self._own = _own_seconds()
        self._busy = _busy_seconds()

    def read(self) -> Usage:
        seconds = time.perf_counter() - self._began
        server = cpu_seconds(self._roots) - self._server
        own = _own_seconds() - self._own
        other = (_busy_seconds() - self._busy - server - own) / seconds
        return Usage(seconds, server, max(0.0, other))


def _own_seconds() -> float:
    """This process and the generators that it started and waited for."""
    return sum(os.times()[:4])


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - times.iowait - times.guest - times.guest_nice


def description() -> str:
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = round(psutil.virtual_memory().total / 1024 / MIB)
    return f"{len(ALL_CORES)} × {model}, {memory} GiB, {platform.system()} {platform.release()}"
