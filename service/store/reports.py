"""What readers reported, and what of it moderators have not decided on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from service.store.db import AnyRow, now
from service.store.models import RAISED, Comment
from service.store.reader_tables import Report

MOST_SHOWN = 10  # of one comment in a list
STILL_OPEN = (
    select(func.count())
    .where(Report.comment_id == Comment.id, Report.settled_at.is_(None))
    .scalar_subquery()
)


def is_known(session: Session, comment_id: UUID, *, reader: str, address_hash: str | None) -> bool:
    """Whether this reader reported the comment before, or today somebody at the same address."""
    same = Report.reader == reader
    if address_hash is not None:
        same |= Report.address_hash == address_hash
    query = select(Report.id).where(Report.comment_id == comment_id, same).limit(1)
    return session.scalar(query) is not None


def add(session: Session, report: Report) -> None:
    session.add(report)
    session.flush()


def count(session: Session, comment_id: UUID, *, open_reports: int, is_raised: bool) -> None:
    values = {"open_reports": open_reports} | ({"raised_at": now()} if is_raised else {})
    session.execute(update(Comment).where(Comment.id == comment_id).values(values))


def settle(session: Session, decided: Mapping[UUID, UUID], *, approved: Collection[UUID]) -> None:
    """Decided are revisions, each with its comment; what was reported about these texts is settled.

    And all that was about the approved comments, of which another text may be public now.
    """
    # First by the comment, for which there is an index.
    about = Report.comment_id.in_(set(decided.values())) & (
        Report.revision_id.in_(decided) | Report.comment_id.in_(approved)
    )
    settled = session.scalars(
        update(Report)
        .where(Report.settled_at.is_(None), about)
        .values(settled_at=now())
        .returning(Report.comment_id)
    ).all()
    if not settled:
        return
    session.execute(
        update(Comment)
        .where(Comment.id.in_(set(settled)))
        .values(open_reports=STILL_OPEN, raised_at=None)
    )


def reopen(session: Session, undone: Mapping[UUID, datetime]) -> None:
    """By comment, when what is undone was decided: the reports that it settled are open again.

    Moderators are shown what is public of them, however few there are.
    """
    settled = or_(
        *(
            and_(Report.comment_id == comment, Report.settled_at >= at)
            for comment, at in undone.items()
        )
    )
    reopened = session.scalars(
        update(Report).where(settled).values(settled_at=None).returning(Report.comment_id)
    ).all()
    if reopened:
        session.execute(
            update(Comment)
            .where(Comment.id.in_(set(reopened)))
            .values(open_reports=STILL_OPEN, raised_at=now())
        )


def raised(session: Session, sites: Collection[UUID] | None) -> int:
    """How many public comments readers want moderators to look at."""
    query = select(func.count()).where(RAISED, Comment.public_revision_id.is_not(None))
    if sites is not None:
        query = query.where(Comment.site_id.in_(sites))
    return session.execute(query).scalar_one()


def still_open(session: Session, comments: Collection[UUID]) -> dict[UUID, list[AnyRow]]:
    """The newest of each comment's open reports."""
    place = func.row_number().over(partition_by=Report.comment_id, order_by=Report.id.desc())
    newest = (
        select(
            Report.id, Report.comment_id, Report.reason, Report.note, Report.created_at,
            place.label("place"),
        )
        .where(Report.comment_id.in_(comments), Report.settled_at.is_(None))
        .subquery()
    )  # fmt: skip
    found: dict[UUID, list[AnyRow]] = defaultdict(list)
    query = select(newest).where(newest.c.place <= MOST_SHOWN).order_by(newest.c.id.desc())
    for row in session.execute(query):
        found[row.comment_id].append(row)
    return found


def of_comment(session: Session, comment_id: UUID) -> Sequence[Report]:
    """All there ever were, oldest first."""
    return session.scalars(
        select(Report).where(Report.comment_id == comment_id).order_by(Report.id)
    ).all()
