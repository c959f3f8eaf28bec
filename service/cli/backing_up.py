"""afterword backup and restore: the database as one file, and back."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy import make_url

from service.actions.errors import Refused
from service.cli import local
from service.config import Settings
from service.store import copies
from service.store.migrating import is_known

SERVERS_OWN = (
    "The database is PostgreSQL, which has its own tools. {}"
    "docs/operations.md, Backups, has the whole of it."
)
DUMP = 'Run: pg_dump --format=custom --file={} "$AFTERWORD_DATABASE_URL"\n'
LOAD = (
    'Run: pg_restore --exit-on-error --no-owner --dbname="$AFTERWORD_DATABASE_URL" {}\n'
    "into an empty database. "
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to FILE while everything goes on. Never replaces a file."""
    source = _database(DUMP.format(file))
    if not source.exists():
        raise Refused(f"There is no database at {source} yet.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}. Make it first.")
    taken = f"There is a file {file} already. Choose another name."
    if os.path.lexists(file):
        raise Refused(taken)
    began, clock = datetime.now(UTC), time.monotonic()
    with _told_in_a_sentence(), copies.copied(source, file.parent) as copy:
        count, size = copies.comments_in(copy), copy.stat().st_size / 1e6
        try:
            copies.keep(copy, file)
        except FileExistsError as error:
            raise Refused(taken) from error
    seconds = time.monotonic() - clock
    click.echo(f"{file}: {count:,} comments, {size:,.1f} MB, sound, in {seconds:.1f} s.")
    click.echo(f"All that was accepted before {began:%Y-%m-%d %H:%M:%S} UTC is in it.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also when there is a database with rows in it.")
def restore(file: Path, replace: bool) -> None:
    """Put the database in FILE in place, with web and workers stopped."""
    target = _database(LOAD.format(file))
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}. Make it first.")
    with _told_in_a_sentence(), copies.copied(file, target.parent) as copy:
        _ensure_ours(copy, file)
        count = copies.comments_in(copy)
        kept = _name_for_old(target, replace=replace)
        with _nobody_else(target):
            copies.put_in_place(copy, target, kept=kept)
    click.echo(f"{count:,} comments are restored to {target}.")
    if kept is not None:
        click.echo(f"What was there before is in {kept}. Delete it when nobody needs it.")
    click.echo("Next: afterword migrate, then afterword doctor, then start web and workers.")
    click.echo("AFTERWORD_SECRET has to be what it was at the time of the backup.")


def _database(for_postgresql: str) -> Path:
    """The file of the database that is set."""
    url = make_url(Settings.from_env().database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refused(SERVERS_OWN.format(for_postgresql))
    return Path(url.database)


@contextmanager
def _told_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except copies.Unsound as error:
        raise Refused(f"Nothing was changed. {error}") from error
    except OSError as error:
        raise Refused(f"Nothing was changed. {error.filename}: {error.strerror}.") from error


def _ensure_ours(copy: Path, file: Path) -> None:
    version = copies.version_of(copy)
    if version is None:
        raise Refused(f"{file} is not a database of Afterword.")
    if not is_known(version):
        raise Refused(f"{file} comes from a newer version of Afterword. Install that one first.")


def _name_for_old(target: Path, *, replace: bool) -> Path | None:
    """Under which name the present database is kept; none where there is nothing to keep."""
    if not target.exists():
        return None
    try:
        if not copies.is_used(target):
            return None
        what = "has rows already"
    except copies.Unsound as error:
        what = f"cannot be read ({error})"
    if not replace:
        raise Refused(
            f"The database at {target} {what}. With --replace it is put aside, not deleted."
        )
    return target.with_name(f"{target.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")


@contextmanager
def _nobody_else(target: Path) -> Iterator[None]:
    """As far as that can be told of a database that is damaged."""
    with ExitStack() as held:
        if (target.parent / local.LOCK).exists():
            held.enter_context(local.only_one(target.parent))
        try:
            if target.exists():
                held.enter_context(copies.alone(target))
        except copies.InUse as error:
            raise Refused("Somebody has the database open: stop web and workers first.") from error
        except copies.Unsound:
            pass  # it is put aside as it is
        yield
