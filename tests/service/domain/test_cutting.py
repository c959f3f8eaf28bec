"""What is left of a text is the text, but for marks where something was taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.cutting import cut, mark_of, merged, sentences
from service.domain.findings import Span
from service.domain.rendering import render
from service.domain.wording import Unacceptable

MARK = "\N{BLACK SQUARE}"
TEXT = "Good point. You idiot! See (here): https://news.example."


@given(
    st.text(alphabet="ab ([:\N{GRINNING FACE}\n", min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=5),
)
def test_nothing_is_added_but_marks_and_a_space_after_them(text, pairs):
    spans = [Span(min(pair), min(max(pair), len(text))) for pair in pairs]
    gone = {at for span in spans for at in range(span.start, span.end)}
    kept = "".join(letter for at, letter in enumerate(text) if at not in gone)
    try:
        left = cut(text, spans, mark=MARK)
    except Unacceptable:
        assert not gone or not kept.strip()
        return
    assert left.replace(f"{MARK} ", MARK).replace(MARK, "") in (kept, kept.replace(f"{MARK} ", ""))
    without = left
    for letter in "([:":
        without = without.replace(f"{MARK} {letter}", f"{MARK}{letter}")
    assert without.count(MARK) == len(merged(spans))


def test_parts_that_touch_leave_one_mark():
    assert cut(TEXT, [Span(12, 15), Span(15, 22)], mark="[x]") == (
        "Good point. [x] See (here): https://news.example."
    )


@pytest.mark.parametrize("after", ["(https://evil.example)", "[evil]", ": https://evil.example"])
def test_a_mark_never_becomes_a_link(after):
    left = cut(f"Well. Idiot{after}", [Span(6, 11)], mark="[removed by a moderator: abuse]")
    assert "removed by a moderator: abuse]" in left
    html = render(left)
    assert "[removed by a moderator: abuse]" in html
    assert ">removed by" not in html


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([], "Choose the part"),
        ([Span(3, 3)], "Choose the part"),
        ([Span(0, len(TEXT))], "Reject it instead"),
        ([Span(5, len(TEXT) + 1)], "outside of the text"),
        ([Span(-3, 4)], "outside of the text"),
    ],
)
def test_what_cannot_be_taken_out_is_said(spans, said):
    with pytest.raises(Unacceptable, match=said):
        cut(TEXT, spans, mark=MARK)


def test_a_text_is_offered_by_sentences_and_lines():
    pieces = [TEXT[span.start : span.end] for span in sentences(TEXT)]
    assert pieces[:2] == ["Good point.", "You idiot!"]
    assert [span.start for span in sentences("One\n\nTwo…")] == [0, 5]
    assert sentences("  \n ") == []


def test_the_mark_stays_one():
    assert mark_of("gel[ö]scht", "Beleidigung]") == "[gelöscht: Beleidigung]"
    assert mark_of("removed", None) == "[removed]"
