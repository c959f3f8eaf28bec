"""Bounds come from promises about good comments, and keep them."""

import random

import pytest

from service.domain.bands import NOTHING_PROVEN, Good, holds_from, needed, rejects_from


@pytest.mark.parametrize(
    ("count", "rate", "possible"),
    [(597, 0.005, False), (598, 0.005, True), (298, 0.01, False), (299, 0.01, True)],
)
def test_few_good_comments_promise_nothing(count, rate, possible):
    found = Good.of(number / count for number in range(count)).bound(rate)
    assert (found is not None) is possible


def test_a_promise_is_kept_on_the_other_half_of_a_sites_comments():
    dice = random.Random(3)
    comments = [dice.gauss(0, 1) for _ in range(4000)]
    kept = 0
    for _ in range(200):
        dice.shuffle(comments)
        bound = Good.of(comments[:2000]).bound(0.005)
        kept += bound is not None and sum(one >= bound for one in comments[2000:]) <= 10
    assert kept >= 190


def test_a_promise_is_kept_on_other_comments():
    dice = random.Random(2)
    kept = 0
    for _ in range(200):
        bound = Good.of(dice.random() for _ in range(1500)).bound(0.005)
        kept += bound is not None and 1 - bound <= 0.005
    assert kept >= 190


@pytest.mark.parametrize(("share", "count"), [(0.005, 598), (0.001, 2995), (0.01, 299)])
def test_it_says_how_many_good_comments_a_promise_takes(share, count):
    assert needed(share) == count
    assert Good.of([0.0] * count).bound(share) is not None
    assert Good.of([0.0] * (count - 1)).bound(share) is None


def test_without_a_proof_the_shipped_bound_holds_and_nothing_is_rejected():
    assert holds_from(NOTHING_PROVEN, share=0.02, shipped=-0.5) == -0.5
    assert rejects_from(NOTHING_PROVEN, share=0.005) is None


def test_bounds_stay_within_reason():
    """However far from spam good comments are, and however near."""
    far, near = Good.of([-9.0] * 700), Good.of([5.0] * 700)
    assert holds_from(far, share=0.02, shipped=0.0) == pytest.approx(-2.944, abs=0.001)
    assert holds_from(near, share=0.02, shipped=0.0) == 0.0
    assert rejects_from(far, share=0.005) == pytest.approx(2.197, abs=0.001)
    assert rejects_from(near, share=0.005) == pytest.approx(5.0)
