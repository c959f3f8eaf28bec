"""afterword scrub: leave nothing of what was erased in the database's files."""

import click

from service.cli.database import session
from service.store import scrubbing


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def scrub(yes: bool) -> None:
    """Rewrite the database's files, so that nothing of what was erased is left in them.

    Nobody can post meanwhile, and on PostgreSQL nobody read what is not cached; that takes about a
    minute for a million comments, and as much room as the database has.
    """
    if not yes:
        click.confirm("Meanwhile readers have to wait. Rewrite the files now?", abort=True)
    with session() as opened:
        for done in scrubbing.scrub(opened):
            click.echo(f"Done: {done}.")
