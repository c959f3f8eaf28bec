"""How comments are split for training and measuring: by video, by time, by source, by site."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.filtering import data
from benchmarks.filtering.figures import Judged
from workers.filter import site, training
from workers.filter.learning import logit, sigmoid, train
from workers.filter.model import Calibration, Model
from workers.filter.signal_names import PRIORS
from workers.filter.site import Label
from workers.filter.training import Row
from workers.filter.tricks import GOOD_WORDS, TRICKS, padded
from workers.filter.views import Comment, Segmenter

SHARE = 0.7  # of each class of a video, in time, is what the published protocol trains on
SIZES = (0, 10, 30, 100, 300, 1000)


@dataclass(frozen=True, slots=True)
class Fold:
    model: Model
    tested: Sequence[Row]


def judged(model: Model, rows: Sequence[Row]) -> list[Judged]:
    return [Judged(probability(model, row), int(row["label"])) for row in rows]


def probability(model: Model, row: Row, text: str | None = None) -> float:
    return model.probability(
        Comment(row["text"] if text is None else text, row.get("author") or "")
    )


def by_video(youtube: Sequence[Row]) -> Iterator[tuple[str, Fold, list[Row]]]:
    """Each video judged by the four others; with those of its comments that none of them has."""
    for video in data.videos(youtube):
        taught = [row for row in youtube if row["source"] != video]
        tested = [row for row in youtube if row["source"] == video]
        known = set(map(data.letters, taught))
        fresh = [row for row in tested if data.letters(row) not in known]
        yield video, Fold(training.fit(taught), tested), fresh


def by_time(youtube: Sequence[Row], *, per_class: bool) -> Iterator[tuple[str, Fold]]:
    """The first 70 % of a video, of each class as published or of all, judge its last 30 %."""
    for video in data.videos(youtube):
        own = [row for row in youtube if row["source"] == video]
        parts = [[row for row in own if row["label"] == label] for label in (0, 1)]
        taught: list[Row] = []
        for part in parts if per_class else [own]:
            taught += part[: int(SHARE * len(part))]
        ids = {row["id"] for row in taught}
        order = [row for row in own if row["id"] in ids]
        yield video, Fold(training.fit(order), [row for row in own if row["id"] not in ids])


def by_source(rows: Sequence[Row]) -> tuple[Calibration, dict[str, list[Judged]]]:
    """As the shipped model is calibrated: each source judged by a model that has not seen it."""
    segment = Segmenter(training.known_words(rows))
    groups = training.grouped(rows, segment, training.SETTINGS)
    unseen = training.unseen(rows, groups, training.SETTINGS)
    found = training.calibrate(unseen)
    sources: dict[str, list[Judged]] = {}
    for one in unseen:
        score = sigmoid(found.slope * one.logit + found.shift)
        sources.setdefault(one.source, []).append(Judged(score, one.label))
    return found, sources


def disguised(folds: Sequence[Fold]) -> dict[str, list[float]]:
    """What the spam of each fold scores after each trick."""
    scores: dict[str, list[float]] = {}
    for fold in folds:
        dice = random.Random(11)
        for row in fold.tested:
            if row["label"]:
                for name, trick in TRICKS.items():
                    found = probability(fold.model, row, trick(row["text"], dice))
                    scores.setdefault(name, []).append(found)
                for times in (1, 3):
                    text = padded(row["text"], dice, GOOD_WORDS, times=times)
                    name = f"good words ×{times + 1}"
                    scores.setdefault(name, []).append(probability(fold.model, row, text))
    return scores


def curve(rows: Sequence[Row], source: str) -> dict[int, list[Judged]]:
    """A source as a new site: what its labels add to a default that has never seen the source."""
    segment = Segmenter(
        training.known_words(row for row in rows if row["source"][:5] != source[:5])
    )
    others = [training.example(row, segment) for row in rows if row["source"][:5] != source[:5]]
    weights = train(others, training.SETTINGS, priors=PRIORS)
    own = [row for row in rows if row["source"][:5] == source[:5]]
    random.Random(3).shuffle(own)
    labels = []
    for row in own:
        one = training.example(row, segment)
        labels.append(Label(row["id"], one.features, logit(weights, one.features), one.label))
    tested = labels[-min(1500, len(labels) // 2) :]
    found = {}
    for size in SIZES:
        if size <= len(labels) - len(tested):
            learnt = site.fitted(labels[:size])
            found[size] = [
                Judged(
                    sigmoid(learnt.logit(one.features, one.shipped) if learnt else one.shipped),
                    one.label,
                )
                for one in tested
            ]
    return found
