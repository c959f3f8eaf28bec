"""Why a comment has its score: contributions in log-odds that add up to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.findings import Span
from workers.filter import features
from workers.filter.features import Parts
from workers.filter.model import Model
from workers.filter.signal_names import NUMBERS, SIGNALS

SHOWN = 8
START = "before reading it"
REST = "everything else"


@dataclass(frozen=True, slots=True)
class Contribution:
    name: str
    weight: float
    span: Span | None = None


def explained(
    model: Model, found: Parts, *, logit: float, further: Sequence[Contribution] = ()
) -> list[Contribution]:
    """The strongest contributions, largest first, and what all others come to: together `logit`."""
    slope = model.calibration.slope
    start = slope * model.weights.bias + model.calibration.shift
    all_found = [*further, *contributions(model, found)]
    ranked = sorted(all_found, key=lambda one: (-abs(one.weight), one.name))[:SHOWN]
    shown = [one for one in ranked if abs(one.weight) >= 0.05 or one in further]
    rest = logit - start - sum(one.weight for one in shown)
    return [*shown, Contribution(START, start), Contribution(REST, rest)]


def contributions(model: Model, found: Parts) -> Iterator[Contribution]:
    slope = model.calibration.slope
    for signal in found.signals:
        weight = slope * model.weights.signals[NUMBERS[signal.name]] * signal.value
        yield Contribution(SIGNALS[signal.name][0], weight, signal.span)
    words = [model.word(word) for word in found.words]
    others = (
        (features.PAIR, found.pairs),
        (features.WRITTEN, found.written),
        (features.HOST, found.hosts),
    )
    count = sum(pieces for _, pieces in words) + sum(len(tokens) for _, tokens in others)
    scale = slope * features.scale(count)
    weights: dict[str, float] = {}
    for word, (weight, _) in zip(found.words, words, strict=True):
        weights[word] = weight * scale
    for kind, tokens in others:
        for token in tokens:
            named = token.strip("^$ ").replace(" _ ", " … ")
            weights[named] = weights.get(named, 0.0) + model.token(kind, token) * scale
    yield from _named(found, weights)


def _named(found: Parts, weights: dict[str, float]) -> Iterator[Contribution]:
    """Words as their author wrote them, with their places."""
    strongest = sorted(weights, key=lambda name: (-abs(weights[name]), name))
    for number, token in enumerate(strongest):
        span = found.seen.span_of(token) if number < SHOWN and "…" not in token else None
        written = found.seen.text[span.start : span.end] if span else token
        yield Contribution(f"'{written}'", weights[token], span)
