"""What shows that a form was asked for here, for this page, within the day."""

import hmac
import time

from service.api import access
from service.domain.ids import subkey
from service.store.sites import SiteRecord

SLOT_SECONDS = 3_600
SLOTS = 24  # for so many hours a form may lie open
AHEAD = 1  # that the host may be which made it, or this one's clock was set back since


def token(site: SiteRecord, page: str, *, slot: int | None = None) -> str:
    """It changes each hour and not with each reader, so that the page is kept like any other."""
    slot = _now() if slot is None else slot
    key = subkey(access.settings().secret, "form without script")
    digest = hmac.digest(key, f"{slot} {site.id} {page}".encode(), "sha256")
    return f"{slot}.{digest.hex()[:32]}"


def is_good(given: str, site: SiteRecord, page: str) -> bool:
    slot = given.partition(".")[0]
    if not (slot.isascii() and slot.isdecimal() and -AHEAD <= _now() - int(slot[:9]) <= SLOTS):
        return False
    expected = token(site, page, slot=int(slot[:9]))
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _now() -> int:
    return int(time.time()) // SLOT_SECONDS
