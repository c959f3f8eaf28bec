"""Erasing people and what decisions say about them: it goes, and the audit log tells that it went.

Comments stay as empty places, since replies stand under them, and decisions as rows without texts.
"""

from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, null, or_, select, text, tuple_, update
from sqlalchemy.orm import Session

from service.domain.identity import erased_identity
from service.domain.standings import of_author, of_email
from service.domain.states import FINAL, Actor, State
from service.store import audit, authors, batches, replays, retention, search, standings
from service.store.audit import CONTENT, Entry, Kind
from service.store.db import now
from service.store.filters import LONG_AGO, FilterModel
from service.store.models import Author, Comment, Decision, Revision
from service.store.reader_tables import IdempotencyKey, Report
from service.store.standing_tables import WatchedAddress

DECISIONS = cast(Table, Decision.__table__)
BLANK = update(DECISIONS).values({name: null() for name in (*CONTENT, "salt")})
SAYS_SOMETHING = or_(*(DECISIONS.c[name].is_not(None) for name in CONTENT))
# What is blanked, by table. All that is text, or made of text, is here, among what is deleted
# with it, or in tests/rules/test_privacy.py with the reason why it stays.
BLANK_COMMENT: dict[str, Any] = {
    "author_id": None, "author_name": "", "author_badge": None, "address_hash": None,
}  # fmt: skip
BLANK_REVISION: dict[str, Any] = {
    "body": "", "body_html": "", "form_seconds": None, "fingerprint": None, "trace": None,
    "campaign_id": None, "facts_logit": None,
}  # fmt: skip
BLANK_AUTHOR: dict[str, Any] = {"email_sealed": None, "email_key": None, "name_key": ""}


def blank_decisions(session: Session, decision_ids: Sequence[UUID], *, by: str) -> None:
    """With the salt goes the last means of guessing at what was said by the hash of it."""
    where = DECISIONS.c.id.in_(decision_ids)
    blanked = session.execute(
        BLANK.where(where).returning(DECISIONS.c.id, DECISIONS.c.site_id)
    ).all()
    entries = [
        Entry(
            kind=Kind.ERASURE, action="decision blanked", by=by, site_id=row.site_id,
            subject=row.id,
        )
        for row in blanked
    ]  # fmt: skip
    audit.note(session, *entries)


def take_time(session: Session) -> None:
    """Some of what follows has no index, and nobody waits for it."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def next_comments(session: Session, author_id: UUID, *, most: int) -> Sequence[UUID]:
    """Comments of an author, of which none are left when they are erased."""
    query = select(Comment.id).where(Comment.author_id == author_id)
    return session.scalars(query.order_by(Comment.created_at).limit(most)).all()


def hold(session: Session, author_id: UUID) -> None:
    """Whoever posts as this author waits until the commit, and is waited for."""
    session.execute(select(Author.id).where(Author.id == author_id).with_for_update())


def open_revisions(session: Session, comment_ids: Collection[UUID]) -> list[tuple[UUID, State]]:
    """Those that can still move."""
    rows = session.execute(
        select(Revision.id, Revision.state)
        .where(Revision.comment_id.in_(comment_ids), Revision.state.not_in(FINAL))
        .order_by(Revision.id)
    )
    return [(row.id, State(row.state)) for row in rows]


def blank_comments(session: Session, comment_ids: Collection[UUID], *, by: str) -> None:
    """Of one site: all of their versions, and what was kept because of them."""
    mine = Comment.id.in_(comment_ids)
    addresses = session.execute(
        select(Comment.site_id, Comment.address_hash).where(mine, Comment.address_hash.is_not(None))
    ).all()
    watched = tuple_(WatchedAddress.site_id, WatchedAddress.address_hash)
    session.execute(delete(WatchedAddress).where(watched.in_([tuple(row) for row in addresses])))
    of_comments = Revision.comment_id.in_(comment_ids)
    revisions = session.scalars(
        update(Revision).where(of_comments).values(BLANK_REVISION).returning(Revision.id)
    ).all()
    search.forget(session, revisions)
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.comment_id.in_(comment_ids)))
    session.execute(update(Report).where(Report.comment_id.in_(comment_ids)).values(note=None))
    _blank_what_was_said(session, comment_ids, by=by)
    values = {"deleted_at": func.coalesce(Comment.deleted_at, now()), "erased_at": now()}
    sites = session.scalars(
        update(Comment).where(mine).values(BLANK_COMMENT | values).returning(Comment.site_id)
    ).all()
    entry = Entry(
        kind=Kind.ERASURE, action="comments erased", by=by, site_id=sites[0],
        details={"comments": sorted(map(str, comment_ids)), "versions": len(revisions)},
    )  # fmt: skip
    audit.note(session, entry)


def _blank_what_was_said(session: Session, comment_ids: Collection[UUID], *, by: str) -> None:
    """Of decisions about these comments, and by what was learnt from them."""
    found = session.execute(
        select(
            DECISIONS.c.id, DECISIONS.c.site_id, DECISIONS.c.actor, SAYS_SOMETHING.label("says")
        ).where(DECISIONS.c.comment_id.in_(comment_ids))
    ).all()
    blank_decisions(session, [row.id for row in found if row.says], by=by)
    sites = {row.site_id for row in found}
    _unlearn(session, {row.site_id for row in found if row.actor == Actor.MODERATOR})
    batches.blank(session, comment_ids)
    replays.leave_out(session, sites, comment_ids)
    standings.blank_notes(session, comment_ids, by=by)


def _unlearn(session: Session, site_ids: Collection[UUID]) -> None:
    """What taught these sites' models is not all there any more: the next round fits them anew."""
    session.execute(
        update(FilterModel)
        .where(FilterModel.site_id.in_(site_ids))
        .values(content=None, good=null(), taught_until=LONG_AGO)
    )


def blank_reader(session: Session, reader: str, *, by: str, site_id: UUID) -> None:
    """Votes and reports stay as somebody's, the notes of reports do not."""
    retention.unlink_reader(session, reader)
    audit.note(session, Entry(kind=Kind.ERASURE, action="reader erased", by=by, site_id=site_id))


def blank_author(session: Session, author_id: UUID, *, by: str, comments: int) -> None:
    """By what they were recognised, and what was known by that."""
    author = session.get_one(Author, author_id, populate_existing=True)
    site_id, email = author.site_id, author.email_key
    values = {**BLANK_AUTHOR, "identity": erased_identity(author_id)}
    session.execute(update(Author).where(Author.id == author_id).values(values))
    standings.unlink(session, site_id, of_author(author_id), by=by)
    if email and not authors.with_email(session, site_id, email):
        standings.unlink(session, site_id, of_email(email), by=by)
    entry = Entry(
        kind=Kind.ERASURE, action="author erased", by=by, site_id=site_id, subject=author_id,
        details={"comments": comments},
    )  # fmt: skip
    audit.note(session, entry)
