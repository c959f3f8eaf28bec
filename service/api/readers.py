"""Who the reader is: somebody whom the publisher signed in, or whose browser made up an id."""

import re
from datetime import UTC, datetime
from uuid import UUID

from flask import request
from marshmallow import ValidationError
from sqlalchemy.orm import Session

from service.actions import identities
from service.actions.errors import NotFound
from service.actions.voting import Reader
from service.api import access
from service.api.database import db
from service.domain.identity import SignedReader, reader_hash
from service.domain.ids import address_hash, keyed_hash
from service.store import comments, sites
from service.store.sites import SiteRecord

HEADER = "Afterword-Reader"
ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
MEANING = (
    "16 to 64 letters, digits, '-' and '_' at random, made once and kept by the reader's browser."
)


def signed_reader(site: SiteRecord) -> SignedReader | None:
    """None when no token was sent. Raises Unauthenticated for one that is not good."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "reader":
        return None
    with Session(db.engine) as session:  # ends here: who posts may hold no connection
        return identities.signed_reader(
            session, token.strip(), site=site, secret=access.settings().secret
        )


def acting_reader(site: SiteRecord) -> Reader:
    """Raises Unauthenticated, and ValidationError when nothing tells one reader from another."""
    secret = access.settings().secret
    signed = signed_reader(site)
    if signed is not None:
        return Reader(key=reader_hash(secret, site.id, signed.subject), address_hash=None)
    made_up = request.headers.get(HEADER, "")
    if not ID.fullmatch(made_up):
        raise ValidationError({HEADER: [f"Send this header with {MEANING}"]})
    return Reader(
        key=keyed_hash(secret, "reader", f"{site.id} {made_up}"),
        address_hash=address_hash(secret, access.peer(), datetime.now(UTC).date()),
    )


def site_of_public(comment_id: UUID) -> SiteRecord:
    """The site of a comment that readers see. Raises NotFound, and OriginNotAllowed."""
    comment = comments.find(db.session(), comment_id)
    if comment is None or comment.public_revision_id is None:
        raise NotFound
    site = sites.find_by_id(db.session(), comment.site_id)
    access.ensure_origin(site)
    return site
