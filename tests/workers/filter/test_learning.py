"""Training finds what tells spam from the rest, and finds the same each time."""

from hypothesis import given
from hypothesis import strategies as st

from tests.workers.filter.sentences import HAM, SPAM, rows
from workers.filter import training
from workers.filter.learning import sigmoid
from workers.filter.model import to_bytes
from workers.filter.views import Comment


def test_spam_scores_above_the_rest(small):
    spam = [small.probability(Comment(text)) for text in SPAM]
    ham = [small.probability(Comment(text)) for text in HAM]
    assert min(spam) > 0.5 > max(ham)


def test_training_makes_the_same_bytes_twice(small):
    assert to_bytes(training.fit(rows())) == to_bytes(small)


def test_rare_words_are_forgotten():
    texts = [{"text": "the tram of Rumpelstilzchen", "label": 0}, *rows(copies=1)]
    known = training.known_words(texts)
    assert "rumpeistiizchen" not in known
    assert "the" in known


def test_one_source_alone_can_be_learnt_from():
    alone = [{"text": row["text"], "label": row["label"]} for row in rows(copies=2)]
    model = training.fit(alone)
    assert model.probability(Comment(SPAM[0])) > model.probability(Comment(HAM[0]))


@given(st.floats(-1e4, 1e4))
def test_probabilities_are_probabilities(logit):
    assert 0.0 <= sigmoid(logit) <= 1.0
