"""Clocks are wrong, on PostgreSQL: nothing is lost, doubled, late or out of order."""

from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.clocks import set_clocks_wrong
from tests.torture.wrong_clocks import MISSING, library

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.skipif(library() is None, reason=MISSING),
]


def test_wrong_clocks_break_nothing(scratch: Path) -> None:
    ensure_holds(set_clocks_wrong, "postgresql", scratch)
