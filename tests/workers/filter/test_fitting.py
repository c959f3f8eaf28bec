"""A version of a site's model is adopted only if it judges no worse than what is there."""

from dataclasses import replace

import pytest

from tests.teaching import TALK, TRAMS, WORDS
from workers.filter import fitting, site_bytes
from workers.filter.fitting import Lessons, Outcome
from workers.filter.learning import sigmoid
from workers.filter.model import Unreadable
from workers.filter.scoring import SiteFilter, Taught
from workers.filter.views import Comment


def taught(small, count, *, wrong=0, start=0):
    """Labels of a site that wants no trams; the last `wrong` of them say the opposite."""
    reader, labels = SiteFilter(small), []
    for number in range(start, start + count):
        words = f"{WORDS[number % 12]} {WORDS[number * 5 % 12]} {number}"
        text = f"{TRAMS[number % 3]} {words}" if number % 2 else f"{TALK[number % 4]} {words}"
        label = number % 2 if number < start + count - wrong else 1 - number % 2
        labels.append(reader.read(Comment(text)).label(id=str(number), label=label))
    return labels


def lessons(labels, *, new=()):
    return Lessons(labels, [0.0] * len(labels), {one.id for one in new})


def test_few_decisions_leave_it_to_the_shipped_model(small):
    fitted = fitting.fit(lessons(taught(small, 20)), before=None)
    assert (fitted.outcome, fitted.model) == (Outcome.TOO_FEW, None)
    assert fitted.is_adopted
    assert fitted.good.count == 10


def test_what_judges_better_than_the_shipped_model_is_adopted(small):
    fitted = fitting.fit(lessons(taught(small, 60)), before=None)
    assert fitted.outcome is Outcome.BETTER
    assert fitted.model is not None
    assert fitted.figures["held_back"]["log_loss"] < fitted.figures["shipped"]["log_loss"]


def test_what_judges_new_decisions_worse_than_before_is_not_adopted(small):
    """Somebody clicked the wrong key for a while; the model before does not fall for it."""
    before = fitting.fit(lessons(taught(small, 200)), before=None).model
    new = taught(small, 20, start=200)
    muddled = taught(small, 60, wrong=40, start=400)
    worse = fitting.fit(lessons([*muddled, *new], new=new), before=before)
    assert worse.outcome is Outcome.WORSE
    assert not worse.is_adopted
    assert fitting.fit(lessons([*muddled, *new]), before=before).is_adopted  # nothing new to tell


def test_facts_beside_the_text_count_towards_the_bands(small):
    labels = taught(small, 60)
    plain = fitting.fit(lessons(labels), before=None)
    known = fitting.fit(Lessons(labels, [0.7] * 60, set()), before=None)
    assert known.good.highest == pytest.approx([one + 0.7 for one in plain.good.highest], abs=1e-3)


def test_a_stored_model_judges_the_same(small):
    labels = taught(small, 60)
    model = fitting.fit(lessons(labels), before=None).model
    assert model is not None
    again = site_bytes.from_bytes(site_bytes.to_bytes(model, small), small)
    for one in labels:
        assert again.logit(one.features, one.shipped) == model.logit(one.features, one.shipped)
    with pytest.raises(Unreadable):
        site_bytes.from_bytes(site_bytes.to_bytes(model, small), replace(small, name="another"))


def test_a_taught_models_explanation_adds_up(small):
    model = fitting.fit(lessons(taught(small, 60)), before=None).model
    assert model is not None
    reader = SiteFilter(small)
    reader.adopt(model)
    facts = {"author_approved": 3.0}
    for text in (*TRAMS, *TALK, "free followers at https://x.example", "", "?"):
        read = reader.read(Comment(text, "Ann", facts=facts))
        thought = reader.spam(read)
        total = sum(one.weight for one in thought.contributions)
        assert total == pytest.approx(thought.logit, abs=1e-6)
        assert thought.logit == pytest.approx(Taught(model).logit(read) + read.facts, abs=1e-6)
        assert 0 < sigmoid(thought.logit) < 1
