"""Logits become probabilities, and promises thresholds that keep them."""

import random

import pytest

from workers.filter.calibration import platt, threshold
from workers.filter.learning import sigmoid


def test_platt_finds_what_the_logits_mean():
    dice = random.Random(1)
    scored = []
    for _ in range(3000):
        logit = dice.uniform(-4, 4)
        scored.append((logit, int(dice.random() < sigmoid(2 * logit - 1))))
    slope, shift = platt(scored, [1.0] * len(scored))
    assert slope == pytest.approx(2, abs=0.2)
    assert shift == pytest.approx(-1, abs=0.2)


def test_platt_survives_classes_that_never_mix():
    slope, shift = platt([(-9.0, 0)] * 20 + [(9.0, 1)] * 20, [1.0] * 40)
    assert 0 < slope < 20
    assert abs(shift) < 5


def test_a_threshold_lets_through_no_more_than_its_share():
    scores = [number / 1000 for number in range(1000)]
    found = threshold(scores, 0.01)
    assert sum(score >= found for score in scores) <= 10
