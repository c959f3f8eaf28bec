"""Who the reader is who votes or reports: somebody without an account."""

import re
from datetime import UTC, datetime

from flask import request
from marshmallow import ValidationError

from service.actions.voting import Reader
from service.api import access
from service.domain.ids import address_hash, keyed_hash
from service.store.sites import SiteRecord

HEADER = "Afterword-Reader"
ID = re.compile(r"[A-Za-z0-9_-]{16,64}")
MEANING = (
    "16 to 64 letters, digits, '-' and '_' at random, made once and kept by the reader's browser."
)


def acting_reader(site: SiteRecord) -> Reader:
    """Raises ValidationError when nothing tells one reader from another."""
    secret = access.settings().secret
    made_up = request.headers.get(HEADER, "")
    if not ID.fullmatch(made_up):
        raise ValidationError({HEADER: [f"Send this header with {MEANING}"]})
    return Reader(
        key=keyed_hash(secret, "reader", f"{site.id} {made_up}"),
        address_hash=address_hash(secret, access.peer(), datetime.now(UTC).date()),
    )
