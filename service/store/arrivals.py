"""New comments, many at once: their keys, authors, places and rows, in a statement each.

These take the connection of the transaction, since asking a session for it again and again costs
as much as the statements do.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, insert, select, tuple_

from service.domain.ids import new_id
from service.store.db import AnyRow, now, upserts
from service.store.models import Author, Comment, Revision
from service.store.reader_tables import IdempotencyKey

COMMENTS = cast(Table, Comment.__table__)
REVISIONS = cast(Table, Revision.__table__)
KEYS = cast(Table, IdempotencyKey.__table__)
AUTHORS = cast(Table, Author.__table__)

CLOCK = select(now())
TAKE_KEYS = {
    name: insert.on_conflict_do_nothing().returning(KEYS.c.comment_id)
    for name, insert in upserts(KEYS).items()
}
TAKEN = (
    select(
        KEYS.c.site_id, KEYS.c.key_hash, KEYS.c.body_hash, KEYS.c.comment_id,
        COMMENTS.c.editable_until,
    )
    .join(COMMENTS, COMMENTS.c.id == KEYS.c.comment_id)
    .where(tuple_(KEYS.c.site_id, KEYS.c.key_hash).in_(bindparam("keys", expanding=True)))
)  # fmt: skip
KNOWN_AUTHORS = select(AUTHORS.c.site_id, AUTHORS.c.identity, AUTHORS.c.id).where(
    tuple_(AUTHORS.c.site_id, AUTHORS.c.identity).in_(bindparam("identities", expanding=True))
)
ADD_AUTHORS = {name: insert.on_conflict_do_nothing() for name, insert in upserts(AUTHORS).items()}
PUBLIC_PARENTS = select(
    COMMENTS.c.id, COMMENTS.c.thread_id, COMMENTS.c.root_id, COMMENTS.c.depth
).where(
    COMMENTS.c.id.in_(bindparam("parents", expanding=True)),
    COMMENTS.c.public_revision_id.is_not(None),
)
# What is the same for all stands in the statement: defaults are worked out row by row.
ADD_COMMENTS = insert(COMMENTS).values(
    ups=0, downs=0, score=0, open_reports=0, listed=False, listed_children=0
)
ADD_REVISIONS = insert(REVISIONS).values(number=1, flags="", attempts=0)

Identity = tuple[UUID, str]  # a site, and by what somebody is recognised there
Key = tuple[UUID, str]  # a site, and the hash of an Idempotency-Key


@dataclass(frozen=True, slots=True)
class NewAuthor:
    """By what somebody is found again who was not known until now."""

    name_key: str
    email_sealed: str | None = None
    email_key: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a thread a new comment goes."""

    parent_id: UUID | None = None
    root_id: UUID | None = None
    depth: int = 0


def clock(connection: Connection) -> datetime:
    return connection.execute(CLOCK).scalar_one()


def take_keys(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Take Idempotency-Keys for comments; answers those whose key was free until now.

    Another process that takes one of them at the same time is waited for.
    """
    if not rows:
        return set()
    ordered = sorted(rows, key=lambda row: (row["site_id"], row["key_hash"]))  # no deadlocks
    return set(connection.execute(TAKE_KEYS[connection.dialect.name], ordered).scalars().all())


def taken(connection: Connection, keys: Collection[Key]) -> dict[Key, AnyRow]:
    """What keys stand for: body_hash, comment_id and editable_until of the comment."""
    if not keys:
        return {}
    rows = connection.execute(TAKEN, {"keys": sorted(keys)}).all()
    return {(row.site_id, row.key_hash): row for row in rows}


def authors(connection: Connection, identities: Collection[Identity]) -> dict[Identity, UUID]:
    """The authors who are known already."""
    if not identities:
        return {}
    rows = connection.execute(KNOWN_AUTHORS, {"identities": sorted(identities)}).all()
    return {(site_id, identity): author_id for site_id, identity, author_id in rows}


def add_authors(connection: Connection, new: Mapping[Identity, NewAuthor]) -> dict[Identity, UUID]:
    """Make authors out of identities."""
    if not new:
        return {}
    rows = [
        {
            "id": new_id(),
            "site_id": site_id,
            "identity": identity,
            "name_key": author.name_key,
            "email_sealed": author.email_sealed,
            "email_key": author.email_key,
        }
        for (site_id, identity), author in sorted(new.items(), key=itemgetter(0))
    ]
    connection.execute(ADD_AUTHORS[connection.dialect.name], rows)
    return authors(connection, new.keys())


def places_under(
    connection: Connection, parents: Collection[UUID]
) -> dict[UUID, tuple[UUID, Place]]:
    """The thread of each parent and the place under it; only what is public may be replied to."""
    if not parents:
        return {}
    rows = connection.execute(PUBLIC_PARENTS, {"parents": sorted(parents)})
    return {
        parent_id: (thread_id, Place(parent_id, root_id or parent_id, depth + 1))
        for parent_id, thread_id, root_id, depth in rows
    }


def add(
    connection: Connection,
    *,
    comments: Sequence[dict[str, Any]],
    revisions: Sequence[dict[str, Any]],
) -> None:
    """Insert comments with their first revisions."""
    connection.execute(ADD_COMMENTS, comments)
    connection.execute(ADD_REVISIONS, revisions)
