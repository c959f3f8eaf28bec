"""Limits on what one job may take, since its input was written by strangers."""

import contextlib
import re
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from rq.timeouts import UnixSignalDeathPenalty

from service.bell import JOB_SECONDS

MEMORY_BYTES = 2 * 1024**3
SWOLLEN_BYTES = 256 * 1024**2  # some three times of what a worker takes
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class DeathPenalty(UnixSignalDeathPenalty):
    """Kills the process in which a job takes too long.

    RQ's own raises an exception. It would not interrupt code of C, and where it does strike, it
    could leave a worker that stays with a lock that nobody holds or half an answer in a connection.
    """

    def setup_death_penalty(self) -> None:
        # A job that somebody planted in Redis may ask for as much time as it likes.
        end_after(self._timeout if 0 < self._timeout < JOB_SECONDS else JOB_SECONDS)


def end_after(seconds: int) -> None:
    """Kill this process then, unless the alarm is taken back."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(seconds)


@contextlib.contextmanager
def ending_after(seconds: int) -> Iterator[None]:
    """Kill this process unless what is done here is done by then."""
    end_after(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


def confine_memory() -> None:
    """What goes beyond fails; a check that fails holds the comment."""
    with contextlib.suppress(ValueError):  # a container may have set a lower one
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def is_swollen() -> bool:
    """Whether some job took so much memory that this process had better give it back by ending."""
    return _most_bytes() > SWOLLEN_BYTES


def _most_bytes() -> int:
    """The most that this process ever had. What getrusage says counts who started it, too."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:  # only Linux has it
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_UNIT
    [kib] = re.findall(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(kib) * 1024
