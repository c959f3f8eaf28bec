"""Logits become probabilities, and promises thresholds that keep them."""

import random

import pytest

from workers.filter.calibration import platt, promised, threshold
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


@pytest.mark.parametrize(
    ("count", "rate", "possible"),
    [(597, 0.005, False), (598, 0.005, True), (298, 0.01, False), (299, 0.01, True)],
)
def test_few_good_comments_promise_nothing(count, rate, possible):
    found = promised([number / count for number in range(count)], rate)
    assert (found is not None) is possible


def test_a_promise_is_kept_on_the_other_half_of_a_site_s_comments():
    dice = random.Random(3)
    comments = [dice.gauss(0, 1) for _ in range(4000)]
    kept = 0
    for _ in range(200):
        dice.shuffle(comments)
        bound = promised(comments[:2000], 0.005)
        kept += bound is not None and sum(one >= bound for one in comments[2000:]) <= 10
    assert kept >= 190


def test_a_promise_is_kept_on_other_comments():
    dice = random.Random(2)
    kept = 0
    for _ in range(200):
        bound = promised([dice.random() for _ in range(1500)], 0.005)
        kept += bound is not None and 1 - bound <= 0.005
    assert kept >= 190
