"""How one text became another."""

import time

from hypothesis import given
from hypothesis import strategies as st

from service.domain.differences import Change, differences


@given(st.text(), st.text())
def test_both_texts_can_be_read_from_the_parts(before, after):
    parts = differences(before, after)
    assert "".join(part.text for part in parts if part.change is not Change.ADDED) == before
    assert "".join(part.text for part in parts if part.change is not Change.REMOVED) == after


def test_only_what_differs_is_marked():
    parts = differences("The harbour is closed today.", "The harbour is open today, at last.")
    assert [(part.change, part.text) for part in parts] == [
        (Change.SAME, "The harbour is "),
        (Change.REMOVED, "closed"),
        (Change.ADDED, "open"),
        (Change.SAME, " today"),
        (Change.ADDED, ", at last"),
        (Change.SAME, "."),
    ]


def test_hostile_texts_take_no_time():
    began = time.perf_counter()
    differences("a b " * 5_000, "b a " * 5_000)
    differences("x " * 450 + "y", "z" + "x " * 450)
    assert time.perf_counter() - began < 2
