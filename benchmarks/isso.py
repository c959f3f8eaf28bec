"""Isso, which small sites would take instead: as its container starts it, with the same past."""

import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import SERVER_CORES, pinned_to
from benchmarks.nginx import wait_until_open
from benchmarks.seeding import TEXTS, Place, remarks
from benchmarks.texts import READERS, WORDS, Writer

PEERS = Path(__file__).parent / "peers"
PINS = (PEERS / "isso-build.txt", PEERS / "isso.txt")
WORKERS = 4
SETTINGS = """
[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1/
notify =
[moderation]
enabled = false
[guard]
enabled = false
"""


def comments_of(page: str) -> str:
    return f"/?uri=/{page}"


def new_comment(page: str) -> str:
    return f"/new?uri=/{page}"


def python() -> Path:
    """That of its own environment, which is made when there is none for these pins."""
    pins = hashlib.sha256(b"".join(path.read_bytes() for path in PINS)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "afterword-benchmarks" / f"isso-{pins}"
    found = folder / "bin" / "python"
    if not (folder / "complete").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        install = [found, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        for path in PINS:  # what builds first: Isso comes as source
            options = ["--require-hashes", "--no-deps", "--no-build-isolation", "-r", path]
            subprocess.run([*install, *options], check=True)
        (folder / "complete").touch()
    return found


@contextmanager
def isso(folder: Path, past: tuple[Place, ...], *, port: int) -> Iterator[psutil.Process]:
    (folder / "isso.cfg").write_text(SETTINGS.format(folder=folder), encoding="utf-8")
    command = [
        str(python()), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--preload", "--worker-tmp-dir", "/dev/shm", "isso.run",
    ]  # fmt: skip
    environment = {**os.environ, "ISSO_SETTINGS": str(folder / "isso.cfg")}
    with pinned_to(SERVER_CORES), (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        wait_until_open(port, process)
        _fill(folder / "comments.db", past)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _fill(path: Path, past: tuple[Place, ...]) -> None:
    connection = sqlite3.connect(path)
    with connection:
        connection.executemany(
            "INSERT INTO threads (id, uri, title) VALUES (?, ?, ?)",
            ((number + 1, f"/{place.page}", place.page) for number, place in enumerate(past)),
        )
        connection.executemany(
            "INSERT INTO comments (tid, id, parent, created, mode, remote_addr, text, author,"
            " likes, dislikes, voters, notification)"
            " VALUES (?, ?, ?, ?, 1, '127.0.0.0', ?, ?, ?, 0, ?, 0)",
            _rows(past),
        )
    connection.close()


def _rows(past: tuple[Place, ...]) -> Iterable[tuple[Any, ...]]:
    """Its threads have two levels: a reply to a reply hangs on the top."""
    writer = Writer("past")
    texts = [writer.text() for _ in range(TEXTS)]
    for one in remarks(past):
        yield (
            one.thread + 1, one.number + 1, None if one.root is None or one.parent is None
            else one.root + 1, 1.7e9 + one.number, texts[one.text],
            WORDS[one.number % READERS].title(), max(one.score, 0), bytes(256),
        )  # fmt: skip
