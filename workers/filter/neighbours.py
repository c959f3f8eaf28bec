"""Finding texts like one before: variants of what was rejected, bursts of what nobody judged yet.

A rejected text catches its near-duplicates (sketches), texts that share much of its wording
(runs of three words), and those that name the same rare anchor. What ordinary comments also have
catches nothing.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from service.domain.opinions import Burst
from workers.filter.sketches import Sketch, keys, likeness
from workers.filter.traces import Trace

ALIKE = 0.28  # from which likeness on a text is a variant of a rejected one
ALIKE_SHORT = 0.4
SHORT = 40  # letters; of less, ordinary comments are alike by chance
LEAST_LETTERS = 20
WORDING = 0.25  # the share of runs of three words in common, and how many at least
RUNS = 3
PAIRING = 0.25  # the share of pairs of words in common among all pairs of both
PAIRS = 3
BURST = 0.45
MOST_JUDGED = 4_000
REMEMBERED = 3_000
CROWDED = 60  # keys that so many texts share tell nothing
ORDINARY = 2  # from so many ordinary comments on an anchor is common
MOST_ORDINARY = 20_000

Key = TypeVar("Key", int, str)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that nobody judged: how many before it were like it, and the first of them."""

    sketch: Sketch
    earlier: int
    first: str

    def burst(self) -> Burst:
        """What one more like it makes of it."""
        return Burst(self.first, self.earlier + 1)


@dataclass(frozen=True, slots=True)
class Match:
    id: str
    how: str  # "text", "wording" or "anchor"
    strength: float
    anchor: str = ""


