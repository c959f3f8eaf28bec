"""Ten times as many post as can be served: nobody is left without an answer, and readers go on."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.overload import overload


def test_overload_is_refused_and_harms_no_reader(scratch: Path) -> None:
    ensure_holds(overload, "postgresql", scratch)
