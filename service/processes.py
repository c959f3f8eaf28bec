"""Keeping child processes running, and ending them in good order."""

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn, Protocol

log = logging.getLogger(__name__)

PR_SET_PDEATHSIG = 1
PR_SET_NAME = 15
M_ARENA_MAX = -8
STEADY_SECONDS = 10  # a child that lived this long is restarted at once
LONGEST_PAUSE = 8.0
STOP_SECONDS = 20  # longer than a worker needs for its batch
STOPPING = (signal.SIGTERM, signal.SIGINT)
# For os.nice, which on Linux changes this thread and those that it starts. Who commits has none of
# it: SQLite lets one write at a time, and the others wait. See docs/decisions/0013.
REQUESTS, JUDGING, PREPARING, REPLAYS = 5, 15, 15, 19


def die_with_parent(parent: int) -> None:
    """Linux sends SIGKILL when the parent is gone; elsewhere orphans have to be ended by hand."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it died before it could take us along


def take_name(name: str) -> None:
    """What `ps` and `top` call this process; Linux takes 15 letters of it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode())


def keep_few_heaps() -> None:
    """Else glibc gives threads one each, of which little ever goes back to the system."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):  # not in every system's library
        libc.mallopt(M_ARENA_MAX, 2)


def give_back_memory() -> None:
    """What imports took for a moment; glibc would keep it, and whoever is forked share it."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # as above
        libc.malloc_trim(0)


class Process(Protocol):
    """What a supervisor wants to know of a process, and to tell it."""

    @property
    def returncode(self) -> int | None: ...
    def poll(self) -> int | None: ...
    def send_signal(self, number: int, /) -> None: ...


def program(
    command: Sequence[str], environment: Mapping[str, str] | None = None, niceness: int = 0
) -> Callable[[], Process]:
    """Starts a program as a process."""
    parent = os.getpid()

    def begin() -> None:
        die_with_parent(parent)
        os.nice(niceness)

    # In a group of its own, so that Ctrl-C reaches only us and each child is told once. Not in a
    # session of its own: Linux shares a core among sessions first, whatever niceness says.
    return lambda: subprocess.Popen(  # noqa: S603 - our own commands
        command,
        env=environment,
        process_group=0,
        preexec_fn=begin,
    )


class Fork:
    """A function as a process, which shares the memory of what was imported here.

    Like Popen, it answers a negative number for what a signal ended.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self.returncode: int | None = None
        parent = os.getpid()
        # Held back until the child has let go of its parent's handlers: it would only note them.
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        self.pid = os.fork()
        if self.pid == 0:
            _become(work, parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: int, /) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)


def _become(work: Callable[[], None], parent: int) -> NoReturn:
    code = 1
    try:
        for number in STOPPING:
            signal.signal(number, signal.SIG_DFL)
        os.setpgid(0, 0)
        die_with_parent(parent)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        work()
        code = 0
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 0
    except BaseException:
        log.exception("unexpected error")
    finally:
        os._exit(code)  # not back into the code of whoever forked us


@dataclass
class Child:
    name: str
    launch: Callable[[], Process]
    process: Process | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    stops_last: bool = False  # others need it while they finish
    every: float = 0.0  # ends by itself, and is started anew so many seconds later
    longest_pause: float = LONGEST_PAUSE
    pause: float = field(default=0.0)

    def start(self) -> None:
        self.process = self.launch()
        self.started_at = time.monotonic()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def plan_restart(self) -> None:
        lived = time.monotonic() - self.started_at
        if self.every or lived > STEADY_SECONDS:
            self.pause = self.every
        else:
            self.pause = min(max(self.pause * 2, 0.25), self.longest_pause)
        self.start_again_at = time.monotonic() + self.pause

    def is_done(self) -> bool:
        """Whether it ended as it is meant to."""
        return bool(self.every) and self.process is not None and self.process.returncode == 0


class Supervisor:
    """Starts children in order, restarts those that die, stops them all."""

    def __init__(self) -> None:
        self._children: list[Child] = []
        self._stopping = False

    def start(self, child: Child) -> None:
        child.start()
        self._children.append(child)

    def start_later(self, child: Child) -> None:
        """For the first time when it would be started anew."""
        child.start_again_at = time.monotonic() + child.every
        self._children.append(child)

    def run(self, *, seconds: float | None = None) -> None:
        """Watch over the children until SIGTERM or SIGINT, or for so many seconds."""
        for number in STOPPING:
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
        for number in STOPPING:
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
        if child.is_running():
            return
        if child.process is not None and child.start_again_at < child.started_at:
            child.plan_restart()
            if not child.is_done():
                code, pause = child.process.returncode, child.pause
                log.warning(
                    "a process ended and is started again",
                    extra={"child": child.name, "code": code, "in_s": pause},
                )
        if time.monotonic() >= child.start_again_at:
            child.start()
