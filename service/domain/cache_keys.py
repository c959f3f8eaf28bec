"""Names under which public answers are kept and purged, by us and by caches in front of us."""

from base64 import urlsafe_b64encode
from hashlib import blake2b
from uuid import UUID

DIGEST_BYTES = 9  # 12 characters: a hundred of them still fit into a proxy's buffer for headers


def thread_key(site_id: UUID, page: str) -> str:
    """For all that shows the comments of this page, also while nobody has written any."""
    return "t" + _short(site_id.bytes + page.encode())


def site_key(site_id: UUID) -> str:
    """For all that depends on the site's settings."""
    return "s" + _short(site_id.bytes)


def feed_key(site_id: UUID) -> str:
    """For what shows comments of any page of the site."""
    return "f" + _short(site_id.bytes)


def is_site_key(key: str) -> bool:
    return key.startswith("s")


def _short(content: bytes) -> str:
    return urlsafe_b64encode(blake2b(content, digest_size=DIGEST_BYTES).digest()).decode()
