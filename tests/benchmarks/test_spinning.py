"""Campaigns that are spun anew for each text are found, and what others write is not."""

import pytest

from benchmarks.filtering import campaigns
from benchmarks.filtering.ordinary import ORDINARY, lines
from workers.filter import model


@pytest.fixture(scope="module")
def found():
    others = [text for _, text in lines(ORDINARY)]
    return campaigns.spun(model.default(), others, decided=3)


def test_three_decisions_find_most_of_a_campaign(found):
    assert found["micro"] >= 0.6
    assert found["macro"] >= 0.85


def test_a_campaign_is_held_before_anybody_decided(found):
    assert found["bursts held"] >= 0.85


def test_ordinary_comments_are_no_campaign(found):
    assert found["others taken for them"] == 0
    assert found["others held"] == 0
