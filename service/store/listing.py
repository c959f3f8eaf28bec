"""What follows for readers when a comment becomes public or stops to be: tombstones and counts."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from service.store import changes
from service.store.db import AnyRow
from service.store.models import Comment

COMMENTS = cast(Table, Comment.__table__)
IDS = COMMENTS.c.id.in_(bindparam("ids", expanding=True))
STANDING = select(
    COMMENTS.c.id, COMMENTS.c.thread_id, COMMENTS.c.parent_id, COMMENTS.c.listed,
    COMMENTS.c.listed_children, COMMENTS.c.public_revision_id.is_not(None).label("is_public"),
).where(IDS)  # fmt: skip
LIST = update(COMMENTS).where(IDS).values(listed=bindparam("listed_now"))
ADD_CHILDREN = (
    update(COMMENTS)
    .where(COMMENTS.c.id == bindparam("parent"))
    .values(listed_children=COMMENTS.c.listed_children + bindparam("change"))
)


def public_among(session: Session, comment_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Which of these comments are public now; given to `refresh` after something changed."""
    return {row.id: row.is_public for row in _load(session, comment_ids)}


def refresh(session: Session, was_public: dict[UUID, bool]) -> None:
    """Bring `listed` and the threads' counts in line with what became of these comments.

    Their threads are noted as changed in any case: another version may have become public.
    """
    rows = _load(session, list(was_public))
    counts: Counter[UUID] = Counter()
    for row in rows:
        counts[row.thread_id] += int(row.is_public) - int(was_public[row.id])
    by_change: dict[int, list[UUID]] = defaultdict(list)
    for thread_id, change in counts.items():
        by_change[change].append(thread_id)
    for change, thread_ids in by_change.items():
        changes.note_threads(session, thread_ids, count=change)
    _relist(session, rows)


def _relist(session: Session, rows: Sequence[AnyRow]) -> None:
    """Comments whose `listed` is out of date, then their parents, up to the top of each chain."""
    while changed := [row for row in rows if row.listed != _should_be_listed(row)]:
        for value in (True, False):
            ids = [row.id for row in changed if row.listed is not value]
            if ids:
                session.connection().execute(LIST, {"ids": ids, "listed_now": value})
        children: Counter[UUID] = Counter()
        for row in changed:
            if row.parent_id is not None:
                children[row.parent_id] += -1 if row.listed else 1
        _add_children(session, children)
        rows = _load(session, list(children))


def _should_be_listed(row: AnyRow) -> bool:
    return bool(row.is_public or row.listed_children)


def _add_children(session: Session, children: Counter[UUID]) -> None:
    if children:
        session.connection().execute(
            ADD_CHILDREN,
            [{"parent": parent, "change": change} for parent, change in sorted(children.items())],
        )


def _load(session: Session, ids: Sequence[UUID]) -> Sequence[AnyRow]:
    return session.connection().execute(STANDING, {"ids": ids}).all() if ids else []
