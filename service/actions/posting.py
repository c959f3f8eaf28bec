"""A reader posts, edits or withdraws a comment."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import (
    EditWindowClosed,
    ForeignPage,
    KeyReused,
    NotFound,
    ParentNotFound,
    ThreadClosed,
)
from service.bell import Bell
from service.domain.ids import address_hash, email_hash, keyed_hash, new_id
from service.domain.policy import Mode
from service.domain.rendering import RENDER_VERSION, render
from service.domain.sealing import seal
from service.domain.states import UNDECIDED, Actor, State
from service.store import changes, comments, moves
from service.store.comments import Place
from service.store.db import begin_write
from service.store.models import Comment
from service.store.sites import SiteRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComment:
    """What a reader sent, already in one form; see service/api/schemas.py."""

    site: str
    page: str
    body: str
    author_name: str
    author_email: str | None = None
    parent: UUID | None = None
    page_title: str | None = None
    page_url: str | None = None
    form_trap_filled: bool = False
    form_seconds: float | None = None

    def fingerprint(self) -> str:
        """Tells whether two requests say the same, without keeping what they say."""
        fields = {name: str(getattr(self, name)) for name in self.__slots__}
        return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Receipt:
    id: UUID
    editable_until: datetime


def post_comment(
    session: Session,
    bell: Bell,
    new: NewComment,
    *,
    site: SiteRecord,
    secret: str,
    address: str,
    idempotency_key: str | None = None,
) -> Receipt:
    """Store a comment for screening. It is durable when this returns; nothing waits for Redis.

    Raises ForeignPage, ThreadClosed, ParentNotFound, KeyReused.
    """
    ensure_own_page(site, new.page_url)
    html = render(new.body)  # before the write lock: it is the slowest part
    sealed = seal(secret, new.author_email) if new.author_email else None
    begin_write(session)
    comment_id = new_id()
    if idempotency_key is not None:
        earlier = _claim_key(session, site, new, secret, idempotency_key, comment_id)
        if earlier is not None:
            return earlier
    author_id = _author(session, site, new, secret, sealed)
    editable_until = _store(
        session,
        site,
        new,
        html=html,
        comment={
            "id": comment_id,
            "author_id": author_id,
            "address_hash": address_hash(secret, address, datetime.now(UTC).date()),
        },
    )
    session.commit()
    bell.ring()  # not before the commit: a fast worker would find nothing
    return Receipt(comment_id, editable_until)


def edit_comment(session: Session, bell: Bell, comment_id: UUID, *, body: str) -> Receipt:
    """Add a revision, to be screened like the first; what is public stays so until it is approved.

    An earlier version that nobody has decided on is withdrawn: its author no longer stands by it.
    Raises NotFound and EditWindowClosed.
    """
    html = render(body)
    begin_write(session)
    comment = _open_comment(session, comment_id)
    if not comments.is_editable(session, comment_id):
        raise EditWindowClosed
    _withdraw(session, comment_id, only=UNDECIDED, reason="edited")
    revision = {
        "site_id": comment.site_id,
        "thread_id": comment.thread_id,
        "comment_id": comment_id,
        "number": comments.revision_count(session, comment_id) + 1,
        **_text(body, html),
    }
    comments.add_revision(session, revision=revision)
    session.commit()
    bell.ring()
    return Receipt(comment_id, comment.editable_until)


def delete_comment(session: Session, bell: Bell, comment_id: UUID) -> None:
    """Withdraw all of a comment's versions. Where it has replies, readers see a tombstone."""
    begin_write(session)
    _open_comment(session, comment_id)
    _withdraw(session, comment_id, only=None, reason="deleted")
    comments.mark_deleted(session, comment_id)
    session.commit()
    bell.tell(changes.noted(session))


def ensure_own_page(site: SiteRecord, url: str | None) -> None:
    """A thread's link is shown to moderators and readers, so it must lead to the publisher."""
    if (
        url is not None
        and site.origins
        and not url.startswith(tuple(f"{o}/" for o in site.origins))
    ):
        raise ForeignPage


def _text(body: str, html: str) -> dict[str, Any]:
    return {"body": body, "body_html": html, "render_version": RENDER_VERSION}


def _store(
    session: Session, site: SiteRecord, new: NewComment, *, html: str, comment: dict[str, Any]
) -> datetime:
    """Put the comment in its place; answers until when it may be edited."""
    thread_id = _open_thread(session, site, new)
    ids = {"site_id": site.id, "thread_id": thread_id}
    place = asdict(_place(session, thread_id, new.parent))
    revision = {
        "id": new_id(),
        **ids,
        **_text(new.body, html),
        "comment_id": comment["id"],
        "form_trap_filled": new.form_trap_filled,
        "form_seconds": new.form_seconds,
    }
    return comments.add(
        session,
        edit_seconds=site.policy.edit_minutes * 60,
        comment={**comment, **ids, **place, "author_name": new.author_name},
        revision=revision,
    )


def _open_thread(session: Session, site: SiteRecord, new: NewComment) -> UUID:
    thread_id, mode = comments.thread_for(
        session, site.id, new.page, title=new.page_title, url=new.page_url
    )
    if (mode or site.policy.mode) == Mode.CLOSED:
        raise ThreadClosed
    return cast(UUID, thread_id)


def _place(session: Session, thread_id: UUID, parent: UUID | None) -> Place:
    place = Place() if parent is None else comments.place_under(session, thread_id, parent)
    if place is None:
        raise ParentNotFound
    return place


def _author(
    session: Session, site: SiteRecord, new: NewComment, secret: str, sealed: str | None
) -> UUID | None:
    if new.author_email is None:
        return None
    # The address alone proves nothing, since anyone may type it. Together with the name it at least
    # is not enough to have seen the address somewhere.
    identity = "email:" + email_hash(secret, f"{new.author_email} {new.author_name.casefold()}")
    return comments.author_for(session, site.id, identity, sealed=sealed)


def _claim_key(
    session: Session, site: SiteRecord, new: NewComment, secret: str, key: str, comment_id: UUID
) -> Receipt | None:
    """The receipt that this key stands for already; None when it is taken now."""
    scope = f"{new.author_name}\n{new.author_email}\n{key}"
    earlier = comments.claim_key(
        session,
        site_id=site.id,
        key_hash=keyed_hash(secret, "idempotency", scope),
        body_hash=new.fingerprint(),
        comment_id=comment_id,
    )
    if earlier is None:
        return None
    if earlier.body_hash != new.fingerprint():
        raise KeyReused
    comment = session.get_one(Comment, earlier.comment_id)
    return Receipt(comment.id, comment.editable_until)


def _open_comment(session: Session, comment_id: UUID) -> Comment:
    comment = comments.lock(session, comment_id)
    if comment is None or comment.deleted_at is not None:
        raise NotFound
    return comment


def _withdraw(
    session: Session, comment_id: UUID, *, only: frozenset[State] | None, reason: str
) -> None:
    found = comments.open_revisions(session, comment_id)
    moves.apply(
        session,
        [
            moves.Move(
                revision_id, state, State.WITHDRAWN, Actor.AUTHOR, by="author", reason=reason
            )
            for revision_id, state in found
            if only is None or state in only
        ],
    )
