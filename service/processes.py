"""Keeping child processes running, and ending them in good order."""

import ctypes
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
STEADY_SECONDS = 10  # a child that lived this long is restarted at once
LONGEST_PAUSE = 8.0
STOP_SECONDS = 20  # longer than a worker needs for its batch


def die_with_parent() -> None:
    """Linux sends SIGKILL when the parent is gone; elsewhere orphans have to be ended by hand."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Child:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    stops_last: bool = False  # others need it while they finish
    pause: float = field(default=0.0)

    def start(self) -> None:
        # In a session of its own, so that Ctrl-C reaches only us and each child is told once.
        self.process = subprocess.Popen(  # noqa: S603 - our own commands
            self.command,
            env=self.environment,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def plan_restart(self) -> None:
        lived = time.monotonic() - self.started_at
        self.pause = (
            0.0 if lived > STEADY_SECONDS else min(max(self.pause * 2, 0.25), LONGEST_PAUSE)
        )
        self.start_again_at = time.monotonic() + self.pause


class Supervisor:
    """Starts children in order, restarts those that die, stops them all."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._stopping = False

    def start(self, child: Child) -> None:
        child.start()
        self._children.append(child)

    def run(self, *, seconds: float | None = None) -> None:
        """Watch over the children until SIGTERM or SIGINT, or for so many seconds."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_soon)
        until = None if seconds is None else time.monotonic() + seconds
        while not self._stopping and (until is None or time.monotonic() < until):
            for child in self._children:
                self._look_after(child)
            time.sleep(0.1)

    def wait_for(self, is_ready: Callable[[], bool], *, what: str, seconds: float = 30) -> None:
        """Raises TimeoutError when `what` is not ready in time, or its process keeps ending."""
        until = time.monotonic() + seconds
        while not is_ready():
            if time.monotonic() > until:
                raise TimeoutError(f"{what} did not start within {seconds:.0f} s.")
            for child in self._children:
                self._look_after(child)
            time.sleep(0.05)

    def stop(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        self._end([child for child in self._children if not child.stops_last])
        self._end([child for child in self._children if child.stops_last])

    def _end(self, children: Sequence[Child]) -> None:
        """All at once, so that stopping takes no longer than the slowest takes."""
        running = [child for child in children if child.is_running()]
        for child in running:
            child.signal(signal.SIGTERM)
        until = time.monotonic() + STOP_SECONDS
        while any(child.is_running() for child in running) and time.monotonic() < until:
            time.sleep(0.02)
        for child in running:
            if child.is_running():
                log.warning("a process did not end and was killed", extra={"child": child.name})
                child.signal(signal.SIGKILL)

    def _stop_soon(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _look_after(self, child: Child) -> None:
        if child.is_running() or child.process is None:
            return
        if child.start_again_at < child.started_at:
            child.plan_restart()
            log.warning(
                "a process ended and is started again",
                extra={"child": child.name, "code": child.process.returncode, "in_s": child.pause},
            )
        if time.monotonic() >= child.start_again_at:
            child.start()
