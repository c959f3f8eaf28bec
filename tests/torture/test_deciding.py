"""Late judges and other moderators: the first decision stands."""

from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.databases import KINDS
from tests.torture.deciding import decide


@pytest.mark.parametrize("database", KINDS)
def test_the_first_decision_stands(database: str, scratch: Path) -> None:
    ensure_holds(decide, database, scratch)
