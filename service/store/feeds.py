"""The newest public comments of a page or of a whole site."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, case, select
from sqlalchemy.orm import Session

from service.domain.states import State
from service.store.db import AnyRow, AnySelect
from service.store.models import Comment, Revision, Thread

NEWEST = 50
C, R = cast(Table, Comment.__table__).c, cast(Table, Revision.__table__).c
T = cast(Table, Thread.__table__).c
SHOWN = (
    C.id, C.parent_id, C.author_name, C.created_at, T.page, T.title, T.url,
)  # fmt: skip


def _texts(revisions: Any) -> tuple[Any, ...]:
    is_edited = revisions.number > 1
    updated_at = case((is_edited, revisions.created_at), else_=C.created_at)
    return revisions.body_html, updated_at.label("updated_at")


OF_THREAD: AnySelect = (
    select(*SHOWN, *_texts(R))
    .join(Thread, C.thread_id == T.id)
    .join(Revision, C.public_revision_id == R.id)
    .where(C.thread_id == bindparam("thread"))
    .order_by(C.created_at.desc(), C.id.desc())
    .limit(NEWEST)
)
# Found first and by themselves, by an index: a public text is an approved one. In one step,
# PostgreSQL would rather sort all of the site's.
NEWEST_TEXTS = (
    select(R.id, R.comment_id, R.number, R.created_at, R.body_html)
    .where(R.site_id == bindparam("site"), R.state == State.APPROVED)
    .order_by(R.id.desc())
    .limit(NEWEST)
    .subquery()
)
OF_SITE: AnySelect = (
    select(*SHOWN, *_texts(NEWEST_TEXTS.c))
    .select_from(NEWEST_TEXTS)
    .join(
        Comment, (C.id == NEWEST_TEXTS.c.comment_id) & (C.public_revision_id == NEWEST_TEXTS.c.id)
    )
    .join(Thread, C.thread_id == T.id)
    .where(C.public_revision_id == NEWEST_TEXTS.c.id)
    .order_by(NEWEST_TEXTS.c.id.desc())
)


def of_thread(session: Session, thread_id: UUID) -> Sequence[AnyRow]:
    return session.connection().execute(OF_THREAD, {"thread": thread_id}).all()


def of_site(session: Session, site_id: UUID) -> Sequence[AnyRow]:
    return session.connection().execute(OF_SITE, {"site": site_id}).all()
