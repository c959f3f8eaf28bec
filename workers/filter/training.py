"""Training a filter from labelled comments: with disguised copies, calibrated on unseen sources."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.filter import lexicon, ordinary
from workers.filter.calibration import platt, threshold
from workers.filter.features import features, parts
from workers.filter.learning import Example, Settings, logit, sigmoid, train
from workers.filter.model import Calibration, Model
from workers.filter.signal_names import PRIORS
from workers.filter.tricks import GOOD_WORDS, TRICKS, padded
from workers.filter.views import Comment, Segmenter, view

FOLDS = 5
RARE = 3  # words in fewer comments are forgotten: they may be somebody's name
LONGEST_KNOWN = 20
SPAM_COPIES = 0.7  # the share of spam, and of ham, that is also learnt in a disguise
HAM_COPIES = 0.1
COPY_WEIGHT = 0.5
HELD = 0.2  # who is spam with such a chance is held; fewer where that would hold more than this
HELD_NEWS = 0.008  # share of the ham of sources without any spam, such as news
REJECTED = 0.0004
REJECTED_PER_SOURCE = 0.005
SETTINGS = Settings()
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """A comment scored by a model that knew nothing of its source."""

    logit: float
    label: int
    source: str


def read(paths: Iterable[Path]) -> list[Row]:
    """Labelled comments, a JSON object a line: text and label, and author and source if known."""
    return [
        json.loads(line)
        for path in paths
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]


def fit(rows: Sequence[Row], settings: Settings = SETTINGS) -> Model:
    counts = known_words(rows)
    segment = Segmenter(counts)
    groups, plain = grouped(rows, segment, settings), known_ham(segment)
    judged = unseen(rows, groups, settings, beside=plain)
    taught = [one for group in groups for one in group]
    weights = train([*taught, *plain], settings, priors=PRIORS)
    return Model(weights, counts, calibrate(judged), {"examples": len(rows)})


def grouped(rows: Sequence[Row], segment: Segmenter, settings: Settings) -> list[list[Example]]:
    """Each comment with its disguised copies, which never stand on the other side of a split."""
    return [
        [example(row, segment), *_copies(row, segment, settings.seed + number)]
        for number, row in enumerate(rows)
    ]


def known_words(rows: Iterable[Row]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    nothing_known = Segmenter({})
    for row in rows:
        counts.update(set(view(row["text"], nothing_known).words))
    known = {
        word: count
        for word, count in counts.items()
        if count >= RARE and len(word) <= LONGEST_KNOWN and word.isalpha()
    }
    for word in lexicon.words():
        known[word] = known.get(word, 0) + RARE
    return known


def example(
    row: Row, segment: Segmenter, *, text: str | None = None, weight: float = 1.0
) -> Example:
    comment = Comment(row["text"] if text is None else text, row.get("author") or "")
    return Example(features(parts(comment, segment)), int(row["label"]), weight)


def _copies(row: Row, segment: Segmenter, seed: int) -> Iterator[Example]:
    dice = random.Random(seed)  # noqa: S311 - the same copies each time
    if dice.random() >= (SPAM_COPIES if row["label"] else HAM_COPIES):
        return
    name = dice.choice([*TRICKS, "padded"])
    if name == "padded":
        text = padded(row["text"], dice, GOOD_WORDS, times=dice.randint(1, 3))
    else:
        text = TRICKS[name](row["text"], dice)
    yield example(row, segment, text=text, weight=COPY_WEIGHT)


def known_ham(segment: Segmenter) -> list[Example]:
    """What training knows of ordinary comments beside what it is given."""
    return [example({"text": text, "label": 0}, segment) for text in ordinary.COMMENTS]


def unseen(
    rows: Sequence[Row],
    groups: Sequence[Sequence[Example]],
    settings: Settings,
    *,
    beside: Sequence[Example],
) -> list[Judged]:
    """Every comment as judged by a model trained without its source, on `beside` in any case."""
    folds = _folds(rows)
    judged = []
    for fold in sorted(set(folds)):
        taught = [
            one for group, of in zip(groups, folds, strict=True) if of != fold for one in group
        ]
        weights = train([*taught, *beside], settings, priors=PRIORS)
        judged += [
            Judged(logit(weights, group[0].features), int(row["label"]), _source(row))
            for row, group, of in zip(rows, groups, folds, strict=True)
            if of == fold
        ]
    return judged


def _source(row: Row) -> str:
    return str(row.get("source") or "")


def _folds(rows: Sequence[Row]) -> list[int]:
    """Sources with spam stay whole and are spread over the folds; others are cut up."""
    spam = Counter(_source(row) for row in rows if row["label"])
    whole = {name: number % FOLDS for number, name in enumerate(sorted(spam))}
    if len(whole) < 2:
        return [number * FOLDS // len(rows) for number in range(len(rows))]
    used = min(FOLDS, len(whole))
    return [whole.get(_source(row), number % used) for number, row in enumerate(rows)]


def calibrate(judged: Sequence[Judged]) -> Calibration:
    """Every source counts alike for the probabilities; thresholds keep promises about the ham."""
    sizes = Counter(one.source for one in judged)
    weights = [len(judged) / len(sizes) / sizes[one.source] for one in judged]
    slope, shift = platt([(one.logit, one.label) for one in judged], weights)
    spam_sources = {one.source for one in judged if one.label}
    ham: dict[str, list[float]] = {}
    for one in judged:
        if not one.label:
            ham.setdefault(one.source, []).append(sigmoid(slope * one.logit + shift))
    pure = [score for source in ham.keys() - spam_sources for score in ham[source]]
    reject = [threshold(scores, REJECTED_PER_SOURCE) for scores in ham.values() if len(scores) > 99]
    if pure:
        reject.append(threshold(pure, REJECTED))
    hold = min(max(HELD, threshold(pure, HELD_NEWS)), 0.5) if pure else HELD
    return Calibration(
        round(slope, 6),
        round(shift, 6),
        round(hold, 4),
        round(min(max([0.9, *reject]), 0.9999), 4),
    )
