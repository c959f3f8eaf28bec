"""Why a comment has its score: contributions in log-odds that add up to it."""

from collections.abc import Iterator
from heapq import nlargest

from service.domain.findings import Contribution
from workers.filter.features import Parts
from workers.filter.model import Weighed
from workers.filter.signal_names import SIGNALS

SHOWN = 8
LEAST = 0.05  # what weighs less is not worth a moderator's time
START = "before reading it"
REST = "everything else"
EMPTY = "how little it says"


def explained(found: Parts, weighed: Weighed) -> list[Contribution]:
    """The strongest, largest first, and what all others come to: together the logit."""
    ranked = nlargest(SHOWN, [*_of_signals(found, weighed), *_of_words(found, weighed)], key=_size)
    shown = [one for one in ranked if abs(one.weight) >= LEAST]
    rest = weighed.logit - weighed.start - sum(one.weight for one in shown)
    return [*shown, Contribution(START, weighed.start), Contribution(REST, rest)]


def _size(one: Contribution) -> tuple[float, str]:
    return abs(one.weight), one.name


def _of_signals(found: Parts, weighed: Weighed) -> Iterator[Contribution]:
    for signal, weight in zip(found.signals, weighed.signals, strict=True):
        yield Contribution(SIGNALS[signal.name][0], weight, signal.span)


def _of_words(found: Parts, weighed: Weighed) -> Iterator[Contribution]:
    """The strongest words and pairs as their author wrote them, with their places."""
    weights: dict[str, float] = {}
    for tokens, each in (
        (found.words, weighed.words),
        (found.pairs, weighed.pairs),
        (found.written, weighed.written),
        (found.hosts, weighed.hosts),
    ):
        for size, weight, token in nlargest(SHOWN, zip(map(abs, each), each, tokens, strict=True)):
            if size * weighed.scale >= LEAST / 2:
                name = token.strip("^$_ ").replace(" _ ", " … ") or EMPTY
                weights[name] = weights.get(name, 0.0) + weight * weighed.scale
    for token in nlargest(SHOWN, weights, key=lambda name: (abs(weights[name]), name)):
        span = None if "…" in token else found.seen.span_of(token)
        written = found.seen.text[span.start : span.end] if span else token
        yield Contribution(EMPTY if token == EMPTY else f"'{written}'", weights[token], span)
