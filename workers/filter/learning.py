"""Logistic regression by AdaGrad over hashed features and signals, in plain Python.

Hashed weights start from a part of how much more often a feature occurs in spam (naive Bayes);
signals start from what is thought of them beforehand and are drawn back to it.
"""

import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from workers.filter.features import SIZE, Features

SIGNALS_SEEN = 3.0
SETTLED = 0.002  # an example that is off by less than this teaches its words nothing


@dataclass(frozen=True, slots=True)
class Example:
    features: Features
    label: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Settings:
    epochs: int = 10
    averaged: int = 5  # over how many of the last epochs the weights are averaged
    rate: float = 0.1
    signal_rate: float = 0.5
    loyalty: float = 0.002  # how strongly signals are drawn back to their priors
    head_start: float = 0.2  # the part of the naive Bayes weights
    bias: float = -1.0
    seed: int = 4


@dataclass(slots=True)
class Weights:
    hashed: "array[float]"
    signals: list[float]
    bias: float


def sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1.0 / (1.0 + exp(-min(logit, 700.0)))
    grown = exp(max(logit, -700.0))
    return grown / (1.0 + grown)


def logit(weights: Weights, found: Features) -> float:
    total = weights.bias + found.scale * sum(map(weights.hashed.__getitem__, found.hashed))
    for number, value in found.signals:
        total += weights.signals[number] * value
    return total


def train(examples: Sequence[Example], settings: Settings, *, priors: Sequence[float]) -> Weights:
    learner = Learner(settings, priors)
    if settings.head_start:
        _head_start(learner.weights, examples, part=settings.head_start)
    order = list(range(len(examples)))
    dice = random.Random(settings.seed)  # noqa: S311 - for an order, not for a secret
    sums = Weights(array("d", bytes(8 * SIZE)), [0.0] * len(priors), 0.0)
    for epoch in range(settings.epochs):
        dice.shuffle(order)
        for place in order:
            learner.learn(examples[place])
        if epoch >= settings.epochs - settings.averaged:
            _add(sums, learner.weights)
    return _divided(sums, settings.averaged)


class Learner:
    """Weights that move a step with each example; every feature has its own, shrinking step."""

    def __init__(self, settings: Settings, priors: Sequence[float]) -> None:
        self._settings = settings
        self._priors = priors
        self._hashed_seen = array("f", [0.01]) * SIZE
        self._signals_seen = [SIGNALS_SEEN] * len(priors)
        self._bias_seen = 1.0
        self.weights = Weights(array("f", bytes(4 * SIZE)), list(priors), settings.bias)

    def learn(self, example: Example) -> None:
        found, weights = example.features, self.weights
        error = (sigmoid(logit(weights, found)) - example.label) * example.weight
        self._bias_seen += error * error
        weights.bias -= self._settings.rate * error / sqrt(self._bias_seen)
        self._learn_signals(found, error)
        if abs(error) > SETTLED:
            self._learn_hashed(found, error)

    def _learn_signals(self, found: Features, error: float) -> None:
        weights, seen, priors = self.weights.signals, self._signals_seen, self._priors
        rate, loyalty = self._settings.signal_rate, self._settings.loyalty
        for number, value in found.signals:
            slope = error * value
            seen[number] += slope * slope
            prior, weight = priors[number], weights[number]
            weight -= rate * slope / sqrt(seen[number]) + loyalty * (weight - prior)
            # What is known to speak for spam never comes to speak against it, nor the reverse.
            weights[number] = weight if weight * prior >= 0 else 0.0

    def _learn_hashed(self, found: Features, error: float) -> None:
        weights, seen = self.weights.hashed, self._hashed_seen
        slope = error * found.scale
        square, step = slope * slope, self._settings.rate * slope
        for place in found.hashed:
            seen[place] = total = seen[place] + square
            weights[place] -= step / sqrt(total)


def _head_start(weights: Weights, examples: Sequence[Example], *, part: float) -> None:
    counts: tuple[dict[int, int], dict[int, int]] = ({}, {})
    totals = [0, 0]
    for example in examples:
        totals[example.label] += 1
        of_class = counts[example.label]
        for place in set(example.features.hashed):
            of_class[place] = of_class.get(place, 0) + 1
    of_ham, of_spam = counts
    even = log((totals[0] + 1) / (totals[1] + 1))
    for place in of_ham.keys() | of_spam.keys():
        ratio = (of_spam.get(place, 0) + 0.5) / (of_ham.get(place, 0) + 0.5)
        weights.hashed[place] = part * (log(ratio) + even)


def _add(sums: Weights, weights: Weights) -> None:
    for place, value in enumerate(weights.hashed):
        if value:
            sums.hashed[place] += value
    for number, value in enumerate(weights.signals):
        sums.signals[number] += value
    sums.bias += weights.bias


def _divided(sums: Weights, count: int) -> Weights:
    return Weights(
        array("f", [value / count for value in sums.hashed]),
        [value / count for value in sums.signals],
        sums.bias / count,
    )
