"""Words that spam elsewhere has to itself do not hold what readers of newspapers write."""

import pytest

from workers.filter import model, ordinary
from workers.filter.learning import sigmoid
from workers.filter.views import Comment

# Training knows none of these.
OTHERS = (
    "They never sent a reply to my text about the station.",
    "The free bus stops in front of the police station.",
    "Thanks for the reply, that answers my question.",
    "He calls it a prize, and I call it a bribe.",
    "Her claim about the cash was in the text all along.",
    "Mobile phones should stay out of the classroom.",
    "Hello and thanks to the author.",
)


@pytest.mark.parametrize("text", [*OTHERS, *ordinary.COMMENTS[::7]])
def test_ordinary_comments_pass(text):
    shipped = model.default()
    read = shipped.weigh(shipped.parts(Comment(text, "Ann")))
    assert sigmoid(read.logit) < shipped.calibration.hold
