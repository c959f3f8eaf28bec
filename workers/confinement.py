"""Limits on what one job may take, since its input was written by strangers."""

import contextlib
import resource
from types import FrameType
from typing import NoReturn

from rq.timeouts import JobTimeoutException, UnixSignalDeathPenalty

from service.processes import die_with_parent

CPU_SECONDS = 15
MEMORY_BYTES = 2 * 1024**3


class OutOfTime(BaseException):
    """Not an Exception: the pipeline, which survives failing checks, must not survive this."""


class DeathPenalty(UnixSignalDeathPenalty):
    def handle_death_penalty(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        if self._exception is JobTimeoutException:
            raise OutOfTime
        raise self._exception


def confine() -> None:
    """Bound this process's CPU time and memory, and let it die with its parent."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    with contextlib.suppress(ValueError):  # a container may have set a lower one
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    die_with_parent()
