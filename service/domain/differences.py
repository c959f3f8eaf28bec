"""How one text became another, in words: for moderators, who judge an edit by what is new in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

PIECE = re.compile(r"\w+|\s+|[^\w\s]")
MOST_COMPARED = 1_000  # pieces; the time grows with the square


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Part:
    change: Change
    text: str


def differences(before: str, after: str) -> list[Part]:
    """The parts of both texts: without the added ones it is the first, without the removed, the
    second."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    start = _equal(old, new)
    end = _equal(old[start:][::-1], new[start:][::-1])
    middle = _compared(old[start : len(old) - end], new[start : len(new) - end])
    parts = [
        (Change.SAME, "".join(old[:start])),
        *middle,
        (Change.SAME, "".join(old[len(old) - end :])),
    ]
    return [Part(change, text) for change, text in parts if text]


def _equal(old: Sequence[str], new: Sequence[str]) -> int:
    """How many are the same at the beginning."""
    pairs = zip(old, new, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, str]]:
    if len(old) > MOST_COMPARED or len(new) > MOST_COMPARED:
        yield Change.REMOVED, "".join(old)
        yield Change.ADDED, "".join(new)
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield Change.SAME, "".join(old[a:b])
        else:
            yield Change.REMOVED, "".join(old[a:b])
            yield Change.ADDED, "".join(new[c:d])
