"""Texts and names as they may be sent."""

import pytest

from service.domain.sealing import seal, unseal
from service.domain.wording import MAX_BODY, Unacceptable, normalise_body, normalise_name


def test_a_body_keeps_every_word() -> None:
    assert (
        normalise_body("  a\r\nb\rx\u0301 \u05d0 \U0001f44d\n") == "a\nb\nx\u0301 \u05d0 \U0001f44d"
    )
    assert normalise_body("e\u0301") == "\u00e9"
    assert len(normalise_body("x" * MAX_BODY)) == MAX_BODY


@pytest.mark.parametrize(
    "body", ["", " \n\t", "\u200b\u2060", "\u2800", "\ufe0f", "a\x00", "x" * (MAX_BODY + 1)]
)
def test_a_body_without_text_is_refused(body: str) -> None:
    with pytest.raises(Unacceptable):
        normalise_body(body)


@pytest.mark.parametrize(
    "name",
    [
        "Ann",
        "Åsa Öberg",
        "Владимир",
        "李小龙",
        "O'Brien-Smith",
        "محمد",
        "نیم\u200cفاصله",
        "Ann 🌷",
        "R2-D2",
        "ＡＢ",
    ],
)
def test_honest_names_pass(name: str) -> None:
    assert normalise_name(f"  {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        *["", "...", "\u200b\u200b", "\u2800", "Ann\u202egro", "Ann\u2067", "\U000e0041"],
        *["m\u043ed", "\U0001d400nn", "\u24b6nn", "a\x07", "x" * 61],
    ],
)
def test_names_that_hide_or_pose_are_refused(name: str) -> None:
    with pytest.raises(Unacceptable):
        normalise_name(name)


def test_what_is_sealed_opens_with_its_secret_alone() -> None:
    sealed = seal("s" * 40, "ann@example.org")
    assert "ann" not in sealed
    assert unseal("s" * 40, sealed) == "ann@example.org"
    assert unseal("t" * 40, sealed) is None
