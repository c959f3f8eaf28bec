"""What is remembered of a text to find others like it: nothing that could be read."""

import sys
from array import array
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from service.domain.links import without_links
from workers.filter.anchors import anchors
from workers.filter.features import Parts
from workers.filter.sketches import BINS, RUN, Sketch, sketch
from workers.filter.views import Segmenter, view

LETTERS = 2  # bytes
SKETCH = 2 * BINS  # bytes


@dataclass(frozen=True, slots=True)
class Trace:
    """`runs` and `pairs` of words are only known of a text that was read here."""

    letters: int
    sketch: Sketch
    anchors: frozenset[str]
    runs: frozenset[int] = frozenset()
    pairs: frozenset[int] = frozenset()

    def without_wording(self) -> "Trace":
        """It is most of the memory, and of approved texts nobody asks for it."""
        return Trace(self.letters, self.sketch, self.anchors)


def trace(found: Parts, known: Segmenter) -> Trace:
    seen = found.seen
    words = view(without_links(seen.text), known).words if seen.links else seen.words
    letters = "".join(words)
    runs = zip(words, words[1:], words[2:], strict=False)
    return Trace(
        len(letters),
        sketch(letters),
        anchors(found, known),
        frozenset(crc32(" ".join(run).encode()) for run in runs),
        frozenset(crc32(" ".join(pair).encode()) for pair in pairwise(words)),
    )


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
    return Trace(letters, numbers, frozenset(anchored.split("\n") if anchored else ()))
