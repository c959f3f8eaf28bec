"""afterword author: what is stored of somebody, and erasing it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import click
import orjson
from sqlalchemy.orm import Session

from service.actions import erasing, housekeeping
from service.actions.errors import NotFound, Refused
from service.cli.admin import bell
from service.cli.database import session
from service.config import Settings
from service.domain.identity import is_erased, reader_hash, reader_of, signed_identity_of
from service.domain.ids import email_key
from service.store import authors, comments, exporting, sites
from service.store.audit import COMMAND_LINE as BY
from service.store.authors import Person
from service.store.models import Author, Comment

KEYED_TOGETHER = 200
REMAINS = (
    "In the database's files there may be remains until `afterword scrub` has rewritten them, and"
    " in backups until these are gone."
)


@dataclass
class Whom:
    """Whom a command is about, as far as they are known."""

    authors: list[Author] = field(default_factory=list)
    readers: list[tuple[UUID, str]] = field(default_factory=list)  # signed in, with their site
    comments: list[Comment] = field(default_factory=list)  # alone


@click.group()
def author() -> None:
    """What is stored of an author: export it, or erase it."""


def options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.argument("author_id", required=False, type=click.UUID),
        click.option("--email", help="All who gave this e-mail address."),
        click.option("--reader", help="The publisher's own name for a reader: `sub` of the token."),
        click.option("--comment", type=click.UUID, help="One comment alone, whoever wrote it."),
        click.option("--site", "key", help="At one site alone; needed with --reader."),
    ):
        command = option(command)
    return command


@author.command("export")
@options
def export(**given: Any) -> None:
    """Write all that is stored of somebody to standard output, as JSON Lines.

    AUTHOR_ID is in the address of the author's page at the desk.
    """
    secret = Settings.from_env().secret
    with session() as opened:
        for line in _lines(opened, _whom(opened, secret=secret, **given), secret=secret):
            click.echo(orjson.dumps(line, default=_written))


def _lines(opened: Session, whom: Whom, *, secret: str) -> Iterator[exporting.Line]:
    for one in whom.authors:
        yield from exporting.of_author(opened, one, secret=secret)
    for _, reader in whom.readers:
        yield from exporting.of_reader(opened, reader)
    if whom.comments:
        yield from exporting.of_comments(opened, [one.id for one in whom.comments])


def _written(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError


@author.command("erase")
@options
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(yes: bool, **given: Any) -> None:
    """Erase all that is stored of somebody. Nothing brings it back.

    Replies keep their place under an empty one, and decisions stay on record without their texts.
    """
    with session() as opened:
        whom = _whom(opened, secret=Settings.from_env().secret, **given)
        for line in _told(opened, whom):
            click.echo(line)
        opened.rollback()  # nobody should wait while this does
        if not yes:
            click.confirm("Erase all of it? Nothing brings it back.", abort=True)
        count = len(whom.comments)
        for one in whom.authors:
            count += erasing.erase_author(opened, bell(), one.id, by=BY)
        for site_id, reader in whom.readers:
            erasing.erase_reader(opened, reader, by=BY, site_id=site_id)
        for comment in whom.comments:
            erasing.erase_comment(opened, bell(), comment.id, by=BY)
    click.echo(f"Erased. Authors: {len(whom.authors)}, comments: {count}.\n{REMAINS}")


def _told(opened: Session, whom: Whom) -> Iterator[str]:
    """Who it is, for somebody who is about to erase them."""
    keys = {row.id: row.key for row in sites.known(opened, None)}
    for one in whom.authors:
        found = authors.summary(opened, Person(one.site_id, one.id))
        names = ", ".join(found.names) or "no name"
        yield f"Author {one.id} of {keys[one.site_id]}: {names}; comments: {found.comments}."
    for comment in whom.comments:
        yield f"Comment {comment.id} of {keys[comment.site_id]} by {comment.author_name}."
    if whom.readers:
        yield "With what they voted and reported."


def _whom(
    opened: Session,
    *,
    secret: str,
    author_id: UUID | None,
    email: str | None,
    reader: str | None,
    comment: UUID | None,
    key: str | None,
) -> Whom:
    if sum(one is not None for one in (author_id, email, reader, comment)) != 1:
        raise Refused("Say who: an author's id, --email, --reader with --site, or --comment.")
    if comment is not None:
        found = comments.find(opened, comment)
        if found is None or found.erased_at is not None:
            raise NotFound(f"There is no comment {comment} that is not erased.")
        return Whom(comments=[found])
    if reader is not None:
        return _signed_in(opened, reader, key=key, secret=secret)
    if email is not None:
        known = _with_email(opened, email, key=key, secret=secret)
    else:
        known = [
            one for one in authors.with_ids(opened, [author_id]) if not is_erased(one.identity)
        ]
    if not known:
        raise NotFound("Nobody is known by that, or they are erased already.")
    readers = [(one.site_id, reader_of(one.identity)) for one in known]
    return Whom(known, [(site_id, reader) for site_id, reader in readers if reader is not None])


def _with_email(opened: Session, email: str, *, key: str | None, secret: str) -> list[Author]:
    while housekeeping.key_authors(opened, secret=secret, most=KEYED_TOGETHER):
        pass  # those from before there were keys
    found: list[Author] = []
    for site in _sites(opened, key):
        hashed = email_key(secret, site, email)
        found += authors.with_email(opened, site, hashed, limit=None)
    return found


def _signed_in(opened: Session, subject: str, *, key: str | None, secret: str) -> Whom:
    """They may have voted and reported without ever writing."""
    if key is None:
        raise Refused("Say at which site: --site KEY.")
    [site] = _sites(opened, key)
    reader = reader_hash(secret, site, subject)
    known = authors.with_identity(opened, site, signed_identity_of(reader))
    return Whom([known] if known else [], [(site, reader)])


def _sites(opened: Session, key: str | None) -> Sequence[UUID]:
    found = [row.id for row in sites.known(opened, None) if key in (None, row.key)]
    if not found:
        raise NotFound(f"There is no site with the key {key!r}.")
    return found
