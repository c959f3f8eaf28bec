"""Codes of an app, and codes for when it is lost."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.second_factor import (
    STEP_SECONDS,
    app_address,
    new_recovery_codes,
    new_secret,
    picture,
    recovery_hash,
    step_of,
)

# Of RFC 6238, appendix B: the secret "12345678901234567890", the last six digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VECTORS = [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
           (2000000000, "279037"), (20000000000, "353130")]  # fmt: skip
NOW = datetime(2026, 3, 1, 12, 0, 10, tzinfo=UTC)


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert step_of(SECRET, code, at=at, last=None) == seconds // STEP_SECONDS


@pytest.mark.parametrize(("off", "is_good"), [(-2, False), (-1, True), (0, True), (1, True),
                                              (2, False)])  # fmt: skip
def test_a_clock_may_be_one_step_off(off: int, is_good: bool) -> None:
    code = code_at(NOW + timedelta(seconds=STEP_SECONDS * off))
    assert (step_of(SECRET, code, at=NOW, last=None) is not None) == is_good


def test_a_used_step_and_those_before_it_are_no_good_again() -> None:
    step = step_of(SECRET, code_at(NOW), at=NOW, last=None)
    assert step is not None
    assert step_of(SECRET, code_at(NOW), at=NOW, last=step) is None
    before = code_at(NOW - timedelta(seconds=STEP_SECONDS))
    assert step_of(SECRET, before, at=NOW, last=step) is None
    after = code_at(NOW + timedelta(seconds=STEP_SECONDS))
    assert step_of(SECRET, after, at=NOW, last=step) == step + 1


def test_spaces_as_apps_show_them_do_not_matter() -> None:
    code = code_at(NOW)
    assert step_of(SECRET, f" {code[:3]} {code[3:]}", at=NOW, last=None) is not None


@given(st.text(max_size=20))
def test_any_text_is_answered(text: str) -> None:
    found = step_of(SECRET, text, at=NOW, last=None)
    assert found is None or text.strip().isascii()


def test_the_picture_says_what_the_app_needs_and_has_neither_style_nor_script() -> None:
    address = app_address(new_secret(), "ann@news.example")
    assert address.startswith("otpauth://totp/Afterword:ann%40news.example?secret=")
    assert address.endswith("&issuer=Afterword")
    drawn = picture(address)
    root = ElementTree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {"svg", "path", "g"}
    assert not any(name in ("style", "class") for one in root.iter() for name in one.attrib)


def test_recovery_codes_are_ten_long_ones_and_known_however_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {19}
    typed = codes[0].upper().replace("-", " ")
    assert recovery_hash(typed) == recovery_hash(codes[0])
    assert len({recovery_hash(code) for code in codes}) == 10


def test_secrets_are_not_alike() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
