"""afterword audit: whether the audit log is as it was written, and its entries as a file."""

import sys
from datetime import UTC, datetime

import click

from service.actions.errors import NotFound, Refused
from service.api.audit_files import Format, lines
from service.cli.database import session
from service.store import sites
from service.store.audit import Kind
from service.store.audit_reading import Filters, oldest_first
from service.store.audit_reading import head as end_of
from service.store.verifying import verify as find_problems


@click.group("audit")
def audit() -> None:
    """Check the audit log, or export it."""


@audit.command("head")
def head() -> None:
    """Print the hash with which the log ends: keep it where nobody here can change it."""
    with session() as opened:
        end = end_of(opened)
    if end is None:
        raise Refused("The row that says where the log ends is gone. Try: afterword audit verify")
    click.echo(end.hash.hex())


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
        end = end_of(opened)
    if count:
        raise Refused(f"The audit log is not as it was written: {count} problem(s).")
    if end is not None:
        click.echo(f"{end.seq:,} entries are as they were written. The head is {end.hash.hex()}")


@audit.command("export")
@click.option(
    "--format",
    "chosen",
    type=click.Choice([one.value for one in Format]),
    default="jsonl",
    show_default=True,
    help="CSV is for spreadsheets.",
)
@click.option("--site", help="Of one site alone.")
@click.option("--since", type=click.DateTime(), help="From that time on, in UTC.")
@click.option("--until", type=click.DateTime(), help="Before that time, in UTC.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]))
@click.option("--action", help="What was done; of a decision, what became of the comment.")
@click.option("--by", help="Who did it.")
def export(
    chosen: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    kind: str | None,
    action: str | None,
    by: str | None,
) -> None:
    """Write entries to standard output, oldest first."""
    with session() as opened:
        keys = {row.id: row.key for row in sites.known(opened, None)}
        own = [id for id, key in keys.items() if key == site]
        if site is not None and not own:
            raise NotFound(f"There is no site with the key {site!r}.")
        own_or_all = own if site is not None else None
        filters = Filters(
            readable=own_or_all,
            administrated=own_or_all,
            kind=Kind(kind) if kind else None,
            action=action,
            by=by,
            since=since and since.replace(tzinfo=UTC),
            until=until and until.replace(tzinfo=UTC),
        )
        for line in lines(oldest_first(opened, filters), Format(chosen), sites=keys):
            click.echo(line, nl=False)


def _hash(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise Refused("A head is 64 digits and letters from a to f, as `audit head` prints it.")
    return found
