"""Nearly the same texts have nearly the same fingerprint."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.fingerprint import fingerprint, letters, near, similarity
from service.domain.policy import RepetitionPolicy

ADVERT = (
    "Make money from home with my simple system, I earned two thousand dollars last week and"
    " so can you, just write to me and I will tell you everything about it"
)
OTHER = (
    "The council voted against the new bridge on Tuesday, which surprised those of us who had"
    " read the report about the river and its banks"
)
NEARLY = RepetitionPolicy().similarity


@pytest.mark.parametrize(
    "variant",
    [
        ADVERT.upper(),
        ADVERT.replace(" ", "  ") + "!!!",
        ADVERT.replace("o", "0"),
        ADVERT.replace("a", "а"),
        " ".join(ADVERT),
    ],
)
def test_disguises_do_not_change_the_fingerprint(variant):
    assert fingerprint(variant) == fingerprint(ADVERT)


@pytest.mark.parametrize("variant", [ADVERT + " 4711", "Hello friend! " + ADVERT, ADVERT[:-3]])
def test_small_changes_leave_texts_nearly_the_same(variant):
    assert similarity(fingerprint(variant), fingerprint(ADVERT)) >= NEARLY


def test_different_texts_are_not_nearly_the_same():
    assert similarity(fingerprint(OTHER), fingerprint(ADVERT)) < NEARLY


def test_repeating_a_text_does_not_change_what_it_is_made_of():
    assert similarity(fingerprint("hahaha" * 2), fingerprint("hahaha" * 200)) == 1.0


@pytest.mark.parametrize("text", ["", " \n", "!?", "👍"])
def test_texts_without_letters_have_fingerprint_zero(text):
    assert fingerprint(text) == 0
    assert letters(text) == 0


def test_letters_counts_folded_letters_and_digits():
    assert letters("I agr\u200bee, 2!") == 7


@given(st.text(max_size=50))
def test_fingerprints_fit_a_signed_64_bit_column(text):
    assert -(2**63) <= fingerprint(text) < 2**63


@given(st.integers(-(2**63), 2**63 - 1), st.integers(-(2**63), 2**63 - 1))
def test_similarity_is_a_symmetric_share(one, other):
    assert 0 <= similarity(one, other) == similarity(other, one) <= 1
    assert similarity(one, one) == 1


def test_fingerprints_are_the_same_in_every_process():
    code = f"from service.domain.fingerprint import fingerprint; print(fingerprint({ADVERT!r}))"
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert int(printed.stdout) == fingerprint(ADVERT)


FINGERPRINTS = st.integers(-(2**63), 2**63 - 1)


@given(
    st.lists(FINGERPRINTS, max_size=40),
    st.lists(FINGERPRINTS, max_size=5),
    st.integers(0, 63),
    st.floats(0.4, 1.0),
)
def test_near_ones_are_those_that_are_similar_enough(
    known: list[int], ours: list[int], bit: int, least: float
) -> None:
    known += [one ^ (1 << bit) for one in ours if bit < 63] + ours[:1]
    assert near(ours, known, least=least) == {
        other for other in known if any(similarity(one, other) >= least for one in ours)
    }
