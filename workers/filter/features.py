"""A comment as numbers: hashed words, pairs and pieces of words, and the named signals.

Everything hashed counts alike and is divided by the root of how much there is. A word and its
pieces go together: they are the same wherever the word stands, so they are kept once found.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import sqrt
from zlib import crc32

from workers.filter.lexicon import without_counts
from workers.filter.signal_names import NUMBERS, Signal
from workers.filter.signals import signals
from workers.filter.views import LONGEST_WORD, Comment, Segmenter, View, view

BITS = 18
SIZE = 1 << BITS
MASK = SIZE - 1
# Where each kind's hashes start from, so that the word "a" and the piece "a" differ.
WORD, PAIR, PIECE, WRITTEN, HOST, AUTHOR = range(1, 7)
PIECES = (3, 4, 5, 6)
MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Features:
    hashed: Sequence[int]
    scale: float
    signals: Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a comment consists of, before hashing: it is what explanations name."""

    seen: View
    words: tuple[str, ...]
    pairs: tuple[str, ...]
    written: tuple[str, ...]
    hosts: tuple[str, ...]
    signals: Sequence[Signal]


def parts(comment: Comment, segment: Segmenter) -> Parts:
    seen = view(comment.text, segment)
    found = signals(comment, seen)
    words = _telling(seen, {signal.name for signal in found})[:MOST_WORDS]
    framed = ["^", *words, "$"]
    pairs = [
        *map(" ".join, pairwise(framed)),
        *map(" _ ".join, zip(framed, framed[2:], strict=False)),
    ]
    return Parts(
        seen,
        tuple(dict.fromkeys(words)),
        tuple(dict.fromkeys(pairs)),
        tuple(dict.fromkeys(seen.written[:MOST_WORDS])),
        tuple(dict.fromkeys(link.host for link in seen.links)),
        found,
    )


def _telling(seen: View, names: Set[str]) -> Sequence[str]:
    talks = not names.isdisjoint({"says-counts", "says-views"})
    if talks and "says-asks" not in names:
        return without_counts(seen.joined)
    return seen.words


def features(found: Parts) -> Features:
    hashed: list[int] = []
    for word in found.words:
        hashed += remembered(word)
    hashed += hashed_each(found.pairs, PAIR)
    hashed += hashed_each(found.written, WRITTEN)
    hashed += hashed_each(found.hosts, HOST)
    named = [(NUMBERS[signal.name], signal.value) for signal in found.signals]
    return Features(hashed, scale(len(hashed)), named)


def scale(count: int) -> float:
    return 1.0 / sqrt(count + 8.0)


def of_word(word: str) -> tuple[int, ...]:
    """The word itself, twice as heavy as any of its pieces, and its pieces."""
    whole = crc32(word.encode(), WORD) & MASK
    bounded = f"<{word[:LONGEST_WORD]}>".encode()
    last = len(bounded)
    return (
        whole,
        whole,
        *(
            crc32(bounded[start : start + size], PIECE) & MASK
            for size in PIECES
            for start in range(last - size + 1)
        ),
    )


# Training meets the same words again and again. A model that weighs keeps their sums instead.
remembered = lru_cache(maxsize=2**12)(of_word)


def hashed_each(tokens: Sequence[str], kind: int) -> list[int]:
    return [crc32(token.encode("utf-8", "surrogatepass"), kind) & MASK for token in tokens]
