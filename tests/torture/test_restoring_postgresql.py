"""Backups of PostgreSQL, by the commands in the documents."""

from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.restoring import restore_backups

pytestmark = pytest.mark.thorough


def test_a_backup_made_under_load_is_whole_and_works(scratch: Path) -> None:
    ensure_holds(restore_backups, "postgresql", scratch)
