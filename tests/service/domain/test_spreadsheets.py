"""What a spreadsheet opens does not run."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.spreadsheets import cell, line

CHARACTERS = st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_formula_becomes_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, 2.5, "a=b", "ann@news.example", "", " x"])
def test_all_else_stays_as_it_is(value: object) -> None:
    assert cell(value) == value


@given(st.lists(st.text(CHARACTERS), min_size=1))
def test_a_line_says_what_it_was_given(cells: list[str]) -> None:
    [back] = csv.reader(io.StringIO(line(cells), newline=""))
    assert back == [cell(one) for one in cells]
