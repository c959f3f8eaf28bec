"""Redis is away for a while, on SQLite: comments are taken and judged."""

from pathlib import Path

from tests.torture.ci import ensure_holds
from tests.torture.without_redis import do_without_redis


def test_comments_are_taken_and_judged(scratch: Path) -> None:
    ensure_holds(do_without_redis, "sqlite", scratch)
