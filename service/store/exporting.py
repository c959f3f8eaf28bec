"""All that is stored of somebody, row by row, without what it says of others."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select, tuple_
from sqlalchemy.orm import Session

from service.domain import standings
from service.domain.sealing import unseal
from service.store.models import Author, Comment, Decision, Revision
from service.store.reader_tables import IdempotencyKey, Report, Vote
from service.store.search_tables import SearchEntry
from service.store.standing_tables import StandingEntry, WatchedAddress

AT_ONCE = 200  # comments
# Columns that are about others: moderators, and readers who reported.
OTHERS: Mapping[str, frozenset[str]] = {
    "decisions": frozenset({"by", "salt"}),
    "reports": frozenset({"reader", "address_hash"}),
    "standings": frozenset({"by"}),
}

Line = dict[str, Any]
Kinds = Mapping[str, tuple[Any, ColumnElement[bool]]]  # by name: the model, and which rows of it


def of_author(session: Session, author: Author, *, secret: str) -> Iterator[Line]:
    """Who they are, how they stand, and all that they wrote, oldest first."""
    sealed = author.email_sealed
    [line] = _lines(session, {"author": (Author, Author.id == author.id)})
    yield line | {"email": unseal(secret, sealed) if sealed else None}
    subjects = [standings.of_author(author.id)]
    subjects += [standings.of_email(author.email_key)] if author.email_key else []
    decided = (StandingEntry.site_id == author.site_id) & StandingEntry.subject.in_(subjects)
    yield from _lines(session, {"standing": (StandingEntry, decided)})
    query = select(Comment.id).where(Comment.author_id == author.id).order_by(Comment.created_at)
    comment_ids = session.scalars(query).all()
    for start in range(0, len(comment_ids), AT_ONCE):
        yield from of_comments(session, comment_ids[start : start + AT_ONCE])


def of_reader(session: Session, reader: str) -> Iterator[Line]:
    """What somebody whom the publisher signed in did with others' comments."""
    yield from _lines(
        session,
        {
            "vote": (Vote, Vote.reader == reader),
            "report by this reader": (Report, Report.reader == reader),
        },
    )


def of_comments(session: Session, comment_ids: Collection[UUID]) -> Iterator[Line]:
    revisions = select(Revision.id).where(Revision.comment_id.in_(comment_ids))
    address = select(Comment.site_id, Comment.address_hash).where(Comment.id.in_(comment_ids))
    watched = tuple_(WatchedAddress.site_id, WatchedAddress.address_hash).in_(address)
    about = StandingEntry.comment_id.in_(comment_ids)
    yield from _lines(
        session,
        {
            "comment": (Comment, Comment.id.in_(comment_ids)),
            "version": (Revision, Revision.comment_id.in_(comment_ids)),
            "words for the search": (SearchEntry, SearchEntry.revision_id.in_(revisions)),
            "decision": (Decision, Decision.comment_id.in_(comment_ids)),
            "report about a comment": (Report, Report.comment_id.in_(comment_ids)),
            "standing because of a comment": (StandingEntry, about),
            "idempotency key": (IdempotencyKey, IdempotencyKey.comment_id.in_(comment_ids)),
            "watched address": (WatchedAddress, watched),
        },
    )


def _lines(session: Session, kinds: Kinds) -> Iterator[Line]:
    for kind, (model, which) in kinds.items():
        table = cast(Table, model.__table__)
        hidden = OTHERS.get(table.name, frozenset())
        columns = [column for column in table.columns if column.name not in hidden]
        keys = table.primary_key.columns
        for row in session.connection().execute(select(*columns).where(which).order_by(*keys)):
            values = {str(column.name): value for column, value in zip(columns, row, strict=True)}
            yield {"kind": kind, **values}
