"""The sweep: the same screening every few seconds, without bell and without Redis."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from service.actions import housekeeping
from service.bell import JOB_SECONDS, SilentBell
from service.config import Settings
from service.processes import die_with_parent
from service.store import claims
from service.store.db import session_at
from workers.checks import Check
from workers.confinement import confine_memory, end_after
from workers.screening import screen

log = logging.getLogger(__name__)

HOUSEKEEPING_SECONDS = 3600


def run(settings: Settings, checks: Sequence[Check]) -> None:
    """Sweep until SIGTERM or SIGINT."""
    stop = threading.Event()

    def stop_soon(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stop_soon)
    signal.signal(signal.SIGINT, stop_soon)
    next_housekeeping = 0.0
    while not stop.wait(settings.sweep_seconds):
        _in_child(lambda: _screen_all(settings, checks))
        if time.monotonic() >= next_housekeeping:
            _in_child(lambda: _keep_house(settings))
            next_housekeeping = time.monotonic() + HOUSEKEEPING_SECONDS


def _screen_all(settings: Settings, checks: Sequence[Check]) -> None:
    until = time.monotonic() + JOB_SECONDS / 2  # well before the alarm, which is for what hangs
    with session_at(settings.database_url) as session:
        while time.monotonic() < until and claims.are_waiting(session):
            screen(session, SilentBell(), settings, checks)


def _keep_house(settings: Settings) -> None:
    with session_at(settings.database_url) as session:
        forgotten = housekeeping.forget_keys(session)
    log.info("kept house", extra={"idempotency_keys_forgotten": forgotten})


def _in_child(work: Callable[[], None]) -> None:
    """Fork, so that a comment that kills its judge does not kill the sweep."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            die_with_parent()
            confine_memory()
            end_after(JOB_SECONDS)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the parent waits; the batch is finished
            work()
            code = 0
        except Exception as error:
            # Only the kind: messages of the database quote what people wrote.
            log.error("the sweep failed", extra={"error": type(error).__name__})
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        log.error("the sweep was killed", extra={"signal": os.WTERMSIG(status)})
