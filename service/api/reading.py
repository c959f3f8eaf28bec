"""What readers get: the comments of a page, one comment, counts."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import ValidationError
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from service.actions.errors import NotFound
from service.api import access
from service.api.answers import answer, public_json
from service.api.database import db
from service.domain import modes
from service.domain.cache_keys import site_key, thread_key
from service.domain.pages import normalise_page
from service.domain.policy import Mode, Policy, RejectedSees, Votes
from service.domain.states import State
from service.domain.wording import Unacceptable
from service.store import comments, pages, raids, sites
from service.store.db import AnyRow, id_written
from service.store.models import Comment
from service.store.pages import MAX_NESTING, Cursor, Shown, Sort
from service.store.sites import SiteRecord


def list_comments(query: dict[str, Any]) -> Response:
    site = access.public_site(query["site"])
    with db.engine.connect() as connection:
        data = thread_page(connection, site, **paging(query))
    return public_json(data, depends_on=page_keys(site, query["page"]))


def count_comments(query: dict[str, Any]) -> Response:
    site = access.public_site(query["site"])
    asked = {page: _normalised(page) for page in query["page"]}
    with db.engine.connect() as connection:
        found = pages.counts(connection, site.id, list(asked.values()))
    counts = {page: found.get(name, 0) for page, name in asked.items()}
    return public_json({"counts": counts}, depends_on=page_keys(site, *asked.values()))


def get_comment(id: UUID) -> Response:
    """Held, deleted, foreign and missing comments look the same to everybody but the author."""
    if access.is_author(id):
        return answer(_own_comment(db.session(), id))
    row = pages.one(db.session().connection(), id)
    if row is None:
        raise NotFound
    site = sites.find_by_id(db.session(), row.site_id)
    access.share_with(site)
    response = public_json(_one(row, site), depends_on=page_keys(site, row.page))
    response.vary.add("Authorization")  # its author gets another answer
    return response


def page_keys(site: SiteRecord, *pages: str) -> set[str]:
    """What an answer about these pages depends on."""
    return {site_key(site.id), *(thread_key(site.id, page) for page in pages)}


def thread_page(
    connection: Connection,
    site: SiteRecord,
    *,
    page: str,
    sort: Sort,
    limit: int,
    after: Cursor | None,
) -> dict[str, Any]:
    """A page of a thread as the API shows it. A page that nobody has commented on is empty."""
    found = pages.listed(connection, site.id, page, sort=sort, limit=limit, after=after)
    return {
        "site": site.key,
        "page": page,
        "mode": _mode(connection, site, found.thread),
        "slow_seconds": found.thread.slow_seconds if found.thread else 0,
        "note": found.thread.note if found.thread else None,
        "voting": site.policy.votes,
        "identity": site.policy.identity,
        "max_characters": site.policy.length.max_characters,
        "edit_minutes": site.policy.edit_minutes,
        "count": found.thread.comment_count if found.thread else 0,
        "comments": _nested(found.top_level, found.replies, site.policy),
        "next": _write_cursor(found.next),
    }


def _mode(connection: Connection, site: SiteRecord, thread: AnyRow | None) -> Mode:
    if thread is None:
        is_raided = raids.is_on_site(connection, site.id)
        return modes.in_force(None, site.policy, is_raided=is_raided)
    age = thread.clock - thread.created_at
    return modes.in_force(thread.mode, site.policy, age=age, is_raided=thread.is_raided)


def _nested(
    top_level: Sequence[Shown], replies: Sequence[Shown], policy: Policy
) -> list[dict[str, Any]]:
    """Replies inside what they answer, siblings as they come; too deep, beside their parent."""
    found = [_shown(row, policy) for row in top_level]
    # What is answered: its id as written, and where its replies go.
    places = {
        row.id: (shown["id"], shown["replies"]) for row, shown in zip(top_level, found, strict=True)
    }
    for row in sorted(replies, key=attrgetter("depth")):
        if row.parent_id in places:
            parent, siblings = places[row.parent_id]
            comment = _shown(row, policy, parent)
            siblings.append(comment)
            below = comment["replies"] if row.depth < MAX_NESTING else siblings
            places[row.id] = comment["id"], below
    return found


def _shown(row: Shown | AnyRow, policy: Policy, parent: UUID | str | None = None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": id_written(row.id),
        "parent": parent,
        "author": {"name": row.author_name, "badge": row.author_badge} if row.is_public else None,
        "body_html": row.body_html,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "votes": _votes(row, policy),
        "replies": [],
    }
    if row.is_cut:
        shown["partly_removed"] = True
    return shown


def _votes(row: Shown | AnyRow | Comment, policy: Policy) -> int:
    """As one number, and of what the policy takes now: it may have taken more before."""
    if policy.votes is Votes.OFF:
        return 0
    return int(row.ups if policy.votes is Votes.UP else row.ups - row.downs)


def _one(row: AnyRow, site: SiteRecord) -> dict[str, Any]:
    parent = row.parent_id and id_written(row.parent_id)
    data = {"site": site.key, "page": row.page, **_shown(row, site.policy, parent)}
    del data["replies"]
    return data


def _own_comment(session: Session, comment_id: UUID) -> dict[str, Any]:
    comment = comments.find(session, comment_id)
    if comment is None or comment.deleted_at is not None:
        raise NotFound
    latest = comments.latest_revision(session, comment_id)
    site = sites.find_by_id(session, comment.site_id)
    access.share_with(site)
    told = _told_state(latest.state, site.policy)
    # A message would give away the state that the site does not tell.
    message = comments.message_about(session, latest.id) if told == latest.state else None
    return ({"partly_removed": True} if latest.cut_from else {}) | {
        "id": comment.id,
        "site": site.key,
        "page": comments.page_of(session, comment.thread_id),
        "parent": comment.parent_id,
        "author": {"name": comment.author_name, "badge": comment.author_badge},
        "body": latest.body,
        "body_html": latest.body_html,
        "state": told,
        "message": message,
        "public": comment.public_revision_id is not None,
        "created_at": comment.created_at,
        "edited_at": latest.created_at if latest.number > 1 and not latest.cut_from else None,
        "editable_until": comment.editable_until,
        "votes": _votes(comment, site.policy),
    }


def _told_state(state: State, policy: Policy) -> State:
    """Some newsrooms do not tell authors of a rejection, lest they try until it gets through."""
    is_hidden = policy.rejected_sees is RejectedSees.WAITING
    return State.HELD if is_hidden and state in (State.REJECTED, State.SPAM) else State(state)


def paging(query: dict[str, Any]) -> dict[str, Any]:
    after = _read_cursor(query["after"]) if "after" in query else None
    return {"page": query["page"], "sort": query["sort"], "limit": query["limit"], "after": after}


def _normalised(page: str) -> str:
    try:
        return normalise_page(page)
    except Unacceptable as error:
        raise ValidationError({"page": [str(error)]}) from error


def _write_cursor(cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    packed = cursor.id.bytes + cursor.score.to_bytes(8, "big", signed=True)
    return urlsafe_b64encode(packed).decode()


def _read_cursor(text: str) -> Cursor:
    try:
        packed = urlsafe_b64decode(text.encode("ascii"))
        if len(packed) != 24:
            raise ValueError
    except (ValueError, Base64Error) as error:
        raise ValidationError({"after": ["Give back `next` of the page before."]}) from error
    return Cursor(UUID(bytes=packed[:16]), int.from_bytes(packed[16:], "big", signed=True))
