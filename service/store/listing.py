"""What follows for readers when a comment becomes public or stops to be: tombstones and counts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.store import changes
from service.store.db import AnyRow
from service.store.models import Comment


def public_among(session: Session, comment_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Which of these comments are public now; given to `refresh` after something changed."""
    if not comment_ids:
        return {}
    rows = session.execute(
        select(Comment.id, Comment.public_revision_id).where(Comment.id.in_(comment_ids))
    )
    return {row.id: row.public_revision_id is not None for row in rows}


def refresh(session: Session, was_public: dict[UUID, bool]) -> None:
    """Bring `listed` and the threads' counts in line with what became of these comments.

    Their threads are noted as changed in any case: another version may have become public.
    """
    rows = _load(session, list(was_public))
    counts: Counter[UUID] = Counter()
    for row in rows:
        counts[row.thread_id] += int(row.is_public) - int(was_public[row.id])
    for change, thread_ids in _by_value(counts).items():
        changes.note_threads(session, thread_ids, count=change)
    _relist(session, rows)


def _relist(session: Session, rows: Sequence[AnyRow]) -> None:
    """Comments whose `listed` is out of date, then their parents, up to the top of each chain."""
    while changed := [row for row in rows if row.listed != _should_be_listed(row)]:
        for value in (True, False):
            ids = [row.id for row in changed if row.listed is not value]
            if ids:
                session.execute(update(Comment).where(Comment.id.in_(ids)).values(listed=value))
        children: Counter[UUID] = Counter()
        for row in changed:
            if row.parent_id is not None:
                children[row.parent_id] += -1 if row.listed else 1
        _add_children(session, children)
        rows = _load(session, list(children))


def _should_be_listed(row: AnyRow) -> bool:
    return bool(row.is_public or row.listed_children)


def _add_children(session: Session, children: Counter[UUID]) -> None:
    for change, ids in _by_value(children).items():
        session.execute(
            update(Comment)
            .where(Comment.id.in_(ids))
            .values(listed_children=Comment.listed_children + change)
        )


def _by_value(changes: Counter[UUID]) -> dict[int, list[UUID]]:
    """All that change by the same number, for one statement."""
    groups: dict[int, list[UUID]] = defaultdict(list)
    for key, change in changes.items():
        groups[change].append(key)
    return groups


def _load(session: Session, ids: Sequence[UUID]) -> Sequence[AnyRow]:
    if not ids:
        return []
    return session.execute(
        select(
            Comment.id,
            Comment.thread_id,
            Comment.parent_id,
            Comment.listed,
            Comment.listed_children,
            Comment.public_revision_id.is_not(None).label("is_public"),
        ).where(Comment.id.in_(ids))
    ).all()
