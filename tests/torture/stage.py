"""The stage: `afterword up` at an address that stays, with a database that may be killed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import start_valkey
from tests.e2e.newspaper import Newspaper
from tests.e2e.running import Processes, Started, answers, free_port, until
from tests.factories import SECRET
from tests.torture.databases import OF_KIND, Database, PostgreSQL

HOLD, REJECT = "quagmire", "balderdash"  # words for which the policy holds and rejects
BY_WORDS = {"spam": {"power": "hint"}, "words": {"hold": [HOLD], "reject": [REJECT]}}
BACK_SECONDS = 60


class Stage:
    """What is killed here is started again as an init system would, at the same address."""

    def __init__(self, folder: Path, kind: str, **settings: str) -> None:
        self.folder = folder
        self.kind = kind
        self.database: Database = OF_KIND[kind](folder)
        self.processes = Processes(folder)
        self.port = free_port()
        self.settings = {"limits": "off", "database_url": self.database.url, **settings}
        self.faults: list[tuple[float, str]] = []  # when, and what was done
        self._up: Started | None = None

    @property
    def url(self) -> str:
        """The database's."""
        return self.database.url

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """The folder of `afterword up`."""
        return self.folder / "data"

    @property
    def up(self) -> Started:
        assert self._up is not None
        return self._up

    @property
    def token(self) -> str:
        """A moderator's."""
        return self.up.token

    @property
    def postgresql(self) -> PostgreSQL:
        assert isinstance(self.database, PostgreSQL)
        return self.database

    def start(self) -> None:
        self.database.start()
        self.start_up()

    def start_up(self) -> None:
        """Again and again, as an init system would, as long as it is too early."""

        def is_up() -> bool:
            try:
                self._up = self.processes.up(port=self.port, **self.settings)
            except AssertionError:
                if not is_early(self.processes.started[-1].logged(), self.kind):
                    raise
                return False
            return True

        until(is_up, "afterword up", seconds=BACK_SECONDS)

    def note(self, fault: str) -> None:
        self.faults.append((time.time(), fault))

    def wait_until_back(self) -> float:
        """How many seconds it took until it was ready for readers and authors."""
        began = time.monotonic()
        until(lambda: answers(f"{self.address}/readyz"), "readiness", seconds=BACK_SECONDS)
        return time.monotonic() - began

    def set_policy(self, **settings: Any) -> None:
        """Only two words decide what is held and what is rejected, beside what is set here."""
        Newspaper(self.up).set_policy(**BY_WORDS, **settings)

    def end(self) -> None:
        self.processes.end()
        self.database.kill()


def is_early(log: str, kind: str) -> bool:
    """Whether what was killed before still holds something, or is still getting over it."""
    is_recovering = kind == "postgresql" and "The database did not do that" in log
    return is_recovering or "Cannot listen on" in log or "is running already" in log


@contextmanager
def staged(folder: Path, kind: str, **settings: str) -> Iterator[Stage]:
    """A stage that is ready; what it started is ended in the end."""
    stage = Stage(folder, kind, **settings)
    try:
        stage.start()
        stage.set_policy()
        yield stage
    finally:
        stage.end()
        stage.processes.show()


@contextmanager
def parts(
    folder: Path, kind: str, **settings: str
) -> Iterator[tuple[Database, Processes, dict[str, str]]]:
    """Database and Valkey, for a service of which each process is started by itself."""
    database: Database = OF_KIND[kind](folder)
    processes, valkey = Processes(folder), start_valkey(folder / "valkey")
    own = {
        "database_url": database.url,
        "redis_url": f"unix://{folder / 'valkey' / 'valkey.sock'}",
        "secret": SECRET,
        "limits": "off",
    }
    try:
        database.start()
        yield database, processes, own | settings
    finally:
        processes.end()
        processes.show()
        valkey.terminate()
        valkey.wait()
        database.kill()
