"""A site's moderators teach the filter, and can take back what they taught."""

import time

import pytest

from tests.workers.filter.sentences import HAM, SPAM
from workers.filter import site
from workers.filter.views import Comment

ODD = ("the tram museum opens on Sunday", "timetables of the old tram line", "tram number nine")


def labels(small, pairs):
    return [
        site.label_of(small, small.parts(Comment(text)), id=str(number), label=label)
        for number, (text, label) in enumerate(pairs)
    ]


@pytest.fixture
def taught(small):
    """A site where talk about trams is unwanted."""
    unwanted = [(f"{ODD[number % 3]} {number}", 1) for number in range(20)]
    wanted = [(f"{HAM[number % 8]} {number}", 0) for number in range(20)]
    return labels(small, [pair for both in zip(unwanted, wanted, strict=True) for pair in both])


def test_few_labels_change_nothing(small, taught):
    assert site.fitted(taught[: site.MIN_LABELS - 1]) is None
    assert site.fitted([one for one in taught if one.label == 0] * 3) is None


def test_a_site_learns_what_it_does_not_want(small, taught):
    model = site.fitted(taught)
    assert model is not None
    assert model.gain > 0
    new = labels(small, [("the tram museum opens on Monday", 1), (HAM[3], 0)])
    unwanted, wanted = (model.logit(one.features, one.shipped) for one in new)
    assert unwanted > 0 > wanted


def test_what_it_judged_of_labels_that_it_had_not_seen_is_handed_out(taught):
    model = site.fitted(taught)
    assert model is not None
    assert [label for _, label in model.held_back] == [one.label for one in taught]
    right = sum((logit > 0) == label for logit, label in model.held_back)
    assert right > 0.9 * len(taught)
    seen = [(model.logit(one.features, one.shipped), one.label) for one in taught]
    assert list(model.held_back) != seen


def test_fitting_again_without_a_label_forgets_it(small, taught):
    extra = labels(small, [("trams are fine", 0)])
    again = site.fitted([one for one in [*taught, *extra] if one is not extra[0]])
    first = site.fitted(taught)
    assert first is not None
    assert again is not None
    assert again.weights == first.weights
    assert again == first


def test_a_model_that_judges_worse_is_not_adopted(small):
    """Labels that follow nothing teach nothing."""
    noise = labels(
        small, [(f"{HAM[number % 8]} {number}", number // 8 % 2) for number in range(48)]
    )
    model = site.fitted(noise)
    assert model is None or model.gain < 0.05


def test_a_label_takes_effect_at_once(small, taught):
    model = site.fitted(taught)
    assert model is not None
    new = labels(small, [("an entirely different matter altogether", 1)])[0]
    before = model.logit(new.features, new.shipped)
    nudged = site.nudged(model, new)
    assert nudged.logit(new.features, new.shipped) > before
    assert model.logit(new.features, new.shipped) == before


def test_ten_thousand_labels_are_fitted_in_seconds(small):
    pairs = [
        (f"{(HAM, SPAM)[number % 2][number // 2 % 8]} {number}", number % 2) for number in range(80)
    ]
    many = labels(small, pairs) * 125
    began = time.process_time()
    model = site.fitted(many)
    assert time.process_time() - began < 30
    assert model is not None
    assert len(model.held_back) == 10_000


def test_hardly_any_good_comment_is_thought_more_likely_spam(small, taught):
    """Of what the moderators let pass, even where some of it reads like what they do not want."""
    odd = labels(small, [(f"{ODD[number % 3]} and {HAM[number % 8]}", 0) for number in range(6)])
    for extra in ([], odd):
        model = site.fitted([*taught, *extra])
        assert model is not None
        ham = [logit for logit, label in model.held_back if not label]
        assert sum(logit > 0 for logit in ham) <= 0.2 * len(ham)
