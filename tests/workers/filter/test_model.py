"""The model is a file that anybody can check: small, quick to read, no pickle, no sentences."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workers.filter.sentences import HAM, SPAM
from workers.filter import model
from workers.filter.explaining import explained
from workers.filter.model import DEFAULT, Unreadable, from_bytes, to_bytes
from workers.filter.views import Comment

texts = st.text(max_size=300) | st.sampled_from(SPAM + HAM)


def test_a_model_survives_being_stored(small):
    again = from_bytes(to_bytes(small))
    assert to_bytes(again) == to_bytes(small)
    for text in SPAM + HAM:
        comment = Comment(text)
        assert again.probability(comment) == pytest.approx(small.probability(comment), abs=1e-3)


@pytest.mark.parametrize("damage", [b"", b"pickle\n{}\n", b"x"])
def test_a_damaged_model_is_refused(small, damage):
    stored = to_bytes(small)
    with pytest.raises(Unreadable):
        from_bytes(damage + b"\n" if len(damage) < 2 else damage + stored)
    with pytest.raises(Unreadable):
        from_bytes(stored[:-1] + bytes([stored[-1] ^ 1]))


def test_the_shipped_model_is_small_and_quick_to_read():
    assert DEFAULT.stat().st_size <= 1_100_000
    began = time.process_time()
    from_bytes(DEFAULT.read_bytes())
    assert time.process_time() - began <= 0.15


def test_the_shipped_model_knows_spam():
    shipped = model.default()
    assert shipped.probability(Comment(SPAM[0])) > 0.9
    assert max(shipped.probability(Comment(text)) for text in HAM) < 0.5


def test_the_words_of_the_shipped_model_make_no_sentences():
    """They are sorted, so that nothing of the texts' order is left, and none is rare."""
    counts = model.default().counts
    assert list(counts) == sorted(counts)
    assert all(count >= 3 and " " not in word for word, count in counts.items())


@given(texts, st.text(max_size=20))
def test_contributions_add_up_to_the_score(text, author):
    shipped = model.default()
    found = shipped.parts(Comment(text, author))
    weighed = shipped.weigh(found)
    shown = explained(found, weighed)
    assert sum(one.weight for one in shown) == pytest.approx(weighed.logit, abs=1e-9)
    assert [one.name for one in shown[-2:]] == ["before reading it", "everything else"]


def test_contributions_point_into_the_text():
    shipped = model.default()
    text = "Hey, please s.u.b.s.c.r.i.b.e to my channel"
    found = shipped.parts(Comment(text))
    weighed = shipped.weigh(found)
    written = [
        text[one.span.start : one.span.end]
        for one in explained(found, weighed)
        if one.span and one.name.startswith("'")
    ]
    assert "s.u.b.s.c.r.i.b.e" in written
