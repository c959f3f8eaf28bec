"""afterword audit: whether the audit log is as it was written, and its entries as a file."""

import sys

import click
from sqlalchemy import select

from service.actions.errors import Refused
from service.cli.database import session
from service.store.audit import HEAD
from service.store.verifying import verify as find_problems


@click.group("audit")
def audit() -> None:
    """Check the audit log, or export it."""


@audit.command("head")
def head() -> None:
    """Print the hash with which the log ends: keep it where nobody here can change it."""
    with session() as opened:
        click.echo(opened.scalars(select(HEAD.c.hash)).one().hex())


@audit.command("verify")
@click.option("--head", "known", help="A hash that `audit head` printed earlier.")
def verify(known: str | None) -> None:
    """Look for what was altered, added, cut or moved; ends with 1 when there is anything."""
    noted = _hash(known) if known is not None else None
    count = 0
    with session() as opened, click.progressbar(length=0, label="Entries", file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        for problem in find_problems(opened, known=noted, tell=tell):
            count += 1
            click.echo(problem.in_words())
        end = opened.execute(select(HEAD.c.seq, HEAD.c.hash)).one_or_none()
    if count:
        raise Refused(f"The audit log is not as it was written: {count} problem(s).")
    if end is not None:
        click.echo(f"{end.seq:,} entries are as they were written. The head is {end.hash.hex()}")


def _hash(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise Refused("A head is 64 digits and letters from a to f, as `audit head` prints it.")
    return found
