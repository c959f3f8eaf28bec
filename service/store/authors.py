"""Everything that somebody wrote, as far as it can be known to be theirs."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import Session

from service.domain.states import State
from service.store.db import AnyRow
from service.store.models import Author, Comment, Revision
from service.store.queue import ITEMS

UNKEYED = text("name_key IS NULL")  # from before there were keys; there is an index for it
MOST_NAMES = 20
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Person:
    """An author, or whoever wrote from one network address on one day, or one comment."""

    site_id: UUID
    author_id: UUID | None = None
    address_hash: str | None = None
    comment_id: UUID | None = None  # all there is where the address is forgotten

    @property
    def comments(self) -> ColumnElement[bool]:
        if self.author_id is not None:
            return Comment.author_id == self.author_id
        if self.address_hash is None:
            return Comment.id == self.comment_id
        return (Comment.site_id == self.site_id) & (Comment.address_hash == self.address_hash)


@dataclass(frozen=True, slots=True)
class Summary:
    names: Sequence[str]
    comments: int
    public: int
    states: dict[State, int]  # of all versions
    first_seen: datetime | None
    last_seen: datetime | None


def find(session: Session, author_id: UUID) -> Author | None:
    return session.get(Author, author_id)


def with_ids(session: Session, author_ids: Collection[UUID | None]) -> Sequence[Author]:
    return session.scalars(select(Author).where(Author.id.in_(author_ids))).all()


def summary(session: Session, person: Person) -> Summary:
    count, public, first, last = session.execute(
        select(
            func.count(Comment.id),
            func.count(Comment.public_revision_id),
            func.min(Comment.created_at),
            func.max(Comment.created_at),
        ).where(person.comments)
    ).one()
    states = session.execute(
        select(Revision.state, func.count())
        .join(Comment, Comment.id == Revision.comment_id)
        .where(person.comments)
        .group_by(Revision.state)
    )
    names = session.scalars(
        select(Comment.author_name)
        .where(person.comments)
        .group_by(Comment.author_name)
        .order_by(func.max(Comment.created_at).desc())
        .limit(MOST_NAMES)
    ).all()
    found = Counter({State(state): number for state, number in states})
    return Summary(names, count, public, dict(found), first, last)


def written(
    session: Session, person: Person, *, before: UUID | None, limit: int
) -> Sequence[AnyRow]:
    """All versions of what they wrote, newest first, as the queue has them."""
    query = ITEMS.where(person.comments).order_by(Revision.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Revision.id < before)
    return session.execute(query).all()


def named(session: Session, site_id: UUID, name: str) -> Sequence[Author]:
    """Those whose name begins so, whatever its case."""
    beginning = Author.name_key.startswith(name.casefold(), autoescape=True)
    query = select(Author).where(Author.site_id == site_id, beginning).order_by(Author.name_key)
    return session.scalars(query.limit(MOST_FOUND)).all()


def with_email(
    session: Session, site_id: UUID, email_key: str, *, limit: int | None = MOST_FOUND
) -> Sequence[Author]:
    query = select(Author).where(Author.site_id == site_id, Author.email_key == email_key)
    return session.scalars(query.order_by(Author.id).limit(limit)).all()


def with_identity(session: Session, site_id: UUID, identity: str) -> Author | None:
    query = select(Author).where(Author.site_id == site_id, Author.identity == identity)
    return session.scalars(query).one_or_none()


def unkeyed(session: Session, *, limit: int) -> Sequence[tuple[Author, str | None]]:
    """Authors who cannot be searched for yet, with a name under which they wrote."""
    name = (
        select(Comment.author_name).where(Comment.author_id == Author.id).limit(1).scalar_subquery()
    )
    rows = session.execute(select(Author, name).where(UNKEYED).order_by(Author.id).limit(limit))
    return [(author, found) for author, found in rows]


def set_keys(session: Session, author_id: UUID, *, name: str, email: str | None) -> None:
    session.execute(
        update(Author).where(Author.id == author_id).values(name_key=name, email_key=email)
    )
