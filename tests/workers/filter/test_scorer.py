"""The filter of a site: bands, duplicates, and labels that can be taken back."""

import time

import pytest

from tests.workers.filter.sentences import HAM, SPAM
from workers.filter.scorer import Band, Scorer
from workers.filter.views import Comment

OFFER = "Grandmother never told anybody how she mends old tin kettles with plain honey and string"


@pytest.fixture
def at_work(small):
    return Scorer(small)


def test_bands_follow_the_probability(at_work):
    assert at_work.score(Comment(SPAM[1] + " " + SPAM[2])).band is not Band.APPROVE
    assert at_work.score(Comment(HAM[0])).band is Band.APPROVE


def test_a_variant_of_a_rejected_text_is_rejected(at_work):
    before = at_work.score(Comment(OFFER))
    at_work.learn(Comment(OFFER), id="kettle", label=1)
    after = at_work.score(Comment(OFFER.replace("honey", "butter")))
    assert before.duplicate_of is None
    assert (after.duplicate_of, after.band) == ("kettle", Band.REJECT)
    assert after.probability > 0.9 > before.probability
    assert any("like rejected #kettle" in one.name for one in after.contributions)


def test_a_decision_taken_back_leaves_nothing(at_work):
    before = at_work.score(Comment(OFFER))
    at_work.learn(Comment(OFFER), id="kettle", label=1)
    at_work.unlearn("kettle")
    assert at_work.score(Comment(OFFER)) == before


def test_a_changed_decision_replaces_the_first(at_work):
    at_work.learn(Comment(OFFER), id="kettle", label=1)
    at_work.learn(Comment(OFFER), id="kettle", label=0)
    assert at_work.score(Comment(OFFER)).duplicate_of is None


def test_contributions_add_up_whatever_was_learnt(at_work):
    for number in range(40):
        text = f"{OFFER} {number}" if number % 2 else f"{HAM[number % 8]} {number}"
        at_work.learn(Comment(text), id=str(number), label=number % 2)
    for text in (OFFER, *HAM, *SPAM):
        score = at_work.score(Comment(text))
        assert sum(one.weight for one in score.contributions) == pytest.approx(score.logit)
    learnt = at_work.score(Comment(OFFER)).contributions
    assert any("kettles" in one.name and one.weight > 0 for one in learnt)


def test_a_burst_is_held(at_work):
    bands = [at_work.score(Comment(f"{OFFER} {n}"), id=str(n)).band for n in range(4)]
    assert bands == [Band.APPROVE, Band.APPROVE, Band.HOLD, Band.HOLD]
    assert at_work.score(Comment(OFFER), id="last").duplicate_of == "0"


def test_a_reset_forgets_everything(at_work):
    before = at_work.score(Comment(OFFER))
    at_work.learn(Comment(OFFER), id="kettle", label=1)
    at_work.reset()
    assert at_work.score(Comment(OFFER)) == before


@pytest.mark.parametrize(
    "piece", ["a", "A", "aB", "Ab1", "a@", "$a", "1,", "a.", "a_", "é", "с", "𝐚", "c.h.", "1 1"]
)
def test_no_text_takes_long(at_work, piece):
    began = time.process_time()
    at_work.score(Comment(piece * (20_000 // len(piece)), piece * 100))
    assert time.process_time() - began < 0.5
