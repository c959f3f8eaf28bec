"""The audit log's chain: what the hash of an entry is made of, so that anybody can make it again.

    hash = SHA-256(hash of the entry before it + JSON), with 32 zero bytes before the first one.

The JSON is an array without spaces: [1, seq, at, site, kind, action, by, actor, subject, details,
content]. `details` is text, itself JSON with sorted keys; `content` is the hash, in hexadecimal, of
what the entry stands for but does not repeat: the findings of a decision, the settings of a policy.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson

FORMAT = 1  # the array's first item: another order of items would be another number
START = bytes(32)
EXACT = 2**53  # whole numbers below this are the same as floats and as integers
PARTS = ("seq", "at", "site_id", "kind", "action", "by", "actor", "subject", "details")


def linked(before: bytes, entry: Mapping[str, Any]) -> bytes:
    """The hash of an entry, given as its row, that follows the one with the hash `before`."""
    content: bytes | None = entry["content"]
    said = [FORMAT, *[entry[part] for part in PARTS], content.hex() if content else None]
    return hashlib.sha256(before + orjson.dumps(said, option=orjson.OPT_UTC_Z)).digest()


def details(said: Mapping[str, Any]) -> str:
    """The one way to write what an entry says beside its columns."""
    return orjson.dumps(said, option=orjson.OPT_UTC_Z | orjson.OPT_SORT_KEYS).decode()


def digest(content: Any, *, salt: bytes | None = None) -> bytes:
    """Tells whether content is what it was. With a salt that goes with it, nobody can guess at it
    any more once both are gone.
    """
    text = orjson.dumps(_plain(content), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256((salt or b"") + text).digest()


def _plain(value: Any) -> Any:
    """As any database gives it back: PostgreSQL does not tell 1e16 from 10000000000000000."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    if type(value) is int and abs(value) >= EXACT:
        return float(value)
    return value
