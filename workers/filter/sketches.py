"""A small sketch of a text: two sketches agree in about the share of four-letter runs in common.

One hash a run, and the least of each of 64 classes of hashes is kept (one-permutation minhash),
of which 16 bits are enough to tell.
It is made of the letters alone, disguises undone, and without links: those rotate.
"""

from array import array
from collections.abc import Sequence
from zlib import crc32

RUN = 4
BINS = 64
EMPTY = 0xFFFFFFFF

Sketch = Sequence[int]


def sketch(letters: str) -> Sketch:
    """Of no letters at all: empty."""
    if len(letters) < RUN:
        return ()
    data = letters.encode()
    least = [EMPTY] * BINS
    for run in {data[start : start + RUN] for start in range(len(data) - RUN + 1)}:
        hashed = crc32(run)
        place = hashed & 63
        if hashed < least[place]:
            least[place] = hashed
    if EMPTY in least:
        _fill(least)
    return array("H", [value >> 6 & 0xFFFF for value in least])


def _fill(least: list[int]) -> None:
    """Short texts leave classes empty; those take what the next one has."""
    following = next(value for value in least if value != EMPTY)
    for place in range(BINS - 1, -1, -1):
        if least[place] == EMPTY:
            least[place] = following
        following = least[place]


def likeness(one: Sketch, other: Sketch) -> float:
    if not one or not other:
        return 0.0
    return sum(map(int.__eq__, one, other)) / BINS


def keys(of: Sketch) -> Sequence[int]:
    """Near texts have at least one key in common: each is made of two bins."""
    if not of:
        return ()
    return [
        (of[place] * 0x9E3779B1 + of[place + 1] * 0x85EBCA6B + place) & 0xFFFFFFFFFFFF
        for place in range(0, BINS, 2)
    ]
