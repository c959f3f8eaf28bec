"""Words that spam elsewhere has to itself do not hold what readers of newspapers write."""

import pytest

from workers.filter import model, ordinary
from workers.filter.learning import sigmoid
from workers.filter.views import Comment

# Training knows none of these.
OTHERS = (
    "The free bus stops in front of the police station.",
    "He calls it a prize, and I call it a bribe.",
    "Her claim about the money was wrong, and the text of the law says so.",
    "Hello and thanks to the author.",
    "Nobody at the station would tell us when the next train leaves.",
)


def is_held(text):
    shipped = model.default()
    read = shipped.weigh(shipped.parts(Comment(text, "Ann")))
    return sigmoid(read.logit) >= shipped.calibration.hold


@pytest.mark.parametrize("text", OTHERS)
def test_ordinary_comments_pass(text):
    assert not is_held(text)


def test_few_of_the_shortest_are_held():
    held = [text for text in ordinary.COMMENTS if is_held(text)]
    assert len(held) < len(ordinary.COMMENTS) / 10, held
