"""Listed words are found in any dress, and never inside innocent ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.findings import Verdict
from service.domain.policy import Policy, WordsPolicy
from service.domain.submission import Submission
from workers.checks.words import check_words


def checked(body, hold=(), reject=()):
    return check_words(Submission(body), Policy(words=WordsPolicy(hold=hold, reject=reject)))


def hits(body, *listed):
    return [body[span.start : span.end] for span in checked(body, hold=listed).spans]


@pytest.mark.parametrize(
    "written",
    [
        "viagra",
        "VIAGRA",
        "viágra",
        "v1agra",
        "vi@gra",
        "v!agra",
        "viаgrа",
        "𝓿𝓲𝓪𝓰𝓻𝓪",
        "v\u200biagra",
        "v i a g r a",
        "v.i.a.g.r.a",
        "V-I-A-G-R-A",
        "v_i_a_g_r_a",
    ],
)
def test_disguised_words_are_found_where_they_stand(written):
    assert hits(f"buy {written}, now", "viagra") == [written]


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("a specialist", "cialis"),
        ("Scunthorpe", "cunt"),
        ("assist, classic, pass", "ass"),
        ("c l a s s i c", "ass"),
        ("cl4ssic", "ass"),
        ("as s", "ass"),
        ("I5 or A1", "is"),
        ("a kiii", "kill"),
        ("I iike v1tamins", "like"),
        ("pot", "рот"),
        ("во рту у нас рот, жук", "pot"),
        ("C is a language", "c++"),
        ("a dollar", "a$$"),
        ("हिन्दी", "हिन्द"),
        ("buy it now", "buy now"),
        ("anything", "!!!"),
        ("anything", " "),
    ],
)
def test_innocent_words_are_never_hit(body, listed):
    assert checked(body, hold=(listed,)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("body", "listed", "hit"),
    [
        ("Click\n\nHERE!", "click here", "Click\n\nHERE"),
        ("click, h3re", "Click  Here", "click, h3re"),
        ("c l i c k   h e r e", "click here", "c l i c k   h e r e"),
        ("ПРИВЕТ всем", "привет", "ПРИВЕТ"),
        ("cкaжи пpивет всем", "привет", "пpивет"),
        ("это рот", "рот", "рот"),
        ("我要裸聊吗", "裸聊", "裸聊"),
        ("来 裸.聊.吗 好", "裸聊", "裸.聊"),
        ("สวัสดีครับ", "สวัสดี", "สวัสดี"),
        ("我要viagra吗", "viagra", "viagra"),
        ("so 🍆🍆", "🍆", "🍆"),
        ("learn C++ now", "c++", "C++"),
        ("what an a$$", "a$$", "a$$"),
        ("**v**iagra", "viagra", "v**iagra"),
        ("naïve", "naive", "naïve"),
        ("naive", "naïve", "naive"),
        ("the u.s.a rocks", "u s a", "u.s.a"),
        ("v 2 rocket", "v 2", "v 2"),
    ],
)
def test_phrases_symbols_and_other_scripts_are_found(body, listed, hit):
    assert hit in hits(body, listed)


def test_the_reason_names_the_word_as_listed_and_as_written():
    finding = checked("get v1agra", hold=("Viagra",))
    assert finding.verdict is Verdict.HOLD
    assert finding.reason == "'v1agra' matches 'Viagra' on the list of words that hold."


def test_rejecting_wins_over_holding_and_is_no_spam():
    finding = checked("one two", hold=("one", "two"), reject=("two",))
    assert finding.verdict is Verdict.REJECT
    assert not finding.is_spam
    assert "'two' on the list of words that reject" in finding.reason


def test_each_word_is_named_once_however_often_it_stands():
    finding = checked("bad " * 50, hold=("bad",))
    assert finding.reason.count("matches") == 1
    assert 1 < len(finding.spans) < 50


def test_without_lists_everything_passes():
    assert checked("viagra").verdict is Verdict.PASS


LISTED = st.text(st.sampled_from("abcsil1$!. рс裸é👍\u200b"), max_size=6)


@given(
    st.lists(LISTED, max_size=5),
    st.text(st.sampled_from("abcsil1$!. рс裸é👍\u200b\n"), max_size=40),
)
def test_spans_lie_within_the_text_whatever_is_listed(listed, body):
    for span in checked(body, hold=tuple(listed)).spans:
        assert 0 <= span.start < span.end <= len(body)


@given(st.from_regex(r"[a-z]{2,8}( [a-z]{2,8})?", fullmatch=True))
def test_a_listed_word_is_always_found_alone(listed):
    assert checked(listed.upper(), hold=(listed,)).verdict is Verdict.HOLD
