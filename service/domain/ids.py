"""Identifiers and keyed hashes."""

import hmac
from datetime import date, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A UUIDv7: sorts by the time of its making, tells nothing of how many there are."""
    return uuid7()


def id_after(last: UUID | None) -> UUID:
    """Like `new_id`, but sorting after that one also where a clock that was ahead made it."""
    new = new_id()
    if last is None or new > last:
        return new
    return UUID(int=((last.int >> 80) + 1) << 80 | new.int & (1 << 80) - 1)


def first_id_of(time: datetime) -> UUID:
    """Sorts before all ids that are made from then on."""
    return UUID(int=max(0, int(time.timestamp() * 1000)) << 80)


@lru_cache(maxsize=32)
def subkey(secret: str, purpose: str) -> bytes:
    """A key of its own for each purpose, so that what one leaks or signs is no use to another."""
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")


def keyed_hash(secret: str, purpose: str, value: str) -> str:
    return hmac.digest(subkey(secret, purpose), value.encode(), "sha256").hex()[:40]


def network_of(address: str) -> str:
    """The part of a peer's address that one reader cannot change at will: /32, or /64 for IPv6."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(parsed) if parsed.version == 4 else str(ip_network((parsed, 64), strict=False))


def address_hash(secret: str, address: str, day: date) -> str:
    """The only form in which an address is kept. Its key changes daily: days cannot be joined."""
    return keyed_hash(secret, f"address {day.isoformat()}", network_of(address))


def email_key(secret: str, site_id: UUID, email: str) -> str:
    """An e-mail address without the name beside it, of no use on another site."""
    return keyed_hash(secret, "e-mail of a site", f"{site_id} {email.strip().lower()}")


def email_hash(secret: str, email: str) -> str:
    return keyed_hash(secret, "email", email.strip().lower())
