"""Words in common with what a comment stands under, those that every text has left out."""

import pytest

from workers.filter.subject import shared_words
from workers.filter.views import Segmenter, view

TITLE = "Why the council wants to close the tramway, and what the mayor thinks about it"


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("The TRAMWAYS were always late", ["tramways"]),
        ("our councillors and their tramway", ["counciiiors", "tramway"]),
        ("what do you think about it?", []),
        ("", []),
    ],
)
def test_words_of_the_subject_are_found(text, shared):
    assert shared_words(view(text, Segmenter({})), TITLE) == shared