class Neighbours:
    """An index of one site's texts: the judged ones, and the newest that nobody judged."""

    def __init__(self) -> None:
        self._judged: dict[str, tuple[Trace, int]] = {}
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()
        self._by_key: dict[int, list[str]] = {}
        self._waiting_by_key: dict[int, str] = {}  # the newest with this key
        self._by_run: dict[int, list[str]] = {}
        self._by_pair: dict[int, list[str]] = {}
        self._by_anchor: dict[str, list[str]] = {}
        self._ordinary: Counter[str] = Counter()

    def judge(self, id: str, seen: Trace, label: int) -> None:
        """A moderator's decision; one about the same comment replaces it."""
        self.forget(id)
        if len(self._judged) >= MOST_JUDGED:
            self.forget(next(iter(self._judged)))
        self._judged[id] = (seen if label else seen.without_wording()), label
        _enter(self._by_key, keys(seen.sketch), id)
        if label:
            _enter(self._by_run, seen.runs, id)
            _enter(self._by_pair, seen.pairs, id)
            _enter(self._by_anchor, seen.anchors, id)
        else:
            self._ordinary.update(dict.fromkeys(seen.anchors, ORDINARY))

    def forget(self, id: str) -> None:
        seen, label = self._judged.pop(id, (None, 0))
        if seen is None:
            return
        _leave(self._by_key, keys(seen.sketch), id)
        if label:
            _leave(self._by_run, seen.runs, id)
            _leave(self._by_pair, seen.pairs, id)
            _leave(self._by_anchor, seen.anchors, id)
        else:
            self._ordinary.subtract(dict.fromkeys(seen.anchors, ORDINARY))

    def knows(self, id: str) -> bool:
        return id in self._judged or id in self._waiting

    def has_judged(self, id: str) -> bool:
        return id in self._judged

    def pass_by(self, id: str, seen: Trace, *, like: Waiting | None, ordinary: bool) -> None:
        """A comment that nobody has judged yet, and the newest before it that is like it."""
        if self.knows(id):
            return
        if ordinary:
            self._count(seen.anchors)
        earlier, first = (like.earlier + 1, like.first) if like else (0, id)
        self._waiting[id] = Waiting(seen.sketch, earlier, first)
        self._waiting_by_key.update(dict.fromkeys(keys(seen.sketch)[::2], id))
        if len(self._waiting) > REMEMBERED:
            oldest, gone = self._waiting.popitem(last=False)
            for key in keys(gone.sketch)[::2]:
                if self._waiting_by_key.get(key) == oldest:
                    del self._waiting_by_key[key]

    def rejected_like(self, seen: Trace, *, but: str = "") -> Match | None:
        """The rejected text that this one is a variant of, unless an approved one is nearer."""
        near = self._nearest(seen, but)
        if near is not None and near[0] >= (ALIKE if seen.letters >= SHORT else ALIKE_SHORT):
            strength, id = near
            return Match(id, "text", strength) if self._judged[id][1] else None
        return self._same_wording(seen, but) or self._same_anchor(seen, but)

    def waiting_like(self, seen: Trace, *, but: str = "") -> Waiting | None:
        """The newest text like this one that nobody judged."""
        if seen.letters < LEAST_LETTERS:
            return None
        ids = {self._waiting_by_key.get(key) for key in keys(seen.sketch)[::2]} - {None, but}
        found = (self._waiting[id] for id in ids if id is not None)
        return max(
            (one for one in found if likeness(seen.sketch, one.sketch) >= BURST),
            key=lambda one: one.earlier,
            default=None,
        )

    def _count(self, anchored: Iterable[str]) -> None:
        self._ordinary.update(anchored)
        if len(self._ordinary) > MOST_ORDINARY:  # what was met once is forgotten first
            self._ordinary = Counter({one: n for one, n in self._ordinary.items() if n > 1})

    def _nearest(self, seen: Trace, but: str) -> tuple[float, str] | None:
        if seen.letters < LEAST_LETTERS:
            return None
        return max(
            (
                (likeness(seen.sketch, self._judged[id][0].sketch), id)
                for id in _candidates(self._by_key, keys(seen.sketch))
                if id != but and self._judged[id][0].letters >= LEAST_LETTERS
            ),
            default=None,
        )

    def _same_wording(self, seen: Trace, but: str) -> Match | None:
        for id, count in _shared(self._by_run, seen.runs, but):
            share = count / min(len(seen.runs), len(self._judged[id][0].runs))
            if count >= RUNS and share >= WORDING:
                return Match(id, "wording", share)
        for id, count in _shared(self._by_pair, seen.pairs, but):
            share = count / (len(seen.pairs) + len(self._judged[id][0].pairs) - count)
            if count >= PAIRS and share >= PAIRING:
                return Match(id, "wording", share)
        return None

    def _same_anchor(self, seen: Trace, but: str) -> Match | None:
        shared: dict[str, set[str]] = {}
        for anchor in sorted(seen.anchors):
            if self._ordinary[anchor] < ORDINARY:
                for id in self._by_anchor.get(anchor, ()):
                    if id != but:
                        shared.setdefault(id, set()).add(anchor)
        for id, found in shared.items():
            strong = [anchor for anchor in sorted(found) if self._tells(anchor)]
            if strong or len(found) > 1:
                return Match(id, "anchor", 1.0, (strong or sorted(found))[0])
        return None

    def _tells(self, anchor: str) -> bool:
        """A name alone may be anybody's, unless several rejected texts have it."""
        return not anchor.startswith("name:") or len(self._by_anchor[anchor]) > 1


def _enter(index: dict[Key, list[str]], keys: Iterable[Key], id: str) -> None:
    for key in keys:
        index.setdefault(key, []).append(id)


def _leave(index: dict[Key, list[str]], keys: Iterable[Key], id: str) -> None:
    for key in keys:
        ids = index.get(key, [])
        if id in ids:
            ids.remove(id)
        if not ids:
            index.pop(key, None)


def _shared(index: dict[int, list[str]], of: Iterable[int], but: str) -> list[tuple[str, int]]:
    return Counter(id for one in of for id in index.get(one, ()) if id != but).most_common(3)


def _candidates(index: dict[int, list[str]], keys: Iterable[int]) -> set[str]:
    found: set[str] = set()
    for key in keys:
        ids = index.get(key, ())
        found.update(ids[-CROWDED:])
    return found
