"""Starting the real thing: `afterword up` or its parts, as processes with their output in files."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import psutil

ROOT = Path(__file__).parents[2]
SITE, PAGE = "demo", "/demo/harbour-library"
START_SECONDS = 40  # on a machine that has much else to do
STOP_SECONDS = 25

T = TypeVar("T")


def until(happens: Callable[[], T], what: str, *, seconds: float = 10) -> T:
    """The first true answer of `happens`. Fails, naming `what`, when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := happens()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.05)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def call(
    method: str, url: str, *, body: Any = None, headers: dict[str, str] | None = None
) -> Answer:
    """One request on a connection of its own."""
    parts = urlsplit(url)
    began = time.monotonic()
    given = {"Content-Type": "application/json", **(headers or {})}
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=20)) as connection:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, path, data, given)
        response = connection.getresponse()
        text = response.read().decode()
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, names, text, time.monotonic() - began)


def answers(url: str) -> bool:
    try:
        return call("GET", url).status == 200
    except OSError:
        return False


@dataclass
class Started:
    """A command of ours that was started."""

    process: subprocess.Popen[bytes]
    output: Path
    log: Path
    address: str = ""  # of the web server, if it has one
    seen: set[psutil.Process] = field(default_factory=set)

    @property
    def pid(self) -> int:
        return self.process.pid

    def said(self) -> str:
        return self.output.read_text()

    def logged(self) -> str:
        return self.log.read_text()

    def records(self) -> list[dict[str, Any]]:
        """What was logged, line by line; others than ours are left out."""
        return [json.loads(line) for line in self.logged().splitlines() if line.startswith("{")]

    def descendants(self) -> list[psutil.Process]:
        """All that hang below it now; remembered, so that none can be forgotten at the end."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self.seen |= set(psutil.Process(self.pid).children(recursive=True))
        return [process for process in self.seen if is_alive(process)]

    def children(self, *words: str) -> list[psutil.Process]:
        """Its own children whose command line has all these words."""
        return [child for child in children_of(self.pid) if set(words) <= set(command_line(child))]

    def child(self, *words: str) -> psutil.Process:
        found = until(lambda: self.children(*words), f"a process with {words}")
        return found[0]

    def judges(self, kind: str) -> list[psutil.Process]:
        """The processes of one kind of worker; the sweep's live for a moment only."""
        return [child for child in self.descendants() if name_of(child) == f"afterword-{kind}"]

    def interrupt(self) -> int:
        """Ctrl-C, which a terminal sends to the whole group; answers the exit code."""
        os.killpg(self.pid, signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def terminate(self) -> int:
        """What `kill` and init systems send first; answers the exit code."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    @property
    def token(self) -> str:
        """The moderator's, from the printed link."""
        found = re.search(r"#token=(\S+)", self.said())
        assert found, "no link to the moderation page was printed"
        return found[1]

    def url(self, name: str) -> str:
        """The printed address behind Article, Moderation or API."""
        found = re.search(rf"^{name} +(http://127\.0\.0\.1:\d+/\S*)", self.said(), re.MULTILINE)
        assert found, f"no address was printed for {name}"
        return found[1]


VALKEY = "valkey-server"


def command_line(process: psutil.Process) -> list[str]:
    """Its words; of Valkey, which rewrites its own, its name."""
    with contextlib.suppress(psutil.Error):
        return [VALKEY] if process.name() == VALKEY else process.cmdline()
    return []


def name_of(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return str(process.name())
    return ""


def children_of(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children()
    return []


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Processes:
    """Starts commands in one folder, and ends whatever it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Started] = []

    def start(self, *arguments: str, module: str = "service", **settings: str) -> Started:
        """python -m `module` `arguments`, with these settings: database_url="…" and so on."""
        name = f"{len(self.started)}-{arguments[0]}"
        output, log = self.folder / f"{name}.out", self.folder / f"{name}.log"
        with output.open("wb") as out, log.open("wb") as err:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments], stdout=out, stderr=err, cwd=ROOT,
                env=environment(settings), start_new_session=True,
            )  # fmt: skip
        self.started.append(Started(process, output, log))
        return self.started[-1]

    def run(self, *arguments: str, **settings: str) -> str:
        """A command that ends by itself and has to succeed; answers what it printed."""
        started = self.start(*arguments, **settings)
        assert started.process.wait(START_SECONDS) == 0, started.logged()
        return started.said()

    def up(self, *, port: int | None = None, data: str = "data", **settings: str) -> Started:
        """`afterword up`, ready for its first reader."""
        where = ("--port", str(port or free_port()), "--data", str(self.folder / data))
        started = self.start("up", *where, **settings)
        self._wait(started, lambda: "Everything is kept in" in started.said())
        started.address = started.url("Article").removesuffix(PAGE)
        return started

    def set_up(self, **settings: str) -> None:
        """The demo site in a new database, as an operator sets up a site."""
        self.run("migrate", **settings)
        self.run("site", "add", SITE, "--name", "The Harbour Gazette", **settings)

    def web(self, **settings: str) -> Started:
        """`afterword web`, ready for its first reader."""
        port = free_port()
        started = self.start("web", "--port", str(port), **settings)
        started.address = f"http://127.0.0.1:{port}"
        self._wait(started, lambda: answers(f"{started.address}/livez"))
        return started

    def _wait(self, started: Started, is_ready: Callable[[], bool]) -> None:
        def ready_or_over() -> bool:
            assert started.process.poll() is None, f"it ended:\n{started.logged()}"
            return is_ready()

        until(ready_or_over, "start", seconds=START_SECONDS)

    def end(self) -> None:
        """Not in good order, which other tests look at, but at once."""
        for started in reversed(self.started):
            started.descendants()
            started.process.kill()
            started.process.wait()
            for process in started.descendants():
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()

    def show(self) -> None:
        """Printed at the end of each test; pytest shows it for those that failed."""
        for started in self.started:
            for file in (started.output, started.log):
                print(f"--- {file.name}\n{file.read_text(errors='replace')[-6000:]}")


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Names in capitals are not settings of ours, and stay as they are."""
    names = {name: name if name.isupper() else f"AFTERWORD_{name.upper()}" for name in settings}
    return {**os.environ, **{names[name]: text for name, text in settings.items()}}
