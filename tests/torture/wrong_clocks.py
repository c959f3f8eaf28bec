"""Clocks that are wrong: libfaketime, which a file tells what time a process is to believe in."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.e2e.running import Started

HERE = Path("/usr/lib")  # where Debian's package `faketime` puts it, below the machine's name
SHARED = Path("/dev/shm")
TAIL = 2_000  # bytes of a log, with a line at least
RIGHT = "+0 x1"  # not "+0": a speed stays until another one is told
MISSING = "libfaketime is not installed (on Debian: apt install faketime)"
# Python sleeps until a time of the monotonic clock, which libfaketime, told to leave that clock
# alone, takes for one of its own. Read by every Python that has the folder on its path.
SLEEPING = """\
import select, time
time.sleep = lambda seconds: select.select((), (), (), seconds) and None
"""


def library() -> Path | None:
    return next(iter(sorted(HERE.glob("*/faketime/libfaketime.so.1"))), None)


def missing() -> str:
    return "" if library() else MISSING


class Clock:
    """What some processes take for the time; the right one until it is told otherwise."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(SLEEPING)
        self._folder = folder
        self._file = folder / "time"
        self.tell(RIGHT)

    @property
    def environment(self) -> dict[str, str]:
        """Of a process that is to go by this clock. How long something takes, it knows."""
        found = library()
        assert found is not None, MISSING
        return {
            "LD_PRELOAD": str(found),
            "PYTHONPATH": str(self._folder),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }

    def tell(self, wrong: str) -> None:
        """`+3600 x1`: so many seconds ahead; `+0 x9`: nine times as fast; from this moment on."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{wrong}\n")
        new.replace(self._file)  # whole, for whoever reads it meanwhile


def seconds_ahead(started: Started) -> float:
    """By how much the clock was that dated the newest line of this log, when that was written."""
    with started.log.open("rb") as log:
        written = os.fstat(log.fileno()).st_mtime
        log.seek(max(0, log.seek(0, os.SEEK_END) - TAIL))
        lines = [line for line in log.read().split(b"\n")[:-1] if line.startswith(b"{")]
    if not lines:
        return 0.0
    return datetime.fromisoformat(json.loads(lines[-1])["at"]).timestamp() - written


@contextmanager
def tidied() -> Iterator[None]:
    """Without what libfaketime leaves behind of processes that are killed."""
    before = left_behind()
    try:
        yield
    finally:
        for file in left_behind() - before:
            if not Path(f"/proc/{file.name.rpartition('_')[2]}").exists():
                file.unlink(missing_ok=True)


def left_behind() -> set[Path]:
    return {*SHARED.glob("faketime_shm_*"), *SHARED.glob("sem.faketime_sem_*")}
