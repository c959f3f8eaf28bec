"""JSON that means one thing, whatever bytes come."""

import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.api.strict_json import MAX_DEPTH, parse
from tests.hostile.properties import ensure_read

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
PIECES = (
    "{", "}", "[", "]", ",", ":", '"', "\\", "\\u", "d800", "dc00", "0000", "NaN", "-", "1e999",
    "0", ".5", "true", "null", '"a"', "Infinity", "/*", "\n", "\ufeff", "\x00", "'", " ", "\u2028",
)  # fmt: skip


@given(VALUES)
def test_what_it_takes_comes_back_unchanged(value: Any) -> None:
    for escaped in (True, False):
        written = json.dumps(value, ensure_ascii=escaped).encode()
        if depth_of(value) <= MAX_DEPTH:
            assert parse(written) == value


def depth_of(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth_of, inner), default=0) if isinstance(value, list | dict) else 0


@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=25).map("".join).map(str.encode)
)
@example(b"[" * 60_000)
@example(b'{"":' * 9_000)
@example(b'"\\' * 30_000)
@example(b"9" * 60_000)
def test_anything_is_taken_or_refused_in_words(data: bytes) -> None:
    ensure_read(data)


@pytest.mark.parametrize("number", ["1e400", "-1e999"])
def test_a_number_too_large_is_infinite_and_taken_by_no_schema(number: str) -> None:
    assert math.isinf(parse(number.encode()))
