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
LARGE = 10**16  # from here on floats are written with an exponent
# What numbers look like that come back from PostgreSQL in other words than they went, with 0 for
# each digit. Others may look like them, too, which costs time alone.
DIGITS = bytes.maketrans(b"123456789", b"000000000")
LONG = b"0" * 17
AMBIGUOUS = (
    b"0e0", b"0e+0", *(before + LONG for before in (b":", b",", b"[", b":-", b",-", b"[-")),
)  # fmt: skip
NEGATIVE_ZEROS = (b"-0.0,", b"-0.0]", b"-0.0}")
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
    try:
        text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # a whole number beyond 64 bits
        text = b""
    if not text or _is_ambiguous(text):
        text = orjson.dumps(_plain(content), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256((salt or b"") + text).digest()


def _is_ambiguous(text: bytes) -> bool:
    flat = text.translate(DIGITS)
    return any(like in flat for like in AMBIGUOUS) or any(like in text for like in NEGATIVE_ZEROS)


def _plain(value: Any) -> Any:
    """As either database gives it back: PostgreSQL makes whole numbers of the largest floats."""
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return value + 0.0  # -0.0 becomes 0.0
    if type(value) is int and abs(value) >= LARGE:
        return float(value)
    return value
