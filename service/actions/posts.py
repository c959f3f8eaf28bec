"""A comment on its way: what a reader sent, and the same made ready to be stored."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

from service.actions.errors import ForeignPage
from service.domain.identity import SignedReader, email_identity, signed_identity
from service.domain.ids import address_hash, keyed_hash, new_id
from service.domain.pages import is_page_of
from service.domain.rendering import render
from service.store import watched
from service.store.sites import SiteRecord
from service.store.threads import Page
from service.store.watched import Watched


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A comment ready to be stored: what takes long was done before the write lock is held."""

    new: NewComment
    site: SiteRecord
    html: str
    address_hash: str
    identity: str | None  # by which the author is recognised
    is_signed: bool  # by the publisher, so that it proves who this is
    badge: str | None
    key_hash: str | None
    body_hash: str  # tells whether two requests with one key say the same
    same_address: Sequence[Watched] = ()  # what moderators decided on where it comes from
    id: UUID = field(default_factory=new_id)

    @property
    def page(self) -> Page:
        return self.site.id, self.new.page


def prepare(
    new: NewComment,
    *,
    site: SiteRecord,
    secret: str,
    address: str,
    idempotency_key: str | None,
    reader: SignedReader | None = None,
    addresses: Sequence[Watched] = (),
) -> Post:
    """Whom the publisher signed in is `reader`, whatever else `new` says. Raises ForeignPage.

    `addresses` are those on which moderators decided.
    """
    if new.page_url is not None and not is_page_of(site.origins, new.page_url):
        raise ForeignPage
    identity = key_hash = None
    if reader is not None:
        new = replace(new, author_name=reader.name, author_email=None)
        identity = signed_identity(secret, site.id, reader.subject)
    elif new.author_email is not None:
        identity = email_identity(secret, new.author_email, new.author_name)
    if idempotency_key is not None:
        whose = identity if reader is not None else f"{new.author_name}\n{new.author_email}"
        key_hash = keyed_hash(secret, "idempotency", f"{whose}\n{idempotency_key}")
    return Post(
        new=new,
        site=site,
        html=render(new.body),
        address_hash=address_hash(secret, address, datetime.now(UTC).date()),
        identity=identity,
        is_signed=reader is not None,
        badge=reader.badge if reader else None,
        key_hash=key_hash,
        body_hash=new.fingerprint() if key_hash else "",
        same_address=watched.matching(addresses, secret=secret, address=address),
    )
