"""Who looks at what: so that moderators who work at the same time are shown different comments.

A look ends by itself after a while, unless it is renewed. It forbids nothing: who decides first is
settled by service/store/moves.py.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, String, Table, delete, exists, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.db import AnyRow, Base, UtcTime, now, upserts
from service.store.models import Revision

SECONDS = 120
LOCK = 0x0AF7E33E  # any number that nothing else locks


class Look(Base):
    """Until then somebody looks at this revision, or has gone away without a word."""

    __tablename__ = "looks"
    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    by: Mapped[str] = mapped_column(String(254))
    until: Mapped[datetime] = mapped_column(UtcTime)


LOOKS = cast(Table, Look.__table__)
# Also where the clock was set back since: nobody looks ahead for longer.
IS_OVER = (LOOKS.c.until <= now()) | (LOOKS.c.until > now(SECONDS))


def take_turns(session: Session) -> None:
    """Let those who take their next comments do so one after the other, each what is left.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def is_free(by: str, *, but: Collection[UUID] = ()) -> ColumnElement[bool]:
    """Of a revision: nobody else looks at it, and it is none of these."""
    others = exists().where(Look.revision_id == Revision.id, Look.by != by, ~IS_OVER)
    return ~others & Revision.id.not_in(but) if but else ~others


def take(session: Session, revision_ids: Collection[UUID], *, by: str) -> list[UUID]:
    """Look at those that nobody else looks at, or go on doing so; answers which these are."""
    if not revision_ids:
        return []
    # In one order for everybody, so that nobody waits in a circle.
    rows = [{"revision_id": id, "by": by, "until": now(SECONDS)} for id in sorted(revision_ids)]
    statement = upserts(LOOKS)[session.get_bind().dialect.name].values(rows)
    taken = statement.on_conflict_do_update(
        index_elements=[LOOKS.c.revision_id],
        set_={"by": statement.excluded.by, "until": statement.excluded.until},
        where=IS_OVER | (LOOKS.c.by == by),
    ).returning(LOOKS.c.revision_id)
    return list(session.scalars(taken))


def there(
    session: Session, revision_ids: Collection[UUID], sites: Collection[UUID] | None
) -> Sequence[UUID]:
    """Those of the revisions that are of these sites."""
    query = select(Revision.id).where(Revision.id.in_(revision_ids))
    return session.scalars(
        query if sites is None else query.where(Revision.site_id.in_(sites))
    ).all()


def of(session: Session, revision_ids: Collection[UUID]) -> dict[UUID, AnyRow]:
    """Who looks at them now, and until when."""
    query = select(Look.revision_id, Look.by, Look.until).where(
        Look.revision_id.in_(revision_ids), ~IS_OVER
    )
    return {row.revision_id: row for row in session.execute(query)}


def let_go(session: Session, *, by: str) -> None:
    """Of all that they look at."""
    session.execute(delete(Look).where(Look.by == by))


def forget(session: Session) -> int:
    """Delete what is over; answers how many."""
    return len(session.execute(delete(Look).where(IS_OVER).returning(Look.by)).all())
