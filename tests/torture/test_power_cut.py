"""The plug is pulled: what was answered is on the disk."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.power_cut import cut_power


def test_nothing_answered_is_lost_by_a_power_cut(scratch: Path) -> None:
    ensure_holds(cut_power, "sqlite", scratch)
