"""What is remembered of a text to find others like it: nothing that could be read."""

import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from service.domain.links import without_links
from workers.filter.anchors import anchors
from workers.filter.features import Parts
from workers.filter.sketches import BINS, RUN, Sketch, keys, sketch
from workers.filter.views import Segmenter, view

LETTERS = 2  # bytes
SKETCH = 2 * BINS  # bytes


@dataclass(frozen=True, slots=True)
class Trace:
    """`runs` and `pairs` of words are only known of a text that was read here."""

    letters: int
    sketch: Sketch
    keys: Sequence[int]
    anchors: frozenset[str]
    runs: frozenset[int] = frozenset()
    pairs: frozenset[int] = frozenset()

    def without_wording(self) -> "Trace":
        """It is most of the memory, and of approved texts nobody asks for it."""
        return Trace(self.letters, self.sketch, self.keys, self.anchors)


def trace(found: Parts, known: Segmenter) -> Trace:
    seen = found.seen
    words = view(without_links(seen.text), known).words if seen.links else seen.words
    letters = "".join(words)
    sketched = sketch(letters)
    return Trace(
        len(letters),
        sketched,
        keys(sketched),
        anchors(found, known),
        _hashed(zip(words, words[1:], words[2:], strict=False)),
        _hashed(pairwise(words)),
    )


def _hashed(runs: Iterable[tuple[str, ...]]) -> frozenset[int]:
    return frozenset(map(crc32, map(str.encode, map(" ".join, runs))))


def to_bytes(seen: Trace) -> bytes:
    """To be stored: the sketch and the anchors. Other comments are found by these alone."""
    numbers = array("H", seen.sketch)
    if sys.byteorder == "big":
        numbers.byteswap()
    letters = min(seen.letters, 0xFFFF).to_bytes(LETTERS, "little")
    return letters + numbers.tobytes() + "\n".join(sorted(seen.anchors)).encode()


def from_bytes(stored: bytes) -> Trace:
    letters = int.from_bytes(stored[:LETTERS], "little")
    end = LETTERS + (SKETCH if letters >= RUN else 0)
    numbers = array("H", stored[LETTERS:end])
    if sys.byteorder == "big":
        numbers.byteswap()
    anchored = stored[end:].decode()
    return Trace(
        letters, numbers, keys(numbers), frozenset(anchored.split("\n") if anchored else ())
    )
