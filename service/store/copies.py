"""Copies of a SQLite database: made while others write, looked over, and put in place whole."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pysqlite3

PATIENCE_SECONDS = 30
BESIDE = ("-wal", "-shm", "-journal")  # the files that SQLite keeps next to a database
NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # what file systems without hard links say
COUNT = "SELECT count(*) FROM comments"
VERSION = "SELECT version_num FROM alembic_version"


class Unsound(Exception):
    """A file is no sound database of ours; the text says what is wrong with it."""


class InUse(Exception):
    """Somebody has the database open."""


@contextmanager
def copied(source: Path, folder: Path) -> Iterator[Path]:
    """A copy of `source` as it is now, sound and on the disk, under a passing name in `folder`.

    Whoever writes meanwhile is not kept waiting. What was deleted is not in it, not even in pages
    that nobody uses. Who wants to keep it gives it another name. Raises Unsound and OSError.
    """
    handle, name = tempfile.mkstemp(dir=folder, prefix=".afterword-", suffix=".part")
    os.close(handle)
    copy = Path(name)
    try:
        with opened(source) as connection:
            _write(connection, copy)
        with opened(copy) as connection:
            _ensure_sound(connection, source)
        _sync(copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _write(connection: Any, copy: Path) -> None:
    try:
        connection.execute("VACUUM INTO ?", (str(copy),))
    except pysqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_FULL":
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(copy.parent)) from error


def keep(copy: Path, file: Path) -> None:
    """Give a copy its name for good. Raises FileExistsError when anything has it, however new."""
    try:
        os.link(copy, file)  # unlike a rename, it replaces nothing
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))  # from now on the name is ours
        copy.rename(file)
    sync_folder(file.parent)


@contextmanager
def opened(path: Path, *, seconds: float = PATIENCE_SECONDS) -> Iterator[Any]:
    """A connection that neither makes a database nor begins transactions. Raises Unsound."""
    try:
        with closing(
            pysqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=seconds)
        ) as connection:
            connection.isolation_level = None
            yield connection
    except pysqlite3.Error as error:
        raise Unsound(f"{path}: {error}.") from error


def _ensure_sound(connection: Any, source: Path) -> None:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise Unsound(f"{source} is damaged: {'; '.join(found)}.")
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise Unsound(f"{source} is damaged: a row is missing that others refer to.")


def version_of(path: Path) -> str | None:
    """The last migration that was applied to it; None when it is not one of Afterword's."""
    with opened(path) as connection:
        try:
            row = connection.execute(VERSION).fetchone()
        except pysqlite3.OperationalError:  # there is no such table
            return None
    return str(row[0]) if row else None


def comments_in(path: Path) -> int:
    with opened(path) as connection:
        return int(connection.execute(COUNT).fetchone()[0])


def is_used(path: Path) -> bool:
    """Whether anybody has set it up: an empty one, just migrated, is not worth keeping."""
    with opened(path) as connection:
        try:
            return connection.execute("SELECT 1 FROM sites").fetchone() is not None
        except pysqlite3.OperationalError:
            return False


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else has it open, and its log has been taken into it. Raises InUse."""
    with opened(path, seconds=1) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except pysqlite3.OperationalError as error:
            raise InUse from error
        yield


def put_in_place(copy: Path, target: Path, *, kept: Path | None) -> None:
    """At every moment there is a whole database at `target`; the old one gets the name `kept`.

    A log that lay beside the old one goes with it: SQLite would apply it to the new one.
    """
    _take_over_owner(copy, target)
    if kept is not None:
        os.link(target, kept)
    for suffix in BESIDE:
        beside = target.with_name(target.name + suffix)
        if beside.exists() and kept is not None:
            beside.replace(kept.with_name(kept.name + suffix))
        beside.unlink(missing_ok=True)
    sync_folder(target.parent)  # or a power cut could bring back the log, and not the old database
    copy.replace(target)
    sync_folder(target.parent)


def _take_over_owner(copy: Path, target: Path) -> None:
    """Else only root could open what root restored."""
    old = target if target.exists() else target.parent
    if old == target:
        shutil.copymode(target, copy)
    if os.geteuid() == 0:
        os.chown(copy, old.stat().st_uid, old.stat().st_gid)


def sync_folder(folder: Path) -> None:
    """What was renamed in it is renamed for good."""
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
