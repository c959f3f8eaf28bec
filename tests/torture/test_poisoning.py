"""A comment that breaks its judges harms only itself."""

from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.poisoning import poison_judges

pytestmark = pytest.mark.thorough


def test_one_bad_comment_harms_only_itself(scratch: Path) -> None:
    ensure_holds(poison_judges, "sqlite", scratch)
