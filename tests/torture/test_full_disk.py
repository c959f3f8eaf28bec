"""The disk is full: what was accepted is safe, and writing goes on when there is room again."""

import tempfile
from pathlib import Path

import pytest

from tests.torture.ci import ensure_holds
from tests.torture.full_disk import can_mount, fill_disk


def test_a_full_disk_stops_writing_and_harms_nothing(scratch: Path) -> None:
    if not can_mount(Path(tempfile.mkdtemp(dir=scratch))):
        pytest.skip("a small disk cannot be made here: that takes root and the right to mount")
    ensure_holds(fill_disk, "sqlite", scratch)
