"""A trained filter: its weights, its words, its calibration; as bytes and back, without pickle."""

import json
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from workers.filter import features
from workers.filter.features import HOST, PAIR, SIZE, WRITTEN, Parts, hashed_each, parts
from workers.filter.learning import Weights, sigmoid
from workers.filter.signal_names import NAMES, NUMBERS
from workers.filter.views import Comment, Segmenter

MAGIC = b"afterword filter 1\n"
DEFAULT = Path(__file__).with_name("default.model")
MOST_KEPT = 10_000


class Unreadable(ValueError):
    """These bytes are no model of this version, or were damaged."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """probability = sigmoid(slope * logit + shift); from which probability on to hold or reject."""

    slope: float = 1.0
    shift: float = 0.0
    hold: float = 0.3
    reject: float = 0.98


@dataclass
class Model:
    weights: Weights
    counts: Mapping[str, int]
    calibration: Calibration = field(default_factory=Calibration)
    about: Mapping[str, Any] = field(default_factory=dict)
    name: str = "untitled"  # findings say by which model they were made

    def __post_init__(self) -> None:
        self.segment = Segmenter(self.counts)
        self._words: dict[str, tuple[float, int]] = {}

    def parts(self, comment: Comment) -> Parts:
        return parts(comment, self.segment)

    def weigh(self, found: Parts) -> "Weighed":
        """What everything in a comment weighs; the weights and the start add up to the logit."""
        words = list(map(self._word, found.words))
        weight_at = self.weights.hashed.__getitem__
        pairs = list(map(weight_at, hashed_each(found.pairs, PAIR)))
        written = list(map(weight_at, hashed_each(found.written, WRITTEN)))
        hosts = list(map(weight_at, hashed_each(found.hosts, HOST)))
        of_words = [weight for weight, _ in words]
        count = sum(pieces for _, pieces in words) + len(pairs) + len(written) + len(hosts)
        slope = self.calibration.slope
        of_signals = [
            slope * self.weights.signals[NUMBERS[signal.name]] * signal.value
            for signal in found.signals
        ]
        scale = slope * features.scale(count)
        start = slope * self.weights.bias + self.calibration.shift
        total = sum(of_words) + sum(pairs) + sum(written) + sum(hosts)
        logit = start + scale * total + sum(of_signals)
        return Weighed(logit, start, scale, of_words, pairs, written, hosts, of_signals)

    def probability(self, comment: Comment) -> float:
        return sigmoid(self.weigh(self.parts(comment)).logit)

    def _word(self, word: str) -> tuple[float, int]:
        """The weight of a word with its pieces, and how many those are."""
        kept = self._words.get(word)
        if kept is None:
            places = features.of_word(word)
            kept = sum(map(self.weights.hashed.__getitem__, places)), len(places)
            if len(self._words) >= MOST_KEPT:
                self._words.clear()
            self._words[word] = kept
        return kept


@dataclass(frozen=True, slots=True)
class Weighed:
    """Hashed weights count `scale` times; those of signals as they are."""

    logit: float
    start: float
    scale: float
    words: Sequence[float]
    pairs: Sequence[float]
    written: Sequence[float]
    hosts: Sequence[float]
    signals: Sequence[float]

    def plus(self, other: "Weighed", *, share: float, facts: Sequence[bool]) -> "Weighed":
        """This and so much of what another model weighed in the same comment.

        Facts, of which a site's model knows nothing, weigh what they weigh for the other.
        """
        ours, theirs = self.scale, share * other.scale

        def both(one: Sequence[float], two: Sequence[float]) -> list[float]:
            return [ours * a + theirs * b for a, b in zip(one, two, strict=True)]

        of_signals = [
            b if is_fact else a + share * b
            for a, b, is_fact in zip(self.signals, other.signals, facts, strict=True)
        ]
        known = sum(b for b, is_fact in zip(other.signals, facts, strict=True) if is_fact)
        return Weighed(
            self.logit + share * (other.logit - known) + known,
            self.start + share * other.start,
            1.0,
            both(self.words, other.words),
            both(self.pairs, other.pairs),
            both(self.written, other.written),
            both(self.hosts, other.hosts),
            of_signals,
        )


def to_bytes(model: Model) -> bytes:
    """The same model makes the same bytes."""
    largest = max(map(abs, model.weights.hashed)) or 1.0
    unit = largest / 32767
    numbers = array("h", [round(weight / unit) for weight in model.weights.hashed])
    if sys.byteorder == "big":
        numbers.byteswap()
    words = " ".join(f"{word} {count}" for word, count in sorted(model.counts.items()))
    body = zlib.compress(numbers.tobytes() + words.encode(), 9)
    header = {
        "about": dict(model.about),
        "bias": round(model.weights.bias, 6),
        "calibration": asdict(model.calibration),
        "sha256": sha256(body).hexdigest(),
        "signals": dict(zip(NAMES, [round(one, 6) for one in model.weights.signals], strict=True)),
        "size": SIZE,
        "unit": unit,
    }
    return MAGIC + json.dumps(header, sort_keys=True).encode() + b"\n" + body


def from_bytes(stored: bytes) -> Model:
    magic, _, rest = stored.partition(b"\n")
    head, _, body = rest.partition(b"\n")
    if magic + b"\n" != MAGIC:
        raise Unreadable("This is no model of the filter.")
    header = json.loads(head)
    fits = header["size"] == SIZE and header["signals"].keys() == NUMBERS.keys()
    if not fits or header["sha256"] != sha256(body).hexdigest():
        raise Unreadable("The model is damaged, or of another version.")
    content = zlib.decompress(body)
    numbers = array("h", content[: 2 * SIZE])
    if sys.byteorder == "big":
        numbers.byteswap()
    words = content[2 * SIZE :].decode().split()
    unit = header["unit"]
    weights = Weights(
        array("f", (number * unit for number in numbers)),
        [header["signals"][name] for name in NAMES],
        header["bias"],
    )
    counts = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    return Model(
        weights,
        counts,
        Calibration(**header["calibration"]),
        header["about"],
        f"shipped {header['sha256'][:8]}",
    )


@cache
def default() -> Model:
    """The model that ships with the package; read once."""
    return from_bytes(DEFAULT.read_bytes())
