"""afterword migrate, and prepare, by which `afterword up` sets up what its readers find."""

from pathlib import Path

import click
from sqlalchemy.orm import Session

from service.actions import credentials, sites
from service.cli import local
from service.cli.admin import bell
from service.cli.database import session, told_in_a_sentence
from service.config import DEMO_SITE, Settings
from service.store import credentials as stored_credentials
from service.store import sites as stored_sites
from service.store.migrating import migrate as run_migrations

BY = "up"
DEMO_MODERATOR = "moderator@demo.example"


@click.command()
def migrate() -> None:
    """Bring the database to the present shape. Safe to run twice at once."""
    with told_in_a_sentence():
        run_migrations(Settings.from_env().database_url)
    click.echo("The database is up to date.")


@click.command(hidden=True)
@click.argument("data", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("origins", nargs=-1)
def prepare(data: Path, origins: tuple[str, ...]) -> None:
    """Migrate, and set up the demo, reachable under these origins, and its moderator's token."""
    with told_in_a_sentence():
        run_migrations(Settings.from_env().database_url)
    with session() as opened:
        _set_up_site(opened, set(origins))
        _set_up_moderator(opened, local.token_file(data))


def _set_up_site(session: Session, origins: set[str]) -> None:
    site = stored_sites.find(session, DEMO_SITE)
    if site is None:
        name = "The Harbour Gazette"
        sites.add_site(session, key=DEMO_SITE, name=name, origins=sorted(origins), by=BY)
    elif not origins <= site.origins:
        sites.set_origins(session, bell(), DEMO_SITE, sorted(origins | site.origins), by=BY)


def _set_up_moderator(session: Session, file: Path) -> None:
    token = file.read_text(encoding="utf-8").strip() if file.exists() else ""
    if stored_credentials.holder_of(session, token) is None:
        token = credentials.add_moderator(
            session, DEMO_MODERATOR, site=None, days=365, scopes=["admin"], by=BY
        )
        file.unlink(missing_ok=True)
        local.read_or_make(file, lambda: token)
