"""Readers report comments to the moderators."""

from collections import Counter
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import NotFound
from service.actions.voting import Reader
from service.bell import Bell
from service.domain.reporting import Reason, ReportsPolicy
from service.domain.states import Actor, State
from service.store import changes, comments, moves, reports, tallies
from service.store.db import begin_write
from service.store.models import Comment
from service.store.reader_tables import Report


def report(
    session: Session,
    bell: Bell,
    comment_id: UUID,
    *,
    reader: Reader,
    reason: Reason,
    note: str | None,
    policy: ReportsPolicy,
) -> None:
    """Tell moderators of a public comment. The same reader's second report changes nothing.

    Nor does another one from the same address on the same day: else whoever makes up readers could
    raise what they like, or hide it. Raises NotFound.
    """
    begin_write(session)
    comment = comments.lock(session, comment_id)
    if comment is None or comment.public_revision_id is None:
        raise NotFound
    if reports.is_known(session, comment_id, reader=reader.key, address_hash=reader.address_hash):
        session.rollback()
        return
    made = Report(
        comment_id=comment_id,
        revision_id=comment.public_revision_id,
        reader=reader.key,
        address_hash=reader.address_hash,
        reason=reason,
        note=note,
    )
    reports.add(session, made)
    _count(session, comment, policy)
    tallies.add(session, {("reports", reason): 1})
    session.commit()
    bell.tell(changes.noted(session))


def _count(session: Session, comment: Comment, policy: ReportsPolicy) -> None:
    count = comment.open_reports + 1
    reports.count(session, comment.id, open_reports=count, is_raised=count >= policy.raise_at)
    if policy.hold_at and count >= policy.hold_at:
        _hold(session, comment)


def _hold(session: Session, comment: Comment) -> None:
    assert comment.public_revision_id is not None  # noqa: S101 - for the types alone
    reasons = Counter(row.reason for row in reports.of_comment(session, comment.id))
    note = ", ".join(f"{reason}: {count}" for reason, count in reasons.most_common())
    move = moves.Move(
        comment.public_revision_id, State.APPROVED, State.HELD, Actor.REPORTS, by="readers",
        reason="reported", note=note,
    )  # fmt: skip
    if moves.apply(session, [move]):
        tallies.add(session, {("decisions", "reports held"): 1})
