"""A web server and workers are replaced under load: no request fails, nothing is judged twice."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.updating import update


def test_an_update_misses_no_request(scratch: Path) -> None:
    ensure_holds(update, "sqlite", scratch)
