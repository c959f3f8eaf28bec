"""Readers' votes, and the counts of them on the comments."""

from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from service.domain.ranking import rank
from service.store.db import upserts
from service.store.models import Comment
from service.store.reader_tables import Vote

COMMENTS, VOTES = cast(Table, Comment.__table__), cast(Table, Vote.__table__)
MINE = (VOTES.c.comment_id == bindparam("comment")) & (VOTES.c.reader == bindparam("whose"))
OF_READER = select(VOTES.c.value).where(MINE)
TAKE_BACK = delete(VOTES).where(MINE)
CAST = {
    name: insert.on_conflict_do_update(
        index_elements=[VOTES.c.comment_id, VOTES.c.reader],
        set_={"value": insert.excluded.value},
    )
    for name, insert in upserts(VOTES).items()
}
FROM_ADDRESS = select(func.count()).where(
    VOTES.c.comment_id == bindparam("comment"), VOTES.c.address_hash == bindparam("address")
)


def value_of(session: Session, comment_id: UUID, reader: str) -> int:
    """How this reader voted; 0 is no vote."""
    given = {"comment": comment_id, "whose": reader}
    return session.connection().execute(OF_READER, given).scalar() or 0


def from_address(session: Session, comment_id: UUID, address_hash: str) -> int:
    """How many votes on this comment came from one address today."""
    given = {"comment": comment_id, "address": address_hash}
    return session.connection().execute(FROM_ADDRESS, given).scalar_one()


def put(
    session: Session, comment_id: UUID, *, reader: str, value: int, address_hash: str | None
) -> None:
    connection = session.connection()
    if value == 0:
        connection.execute(TAKE_BACK, {"comment": comment_id, "whose": reader})
        return
    row = {
        "comment_id": comment_id,
        "reader": reader,
        "value": value,
        "address_hash": address_hash,
    }
    connection.execute(CAST[connection.dialect.name], row)


def recount(session: Session, comment: Comment, *, before: int, after: int) -> None:
    """Move the counts of a comment whose thread is held, and its rank, from one vote to another."""
    ups = comment.ups + (after == 1) - (before == 1)
    downs = comment.downs + (after == -1) - (before == -1)
    session.execute(
        update(Comment)
        .where(Comment.id == comment.id)
        .values(ups=ups, downs=downs, score=rank(ups, downs))
    )
