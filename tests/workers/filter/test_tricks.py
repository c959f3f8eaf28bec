"""The disguises that training puts on are undone when reading."""

import random

import pytest

from tests.workers.filter.sentences import SPAM
from workers.filter.tricks import TRICKS, padded
from workers.filter.views import Comment


@pytest.mark.parametrize("name", TRICKS)
def test_a_disguise_hides_no_spam(small, name):
    for text in SPAM:
        hidden = TRICKS[name](text, random.Random(3))
        assert small.probability(Comment(hidden)) > 0.5


def test_padding_adds_good_words():
    text = padded("buy this now", random.Random(3), times=2)
    assert text.startswith("buy this now ")
    assert len(text.split()) == 3 + 8
