"""500 readers of a page that has just changed: made at most twice, and none of them refused."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.hot_page import stampede


def test_a_hot_page_stays_up(scratch: Path) -> None:
    ensure_holds(stampede, "sqlite", scratch)
