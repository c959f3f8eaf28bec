"""Folding undoes disguises and never loses the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain import folding
from service.domain.folding import as_written, fold, is_disguise, undisguised, visible

# The characters that folding treats in special ways, far more often than chance would draw them.
TRICKY = st.text(
    st.sampled_from("aVi1!$@*_ .\n\t\u200b\u0301\u00adа ѕжИßﬁﷺ한裸สวั५👍\u2800é"), max_size=60
)
ANY_TEXT = st.one_of(TRICKY, st.text(max_size=100))


def disguised_words(text):
    reading = undisguised(fold(text))
    return [reading.text[word.start : word.end] for word in reading.disguised]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Viagra", "viagra"),
        ("CAFÉ cafe\u0301", "cafe cafe"),
        ("v\u200bi\u00adagra", "viagra"),
        ("𝐯𝐢𝐚𝐠𝐫𝐚 ｖｉａｇｒａ", "viagra viagra"),
        ("ﬁne Straße", "fine strasse"),
        ("İstanbul", "istanbul"),
        ("buy,\n now!", "buy now"),
        ("ёлка Ёлка", "елка елка"),
        ("٣ ५", "3 5"),
        ("➆ ⑧ ³", "7 8 3"),
        ("D\u0489O\u0489R\u20dfA\u20dd", "dora"),
        ("हिन्दी", "हिन्दी"),
        ("สวัสดี", "สวัสดี"),
        ("a\u2800b\u3164c", "abc"),
        ("👍 ... ---", ""),
    ],
)
def test_reading_as_written_ignores_what_readers_ignore(text, written):
    assert as_written(fold(text)).text == written


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("viаgrа", "viagra"),
        ("сор", "cop"),
        ("ᴠɪᴀɢʀᴀ", "viagra"),
        ("🅥🅘🅐🅖🅡🅐", "viagra"),
        ("p0rn", "porn"),
        ("$ex", "sex"),
        ("sh!t!!", "shit"),
        ("v i a g r a", "viagra"),
        ("v.i.a.g.r.a", "viagra"),
        ("v - i - a - g - r - a", "viagra"),
        ("**v**ia_gra_", "viagra"),
        ("v*i*a*g*r*a", "viagra"),
        ("裸 聊 天", "裸聊天"),
        ("ｖ１ａｇｒａ", "viagra"),
    ],
)
def test_disguises_are_seen_through(text, word):
    assert disguised_words(text) == [word]


@pytest.mark.parametrize(
    "text",
    [
        "viagra",
        "Привет, это простой тест",
        "in 2026 we saw 1234",
        "wow! really?",
        "a b",
        "we go to X",
        "裸聊",
        "$$$ !!! ***",
        "",
    ],
)
def test_honest_words_are_not_called_disguised(text):
    assert disguised_words(text) == []


def test_one_letter_stands_for_all_that_are_drawn_alike():
    assert fold("kill").bare == fold("k1ll").bare == fold("k!1|").bare


def test_words_spelled_out_with_wider_gaps_between_them_stay_two():
    assert disguised_words("b u y   p i g s now") == ["buy", "pigs"]


def test_a_wholly_look_alike_word_is_honest_among_foreign_words_only():
    assert not disguised_words("у нас рот закрыт, жук")
    assert disguised_words("we sell рот here") == ["pot"]


@pytest.mark.parametrize("shape", ["", "$$$", "dd", "ad", "aa", "xf"])
def test_shapes_without_letters_or_without_a_mix_are_no_disguise(shape):
    assert not is_disguise(shape, speaks_foreign=False)


def test_a_span_covers_the_accents_and_invisible_characters_that_follow():
    text = "ca\u200bfe\u0301\u200b!"
    reading = as_written(fold(text))
    span = reading.span(0, 4)
    assert text[span.start : span.end] == "ca\u200bfe\u0301\u200b"


def test_a_spelled_word_has_the_span_of_all_its_letters():
    text = "now v.i.a.g.r.a, cheap"
    reading = undisguised(fold(text))
    word = reading.disguised[0]
    span = reading.span(word.start, word.end)
    assert text[span.start : span.end] == "v.i.a.g.r.a"


def test_whether_a_match_was_disguised_is_known_by_its_place():
    reading = undisguised(fold("good v1agra here"))
    assert not reading.is_disguised(0, 4)
    assert reading.is_disguised(5, 11)
    assert reading.is_disguised(0, 11)
    assert not reading.is_disguised(12, 16)


@given(ANY_TEXT)
def test_every_folded_character_has_a_place_in_order(text):
    folded = fold(text)
    assert len(folded.plain) == len(folded.bare) == len(folded.shape) == len(folded.origins)
    for reading in (as_written(folded), undisguised(folded), visible(text)):
        origins = list(reading.origins)
        assert len(origins) == len(reading.text)
        assert origins == sorted(origins)
        assert all(0 <= place < len(text) for place in origins)


@given(ANY_TEXT, st.data())
def test_spans_lie_within_the_text(text, data):
    reading = undisguised(fold(text))
    if reading.text:
        start = data.draw(st.integers(0, len(reading.text) - 1))
        end = data.draw(st.integers(start + 1, len(reading.text)))
        span = reading.span(start, end)
        assert 0 <= span.start < span.end <= len(text)


@given(ANY_TEXT)
def test_reading_what_was_read_changes_nothing(text):
    once = as_written(fold(text)).text
    assert as_written(fold(once)).text == once


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("\t\n\r")))
def test_the_quick_way_for_ordinary_text_comes_to_the_same_as_the_thorough_one(text):
    quick, thorough = fold(text), fold(text + "é")
    assert thorough.plain == quick.plain + "e"
    assert thorough.bare == quick.bare + "e"
    assert thorough.shape == quick.shape + "a"
    assert list(thorough.origins) == [*quick.origins, len(text)]


def test_hostile_text_cannot_fill_the_cache(monkeypatch):
    monkeypatch.setattr(folding, "CACHED_CHARACTERS", 0)
    fold("\U0001d400\u4e01\u4e02")
    assert "\u4e02" not in folding.FOLDS


def test_a_ligature_cannot_make_a_text_much_longer():
    assert len(fold("\ufdfa" * 1_000).plain) <= 6_000


def test_visible_text_is_the_text_less_what_nobody_sees():
    assert visible("a\u200b\u202eb\x00\n\ufeff é").text == "ab\n é"
    assert visible("plain").text == "plain"
