"""Signals say what is special about a comment, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.filter.signal_names import SIGNALS
from workers.filter.signals import signals
from workers.filter.views import Comment, Segmenter, view

KNOWN = Segmenter({"the": 9})


def found(text, **further):
    comment = Comment(text, **further)
    return {signal.name: signal for signal in signals(comment, view(text, KNOWN))}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("look at http://example.com/page it is good", "link"),
        ("a http://a.com/1 b http://b.com/2 c", "links"),
        ("http://example.com/", "link-only"),
        ("see example dot com for it", "link-disguised"),
        ("see https://bit.ly/3xyz for it", "link-shortened"),
        ("join https://t.me/joinchat now", "link-chat"),
        ("http://www.youtube.com/watch?v=abc&t=2m19s best part", "link-moment"),
        ("as https://en.wikipedia.org/wiki/Tram says", "link-reference"),
        ("go http://prizes.xyz/ now", "link-cheap"),
        ("http://shop.com/?ref=9 is nice", "link-path"),
        ('<a href="http://a.com/x">here</a>', "link-markup"),
        ("mail me at jo.doe@example.com please", "mail"),
        ("ring +49 170 1234567 tonight", "phone"),
        ("thanks @somebody_else", "handle"),
        ("won at ALEXA77 again", "brand-capital"),
        ("paid $300 twice", "currency"),
        ("𝐏𝐥𝐚𝐲 𝐧𝐨𝐰", "styled"),
        ("subsсribe today", "mixed"),
        ("subs\u200bcribe today", "invisible"),
        ("c l i c k here", "spelled"),
        ("s\u0332\u0323u\u0332\u0323b\u0332\u0323 now", "stacked"),
        ("THIS IS ALL VERY LOUD", "capitals"),
        ("really?", "asks"),
        ("the call at net.foo.Bar() throws", "code"),
        ("main di situs gacor", "says-slots"),
        ("please subscribe", "says-asks"),
        ("main di 𝗗𝗢𝗥𝗔𝟳𝟳", "brand-disguised"),
        ("main di D O R A 7 7", "brand-disguised"),
        ("only for adults 18+", "adults"),
        ("now 70% off", "percent"),
        ("Thanks. Best Python Training Course in Pune", "keywords"),
        ("Nice post! We offer roof repairs, call us", "praise-offer"),
        ("earn money from home, whatsapp me", "money-contact"),
        ("menang di RAJA88", "luck-brand"),
        ("like this comment", "says-begs"),
        ("he has fewer subscribers than she", "says-counts"),
        ("just here to check the views", "says-views"),
    ],
)
def test_a_signal_is_found(text, name):
    assert name in found(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2.124.821.694 views and counting", "phone"),
        ("@somebody_else you are right", "handle"),
        ("он в VPNе сидит", "mixed"),
        ("he lives in the USA 2024", "brand-capital"),
        ("I was 18 then", "adults"),
        ("the second half was off", "percent"),
        ("please help me reach 100 subscribers before them", "says-counts"),
        ("see https://en.wikipedia.org/wiki/Tram", "link-elsewhere"),
        ("http://example.com/", "short"),
        ("she wrote mp3 and 3D", "leet"),
    ],
)
def test_a_signal_is_not_found(text, name):
    assert name not in found(text)


def test_places_are_those_of_the_text():
    text = "well, please see http://example.com/page there"
    span = found(text)["link"].span
    assert text[span.start : span.end] == "http://example.com/page"


def test_links_to_the_site_itself_are_no_foreign_ones():
    own = found("see http://news.example/a", own_hosts=frozenset({"news.example"}))
    assert "link-own" in own
    assert "link" not in own


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("SEO Services", "author-sells"),
        ("www.shop.com", "author-link"),
        ("jane1984", "author-digits"),
        ("𝐉𝐚𝐧𝐞", "author-styled"),
    ],
)
def test_names_of_authors_tell(author, name):
    assert name in found("hello", author=author)
    assert name not in found("hello", author="Jane Doe")


def test_facts_tell_when_they_are_known():
    assert "new-author" in found("hello", facts={"author_approved": 0})
    assert found("hello", facts={"author_approved": 3})["approved-author"].value == 2.0
    told = found("hello", facts={"author_rejected": 1, "form_seconds": 1, "words_of_subject": 2})
    assert {"rejected-author", "hasty", "own-words"} <= set(told)
    assert not {"new-author", "approved-author"} & set(found("hello"))


@given(st.text(max_size=200), st.text(max_size=20))
def test_every_signal_has_words_for_moderators(text, author):
    for signal in found(text, author=author).values():
        assert SIGNALS[signal.name][0]
        assert 0 < signal.value <= 3
        assert signal.span is None or 0 <= signal.span.start < signal.span.end <= len(text)


def test_places_in_a_shortened_text_are_left_out():
    long = found("x " * 5000 + "http://example.com/page")
    assert long["link"].span is None
