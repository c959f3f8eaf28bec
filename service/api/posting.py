"""What authors do: post, edit, delete."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import ValidationError

from service.actions import editing, posts
from service.actions.errors import IdentityRequired, NotFound
from service.actions.posting import Receipt
from service.actions.posts import NewComment
from service.api import access, readers
from service.api.answers import answer
from service.api.database import db
from service.domain.identity import SignedReader
from service.domain.policy import Identity
from service.domain.states import State
from service.store import comments, sites, watched
from service.store.sites import SiteRecord

LONGEST_KEY = 200


def post_comment(body: NewComment) -> Response:
    site = access.public_site(body.site)
    access.ensure_origin(site)
    receipt = store(
        body, site=site, reader=readers.signed_reader(site), idempotency_key=_idempotency_key()
    )
    data = {
        "id": receipt.id,
        "state": State.RECEIVED,
        "edit_token": access.edit_token(receipt.id),
        "editable_until": receipt.editable_until,
    }
    return answer(data, 202, {"Location": f"/v1/comments/{receipt.id}"})


def store(
    new: NewComment, *, site: SiteRecord, reader: SignedReader | None, idempotency_key: str | None
) -> Receipt:
    """Store a comment, from wherever it was sent. Raises ValidationError, and what posting does."""
    if reader is None:
        _ensure_named(new, site)
    shared = access.posts()
    addresses = watched.remembered(db.engine, site.id)
    with shared.coming():
        post = posts.prepare(
            new,
            site=site,
            secret=access.settings().secret,
            address=access.peer(),
            idempotency_key=idempotency_key,
            reader=reader,
            addresses=addresses,
        )
    return shared.post(post)


def _ensure_named(new: NewComment, site: SiteRecord) -> None:
    if site.policy.identity is Identity.REQUIRED:
        raise IdentityRequired
    if not new.author_name:
        raise ValidationError({"author": ["Missing data for required field."]})


def edit_comment(id: UUID, body: dict[str, Any]) -> Response:
    _ensure_author(id)
    receipt = editing.edit_comment(db.session(), access.bell(), id, body=body["body"])
    data = {"id": id, "state": State.RECEIVED, "editable_until": receipt.editable_until}
    return answer(data, 202)


def delete_comment(id: UUID) -> Response:
    _ensure_author(id)
    editing.delete_comment(db.session(), access.bell(), id)
    return answer(None, 204)


def _ensure_author(comment_id: UUID) -> None:
    access.ensure_author(comment_id)
    comment = comments.find(db.session(), comment_id)
    if comment is None:
        raise NotFound
    access.ensure_origin(sites.find_by_id(db.session(), comment.site_id))


def _idempotency_key() -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not (
        0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    ):
        expected = f"Use 1 to {LONGEST_KEY} printable ASCII characters."
        raise ValidationError({"Idempotency-Key": [expected]})
    return key
