"""afterword moderator: people who moderate, their roles and the links by which they come in."""

from uuid import UUID

import click
from sqlalchemy.orm import Session

from service.actions import inviting
from service.actions import people as actions
from service.actions.errors import NotFound
from service.cli.database import session
from service.domain.roles import Permission, Role
from service.store import people, sites
from service.store.credentials import Holder
from service.store.db import AnyRow

# Whoever runs commands here has the database in hand already.
OPERATOR = Holder("command line", {None: frozenset(Permission)})
ROLES = click.Choice([role.value for role in Role])
at_site = click.option("--site", "key", help="At one site alone.")
address_option = click.option(
    "--address", default="http://127.0.0.1:8000", show_default=True, help="Of this service."
)


@click.group()
def moderator() -> None:
    """People who moderate."""


@moderator.command("add")
@click.argument("email")
@click.option("--role", type=ROLES, default=Role.MODERATOR.value, show_default=True)
@at_site
@address_option
def add(email: str, role: str, key: str | None, address: str) -> None:
    """Invite a person; prints the link by which they choose a password, good for 7 days."""
    with session() as opened:
        site_id = _site_id(opened, key)
        secret = inviting.invite(opened, OPERATOR, email, site_id=site_id, role=Role(role))
    click.echo(f"{address.rstrip('/')}/desk/invitation/{secret}")


@moderator.command("reset")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Also forget their second factor.")
@address_option
def reset(email: str, second_factor: bool, address: str) -> None:
    """Print a link by which a person chooses a new password, good for a day."""
    with session() as opened:
        person_id = _person(opened, email).id
        secret = inviting.make_reset(opened, OPERATOR, person_id, without_factor=second_factor)
    click.echo(f"{address.rstrip('/')}/desk/reset/{secret}")


@moderator.command("list")
def list_people() -> None:
    """List who has which role at which site."""
    with session() as opened:
        for row in people.listed(opened, None):
            factor = "second factor" if row.has_factor else "password alone"
            click.echo(f"{row.email}\t{row.role}\t{row.site_key or 'all sites'}\t{factor}")


@moderator.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
@at_site
def change_role(email: str, role: str, key: str | None) -> None:
    """Change the role that a person has; it acts from their next request on."""
    with session() as opened:
        person = _person(opened, email)
        site_id = _site_id(opened, key)
        if site_id not in people.roles(opened, person.id):
            where = f"at {key}" if key else "at all sites"
            raise NotFound(f"{person.email} has no role {where}. Invite them: moderator add.")
        actions.change_role(opened, OPERATOR, person.id, site_id=site_id, role=Role(role))
    click.echo(f"{person.email} is {role} now.")


@moderator.command("remove")
@click.argument("email")
@at_site
def remove(email: str, key: str | None) -> None:
    """Take a person's role at one site; without --site all roles and tokens, at once."""
    with session() as opened:
        person = _person(opened, email)
        if key is None:
            actions.remove_person(opened, OPERATOR, person.id)
        else:
            site_id = _site_id(opened, key)
            actions.remove_role(opened, OPERATOR, person.id, site_id=site_id)
    click.echo(f"Removed {person.email}. What they decided stays on record.")


def _person(opened: Session, email: str) -> AnyRow:
    person = people.by_email(opened, email.strip().lower())
    if person is None:
        raise NotFound(f"Nobody has the address {email!r}. Those there are: moderator list.")
    return person


def _site_id(opened: Session, key: str | None) -> UUID | None:
    if key is None:
        return None
    site = sites.find(opened, key)
    if site is None:
        raise NotFound(f"There is no site with the key {key!r}.")
    return site.id
