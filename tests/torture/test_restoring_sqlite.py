"""Backups by our commands."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.restoring import restore_backups


def test_a_backup_made_under_load_is_whole_and_works(scratch: Path) -> None:
    ensure_holds(restore_backups, "sqlite", scratch)
