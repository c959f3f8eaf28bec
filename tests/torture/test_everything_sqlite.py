"""Whatever is killed, on SQLite: nothing is lost, undecided, shown early or said wrongly."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.everything import kill_everything


def test_nothing_is_lost_shown_early_or_forgotten(scratch: Path) -> None:
    ensure_holds(kill_everything, "sqlite", scratch)
