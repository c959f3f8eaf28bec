"""What is looked for, and what it is looked for in."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.scripts import Script
from service.domain.search_words import (
    Term,
    check_mark,
    entry,
    marks,
    parse,
    section_mark,
    section_marks,
)


def found(query: str, body: str, name: str = "Ann") -> bool:
    words = entry(marks=["\ue000x"], name=name, body=body)
    return all((term.contained in words) != term.is_unwanted for term in parse(query))


@pytest.mark.parametrize(
    ("query", "body", "is_found"),
    [
        ("harbour", "The HÁRBOUR, again", True),
        ("harb", "The harbour", False),
        ("harb*", "The harbour", True),
        ("the harbour", "harbour of the town", True),
        ('"the harbour"', "harbour of the town", False),
        ('"the harbour"', "All about the  harbour.", True),
        ('"the harb"', "the harbour", False),
        ("harbour -town", "harbour of the town", False),
        ('harbour -"the town"', "harbour of a town", True),
        ("-town", "harbour", True),
        ("ann", "nothing", True),
        ('"ann harbour"', "harbour", False),  # no phrase reaches from the name into the text
        ('"unclosed phrase', "an unclosed phrase", True),
        ("co-operate", "we co-operate", True),
        ("co-operate", "operate the co", False),
        ("東京", "私は東京都に住む", True),
        ("京都", "私は東京都に住む", True),
        ("京東", "私は東京都に住む", False),
        ("都", "これは都", True),
        ("東", "これは東京", True),
        ("กา", "ตากาลม", True),
        ("привет", "Привет, мир", True),
    ],
)
def test_what_a_search_finds(query, body, is_found):
    assert found(query, body) is is_found


@given(st.text(max_size=200))
def test_any_text_is_a_search(text):
    assert all(isinstance(term, Term) and term.words for term in parse(text))


@given(st.text(max_size=300))
def test_a_text_is_found_by_its_own_words(text):
    words = entry(marks=[], name="", body=text)
    for term in parse(f'"{text.replace(chr(34), " ")}"'):
        assert term.contained in words


@given(st.text(max_size=200))
def test_nobody_can_write_a_mark(text):
    words = entry(marks=[], name=text, body=text)
    assert not any("\ue000" <= letter <= "\uf8ff" for letter in words)


def test_a_page_is_in_the_sections_that_its_path_begins_with():
    found = section_marks(["https://news.example/Sport/football/derby?x=1", "p"])
    assert found == [section_mark("/sport"), section_mark("sport/football/")]
    assert section_marks([None, "an-id"]) == []
    assert section_marks(["https://[broken/a/b"]) == []


def test_marks_are_single_words():
    found = marks(
        site=uuid4(), thread=uuid4(), author=None, checks=["two_words"], script=Script.LATIN,
        addresses=[None, "https://news.example/a/b"],
    )  # fmt: skip
    assert all(" " not in mark and "_" not in mark for mark in found)
    assert check_mark("two_words") in found
