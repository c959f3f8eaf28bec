"""Disguises are undone before anything is judged, and places stay where they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.filter.views import LONGEST_TEXT, Comment, Segmenter, view

KNOWN = Segmenter({"check": 9, "out": 9, "my": 20, "channei": 5, "the": 50, "subscribe": 5})


def words(text):
    return list(view(text, KNOWN).words)


@pytest.mark.parametrize(
    "disguised",
    [
        "check out my channel",
        "CHECK Out mY chAnnel",
        "🇨 🇭 🇪 🇨 🇰 out my channel",
        "&#99;heck out my ch&#x61;nnel",
        "ch\u200beck o\u200cut my chan\u2060nel",
        "сhесk оut my сhаnnеl",
        "𝐜𝐡𝐞𝐜𝐤 𝐨𝐮𝐭 𝐦𝐲 𝐜𝐡𝐚𝐧𝐧𝐞𝐥",
        "chéck oút my chãnnel",
        "ch3ck 0ut my ch4nnel",
        "c.h.e.c.k o-u-t my c_h_a_n_n_e_l",
        "c h e c k  o u t  my  c h a n n e l",
        "c h e c k o u t m y c h a n n e l",
        "check&nbsp;out my<br />channel",
    ],
)
def test_a_disguise_changes_no_word(disguised):
    assert words(disguised) == ["check", "out", "my", "channei"]


def test_words_are_found_where_their_author_put_them():
    text = "well, it&#39;s nice: c.h.e.c.k the channel"
    found = view(text, KNOWN)
    for word, written in (("check", "c.h.e.c.k"), ("channei", "channel")):
        span = found.span_of(word)
        assert span is not None
        assert text[span.start : span.end] == written
    assert found.span_of("absent") is None


def test_unknown_words_stay_whole():
    assert words("Z3ntr4lb4hnh0f the") == ["zentraibahnhof", "the"]


def test_long_texts_are_read_at_both_ends():
    found = view("begin " + "x " * LONGEST_TEXT + "end", KNOWN)
    assert len(found.text) == LONGEST_TEXT + 1
    assert (found.words[0], found.words[-1]) == ("begin", "end")


@given(st.text(max_size=300))
def test_every_text_can_be_read(text):
    found = view(text, KNOWN)
    for word in found.words[:5]:
        span = found.span_of(word)
        assert span is None or 0 <= span.start < span.end <= len(found.text)


def test_a_comment_needs_nothing_but_a_text():
    assert Comment("text").author == ""
