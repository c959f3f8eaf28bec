"""The database is away for a while: clear refusals, nothing lost, no restart."""

from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.without_database import do_without_database

pytestmark = pytest.mark.thorough


def test_refusals_are_clear_when_sqlite_is_locked(scratch: Path) -> None:
    ensure_holds(do_without_database, "sqlite", scratch)


def test_refusals_are_clear_when_postgresql_is_away(scratch: Path) -> None:
    ensure_holds(do_without_database, "postgresql", scratch)
