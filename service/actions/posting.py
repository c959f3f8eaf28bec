"""Readers post comments: all that come at the same time in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from service.actions.errors import (
    KeyReused,
    ParentNotFound,
    Refused,
    ThreadClosed,
    ThreadIsSlow,
)
from service.actions.posts import NewComment, Post
from service.domain import modes
from service.domain.ids import email_key, new_id
from service.domain.policy import Mode
from service.domain.rendering import RENDER_VERSION
from service.domain.sealing import seal
from service.domain.states import State
from service.store import arrivals, pacing, threads, watched
from service.store.arrivals import Identity, NewAuthor, Place
from service.store.db import begin_write
from service.store.pacing import Turn
from service.store.threads import Found, Opening, Page


@dataclass(frozen=True, slots=True)
class Receipt:
    id: UUID
    editable_until: datetime


def post_comments(
    session: Session, posts: Sequence[Post], *, secret: str
) -> list[Receipt | Refused]:
    """Store comments for screening; each is answered for itself, in their order.

    What has a receipt is durable when this returns. No two of them may have the same key.
    """
    begin_write(session)
    connection = session.connection()
    known = threads.of_pages(connection, {post.page for post in posts})
    waits = pacing.waits(connection, _turns(posts, known))
    places = _places(connection, [post for post in posts if post.id not in waits], known)
    answers = _answered_before(connection, posts, may_be_stored=places.keys())
    fresh = [post for post in posts if post.id in places and post.id not in answers]
    if fresh:
        answers |= _store(connection, fresh, known=known, places=places, secret=secret)
    session.commit()
    return [answers.get(post.id) or _refusal(post, known, waits) for post in posts]


def _places(
    connection: Connection, posts: Sequence[Post], known: Mapping[Page, Found]
) -> dict[UUID, Place]:
    """Where those that may be stored go, by the post's id."""
    parents = {post.new.parent for post in posts if post.new.parent is not None}
    under = arrivals.places_under(connection, parents)
    places: dict[UUID, Place] = {}
    for post in posts:
        thread = known.get(post.page)
        if _is_closed(post, thread):
            continue
        if post.new.parent is None:
            places[post.id] = Place()
        elif post.new.parent in under and thread is not None:
            thread_id, place = under[post.new.parent]
            if thread_id == thread.id:
                places[post.id] = place
    return places


def _turns(posts: Sequence[Post], known: Mapping[Page, Found]) -> list[Turn]:
    """Those that come to slow threads. Whom the publisher signed in is known by that alone."""
    return [
        Turn(
            post.id,
            thread_id=thread.id,
            seconds=thread.slow_seconds,
            identity=post.identity,
            address_hash=None if post.is_signed else post.address_hash,
        )
        for post in posts
        if (thread := known.get(post.page)) is not None and thread.slow_seconds
    ]


def _is_closed(post: Post, thread: Found | None) -> bool:
    mode, age = (thread.mode, thread.age) if thread is not None else (None, None)
    return modes.in_force(mode, post.site.policy, age=age) is Mode.CLOSED


def _refusal(post: Post, known: Mapping[Page, Found], waits: Mapping[UUID, int]) -> Refused:
    if _is_closed(post, known.get(post.page)):
        return ThreadClosed()
    if post.id in waits:
        return ThreadIsSlow(waits[post.id])
    return ParentNotFound()


def _answered_before(
    connection: Connection, posts: Sequence[Post], *, may_be_stored: Collection[UUID]
) -> dict[UUID, Receipt | Refused]:
    """What posts are told whose key stood for a comment already; the others' keys are taken now."""
    keyed = {(post.site.id, post.key_hash): post for post in posts if post.key_hash is not None}
    rows = [
        {
            "site_id": site_id,
            "key_hash": key_hash,
            "body_hash": post.body_hash,
            "comment_id": post.id,
        }
        for (site_id, key_hash), post in keyed.items()
        if post.id in may_be_stored
    ]
    now_taken = arrivals.take_keys(connection, rows)
    earlier = arrivals.taken(
        connection, [key for key, post in keyed.items() if post.id not in now_taken]
    )
    return {
        keyed[key].id: Receipt(row.comment_id, row.editable_until)
        if row.body_hash == keyed[key].body_hash
        else KeyReused()
        for key, row in earlier.items()
    }


def _store(
    connection: Connection,
    posts: Sequence[Post],
    *,
    known: Mapping[Page, Found],
    places: Mapping[UUID, Place],
    secret: str,
) -> dict[UUID, Receipt | Refused]:
    openings = [
        Opening(post.site.id, post.new.page, post.new.page_title, post.new.page_url)
        for post in posts
    ]
    opened = threads.opened(connection, openings, known=known)
    authors = _authors(connection, posts, secret)
    clock = arrivals.clock(connection)
    comments, revisions = [], []
    receipts: dict[UUID, Receipt | Refused] = {}
    for post in posts:
        ids = {"site_id": post.site.id, "thread_id": opened[post.page].id, "created_at": clock}
        until = clock + timedelta(minutes=post.site.policy.edit_minutes)
        author_id = authors[post.site.id, post.identity] if post.identity else None
        comments.append(
            _comment(post, places[post.id])
            | ids
            | {"author_id": author_id, "editable_until": until}
        )
        revisions.append(_revision(post) | ids)
        receipts[post.id] = Receipt(post.id, until)
    arrivals.add(connection, comments=comments, revisions=revisions)
    watched.note(connection, [row for post in posts for row in _followed(post)])
    return receipts


def _followed(post: Post) -> list[dict[str, Any]]:
    """Today's hashes of an address that moderators know by another day's."""
    return [
        {
            "site_id": post.site.id,
            "address_hash": post.address_hash,
            "subject": known.subject,
            "day": None,
            "until": known.until,
        }
        for known in post.same_address
        if known.address_hash != post.address_hash
    ]


def _authors(connection: Connection, posts: Sequence[Post], secret: str) -> dict[Identity, UUID]:
    asked = {(post.site.id, post.identity): post.new for post in posts if post.identity is not None}
    known = arrivals.authors(connection, asked.keys())
    new = {
        key: _author(new, site_id=key[0], secret=secret)
        for key, new in asked.items()
        if key not in known
    }
    return known | arrivals.add_authors(connection, new)


def _author(new: NewComment, *, site_id: UUID, secret: str) -> NewAuthor:
    mail = new.author_email
    return NewAuthor(
        name_key=new.author_name.casefold(),
        email_sealed=seal(secret, mail) if mail else None,
        email_key=email_key(secret, site_id, mail) if mail else None,
    )


def _comment(post: Post, place: Place) -> dict[str, Any]:
    return {
        "id": post.id,
        "parent_id": place.parent_id,
        "root_id": place.root_id,
        "depth": place.depth,
        "author_name": post.new.author_name,
        "author_badge": post.badge,
        "address_hash": post.address_hash,
    }


def _revision(post: Post) -> dict[str, Any]:
    return {
        "id": new_id(),
        "comment_id": post.id,
        "state": State.RECEIVED,
        "body": post.new.body,
        "body_html": post.html,
        "render_version": RENDER_VERSION,
        "form_trap_filled": post.new.form_trap_filled,
        "form_seconds": post.new.form_seconds,
    }
