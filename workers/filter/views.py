"""A comment as the filter reads it: words with their disguises undone, tokens as written, links."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from service.domain.findings import Span
from service.domain.folding import Reading, fold, undisguised
from service.domain.links import Link, find_links

# What stands for an entity or for the separators of a spelled-out word: folding drops it, and so
# every place in the text stays where it was.
NOTHING = "\u200b"
ENTITY = re.compile(
    r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|apos|quot|amp|lt|gt|nbsp);|<br ?/?>", re.IGNORECASE
)
ENTITIES = {"apos": "'", "quot": '"', "amp": "&", "lt": "<", "gt": ">", "nbsp": " "}
# "c.h.e.c.k": three letters or more with the same mark between them.
SPELLED = re.compile(
    r"(?<![^\W_])[^\W\d_]([.,:;/|+=~^_·•-]{1,2}| ?[.,/|·•-] ?)[^\W\d_](?:\1[^\W\d_])+(?![^\W_])"
)
WRITTEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[^\w\s\u200b\ufeff]{1,3}")
LONGEST_TEXT = 8_000  # of more, the beginning and the end are read; it bounds the time
LONGEST_WORD = 24  # of a longer one, such as a key or a script without spaces, pieces are taken
SHORTEST_SPELLED = 4
SHORTEST_RUN = 8  # shorter runs of joined letters are not worth cutting up
LONGEST_RUN = 200


@dataclass(frozen=True, slots=True)
class Comment:
    """What the filter may see. `facts` are known beforehand, such as {"author_approved": 3}.

    `context` is what it stands under: the article's text or title, or the comment it answers.
    """

    text: str
    author: str = ""
    context: str = ""
    own_hosts: frozenset[str] = frozenset()
    facts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    text: str
    words: Sequence[str]
    spelled: int  # how many words were spelled out
    joined: str  # the words with a space between them and around them
    reading: Reading
    links: Sequence[Link]

    @cached_property
    def written(self) -> list[str]:
        return WRITTEN.findall(self.text.lower())

    def span_of(self, word: str) -> Span | None:
        """Where a word, or several, first stand in the text."""
        place = f" {self.reading.text} ".find(f" {word} ")
        if place < 0 or not word:
            return None
        return self.reading.span(place, place + len(word))


class Segmenter:
    """Cuts "checkoutmychannel" into words, by how often each occurs."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        total = sum(counts.values()) + 1
        self._costs = {word: log(total / count) for word, count in counts.items() if count}
        self._longest = min(20, max(map(len, self._costs), default=0))
        self._unknown = log(total) + 3.0

    def __contains__(self, word: str) -> bool:
        return word in self._costs

    def __call__(self, run: str) -> list[str]:
        run = run[:LONGEST_RUN]
        best = [0.0]
        cuts = [0]
        for end in range(1, len(run) + 1):
            cost, cut = best[-1] + self._unknown, end - 1
            for start in range(max(0, end - self._longest), end):
                price = self._costs.get(run[start:end])
                if price is not None and best[start] + price < cost:
                    cost, cut = best[start] + price, start
            best.append(cost)
            cuts.append(cut)
        return _pieces(run, cuts, known=self._costs)


def _pieces(run: str, cuts: Sequence[int], *, known: Mapping[str, float]) -> list[str]:
    pieces: list[str] = []
    end = len(run)
    while end:
        pieces.append(run[cuts[end] : end])
        end = cuts[end]
    words: list[str] = []
    stray = ""
    for piece in reversed(pieces):  # letters that are no word stay together
        if piece in known and len(piece) > 1:
            words += [stray, piece] if stray else [piece]
            stray = ""
        else:
            stray += piece
    return [*words, stray] if stray else words


def view(text: str, segment: Segmenter) -> View:
    text = shortened(text)
    plain = ENTITY.sub(_character, text) if "&" in text or "<" in text else text
    plain, spelled = SPELLED.subn(_joined, plain)
    reading = undisguised(fold(plain))
    words = reading.text.split(" ") if reading.text else []
    if spelled:
        words = _cut_all(words, segment)
    elif reading.disguised:
        words, spelled = _cut(reading, segment)
    return View(text, words, spelled, f" {' '.join(words)} ", reading, find_links(text))


def shortened(text: str) -> str:
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT // 2] + "\n" + text[-LONGEST_TEXT // 2 :]


def _cut(reading: Reading, segment: Segmenter) -> tuple[list[str], int]:
    words: list[str] = []
    spelled = after = 0
    text = reading.text
    for span in reading.disguised:
        words += text[after : span.start].split()
        word = text[span.start : span.end]
        if len(word) >= SHORTEST_SPELLED:
            place = reading.span(span.start, span.end)
            spelled += place.end - place.start > 3 * len(word) // 2
        if len(word) >= SHORTEST_RUN and word not in segment:
            words += segment(word)
        else:
            words.append(word)
        after = span.end
    return words + text[after:].split(), spelled


def _cut_all(words: Sequence[str], segment: Segmenter) -> list[str]:
    return [
        piece
        for word in words
        for piece in ([word] if len(word) < SHORTEST_RUN or word in segment else segment(word))
    ]


def _character(match: re.Match[str]) -> str:
    entity = match[0].lower()
    if entity[0] == "<":
        char = "\n"
    elif entity[1] == "#":
        code = int(entity[3:-1], 16) if entity[2] == "x" else int(entity[2:-1])
        char = chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
    else:
        char = ENTITIES[entity[1:-1]]
    return char + NOTHING * (len(entity) - 1)


def _joined(match: re.Match[str]) -> str:
    mark = match[1]
    return match[0].replace(mark, NOTHING * len(mark))
