"""The shipped filter among kinds of comments that its training data has little or nothing of."""

import pytest

from tests.workers.filter.ordinary import ORDINARY, lines
from tests.workers.filter.unwanted import UNWANTED
from workers.filter import model
from workers.filter.views import Comment


def scores(comments):
    shipped = model.default()
    return [shipped.probability(Comment(text)) for _, text in comments]


def test_no_ordinary_comment_is_rejected():
    bound = model.default().calibration.reject
    judged = zip(lines(ORDINARY), scores(lines(ORDINARY)), strict=True)
    assert [text for (_, text), score in judged if score >= bound] == []


def test_few_ordinary_comments_are_held():
    bound = model.default().calibration.hold
    found = scores(lines(ORDINARY))
    assert sum(score >= bound for score in found) <= 0.1 * len(found)


@pytest.mark.parametrize("kind", ORDINARY)
def test_no_kind_of_talk_is_held_as_a_whole(kind):
    bound = model.default().calibration.hold
    found = scores(lines({kind: ORDINARY[kind]}))
    assert sum(score >= bound for score in found) <= 0.2 * len(found)


@pytest.mark.parametrize("kind", UNWANTED)
def test_most_spam_of_a_kind_is_held_at_least(kind):
    bound = model.default().calibration.hold
    found = scores(lines({kind: UNWANTED[kind]}))
    assert sum(score >= bound for score in found) >= 0.8 * len(found)


@pytest.mark.parametrize("kind", UNWANTED)
def test_spam_of_a_kind_stands_above_ordinary_comments(kind):
    spam, ham = scores(lines({kind: UNWANTED[kind]})), scores(lines(ORDINARY))
    above = sum(one > other for one in spam for other in ham)
    assert above >= 0.9 * len(spam) * len(ham)
