"""Whoever sends again, on PostgreSQL, posts once."""

from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.repeating import send_again

pytestmark = pytest.mark.thorough


def test_sending_twice_posts_once(scratch: Path) -> None:
    ensure_holds(send_again, "postgresql", scratch)
