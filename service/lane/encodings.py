"""Which encoding a client gets, and the bytes in it."""

import sys
from collections.abc import Callable
from functools import lru_cache

from deflate import gzip_compress, gzip_decompress

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

IDENTITY = "identity"
SMALLEST = 300  # bytes; below, the headers weigh more than what compression saves
COMPRESSIBLE = ("text/", "application/json", "application/atom+xml", "image/svg+xml")

# The same bytes always, on any processor: a strong ETag may be made from those that went in.
# A page is compressed anew after each change, and that should not take long: libdeflate's level 1
# makes it 3 % larger than 4 does, in half the time; zstd's 3 is as small as 5, in 40 % of the time.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda content: zstd.compress(content, 3),
    "gzip": lambda content: bytes(gzip_compress(content, 1)),
}
# What depends on nothing that changes, such as the widget: once, and as small as can be.
FILE_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda content: zstd.compress(content, 19),
    "gzip": lambda content: bytes(gzip_compress(content, 12)),
}
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": zstd.decompress,
    "gzip": lambda content: bytes(gzip_decompress(content)),
    IDENTITY: bytes,
}


def is_compressible(content_type: str) -> bool:
    return content_type.startswith(COMPRESSIBLE)


@lru_cache(512)  # browsers send a handful of them
def chosen(accept_encoding: str | None) -> str:
    """The best of ours that the client takes: RFC 9110, section 12.5.3."""
    if not accept_encoding:
        return IDENTITY
    weights = dict(map(_weighted, accept_encoding.lower().split(",")))
    rest = weights.get("*", 0.0)
    best = max(ENCODERS, key=lambda name: weights.get(name, rest))
    weight = weights.get(best, rest)
    return best if weight > 0 and weight >= weights.get(IDENTITY, 0.0) else IDENTITY


def _weighted(item: str) -> tuple[str, float]:
    name, _, parameters = item.partition(";")
    weight = 1.0
    for parameter in parameters.split(";"):
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
    return name.strip(), weight
