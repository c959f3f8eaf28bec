"""How comments are split for training and measuring: by video, by time, by source, by site."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import process_time

from benchmarks.filtering import data
from benchmarks.filtering.figures import (
    Judged,
    auc,
    bound,
    calibration_error,
    caught,
    of_class,
    recall_at,
    share,
)
from service.domain.bands import Good
from workers.filter import site, training
from workers.filter.learning import sigmoid
from workers.filter.model import Calibration, Model
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
    plain = training.known_ham(segment)
    unseen = training.unseen(rows, groups, training.SETTINGS, beside=plain)
    found = training.calibrate(unseen)
    sources: dict[str, list[Judged]] = {}
    for one in unseen:
        score = sigmoid(found.slope * one.logit + found.shift)
        sources.setdefault(one.source, []).append(Judged(score, one.label))
    return found, sources


def of_sources(bounds: Calibration, judged: dict[str, list[Judged]]) -> dict[str, float]:
    """What the targets ask of sources that the model had not seen."""
    videos = [one for name, found in judged.items() if name.startswith("youtube") for one in found]
    telegram = next(found for name, found in judged.items() if name.startswith("tg"))
    news = [one.score for one in next(found for name, found in judged.items() if name == "civil")]
    rare = bound(news, 0.001)
    spam, ham = of_class(videos, 1), of_class(videos, 0)
    return {
        "sources auc": auc(videos),
        "sources r@1": recall_at(videos, 0.01),
        "telegram auc": auc(telegram),
        "at news youtube": caught(spam, rare),
        "at news telegram": caught(of_class(telegram, 1), rare),
        "news rejected": share(news, bounds.reject, 2),
        "news held": share(news, bounds.hold, bounds.reject),
        "videos rejected": share(ham, bounds.reject, 2),
        "videos approved": share(spam, -1, bounds.hold),
        "videos ece": calibration_error(videos),
        "news ece": calibration_error([Judged(one, 0) for one in news]),
        "promises kept": promises_kept(news, 0.005),
    }


def promises_kept(ham: Sequence[float], rate: float, *, splits: int = 200) -> float:
    """In how many random halves of a site's good comments the other half's promise is kept."""
    dice, kept = random.Random(6), 0
    for _ in range(splits):
        shuffled = dice.sample(ham, len(ham))
        half = len(ham) // 2
        above = Good.of(shuffled[:half]).bound(rate)
        kept += above is not None and share(shuffled[half:], above, 2) <= rate
    return kept / splits


def disguised(folds: Sequence[Fold]) -> dict[str, list[float]]:
    """What the spam of each fold scores after each trick."""
    scores: dict[str, list[float]] = {}
    for fold in folds:
        dice = random.Random(11)
        site_words = [
            word for row in fold.tested if not row["label"] for word in row["text"].split()
        ]
        for row in fold.tested:
            if row["label"]:
                for name, trick in TRICKS.items():
                    found = probability(fold.model, row, trick(row["text"], dice))
                    scores.setdefault(name, []).append(found)
                for name, words, times in (
                    ("good words ×2", GOOD_WORDS, 1),
                    ("good words ×4", GOOD_WORDS, 3),
                    ("the site's words ×2", site_words, 1),
                ):
                    text = padded(row["text"], dice, words, times=times)
                    scores.setdefault(name, []).append(probability(fold.model, row, text))
    return scores


def seconds_to_fit(rows: Sequence[Row], count: int) -> float:
    """CPU time to fit a site's model to so many labels."""
    segment = Segmenter(training.known_words(rows))
    labels = []
    for row in random.Random(5).sample(rows, count):
        one = training.example(row, segment)
        labels.append(Label(row["id"], one.features, 0.0, one.label))
    began = process_time()
    site.fitted(labels)
    return process_time() - began


def curve(rows: Sequence[Row], source: str) -> dict[int, list[Judged]]:
    """A source as a new site: what its labels add to a default that has never seen the source."""
    default = training.fit([row for row in rows if row["source"][:5] != source[:5]])
    own = [row for row in rows if row["source"][:5] == source[:5]]
    random.Random(3).shuffle(own)
    labels = []
    for row in own:
        found = default.parts(Comment(row["text"], row.get("author") or ""))
        labels.append(site.label_of(default, found, id=row["id"], label=int(row["label"])))
    tested = labels[-min(1500, len(labels) // 2) :]
    curves = {}
    for size in SIZES:
        if size <= len(labels) - len(tested):
            learnt = site.fitted(labels[:size])
            curves[size] = [
                Judged(
                    sigmoid(learnt.logit(one.features, one.shipped) if learnt else one.shipped),
                    one.label,
                )
                for one in tested
            ]
    return curves
