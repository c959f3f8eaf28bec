"""Which tests are left out unless `--all` is asked for."""

from zlib import crc32

import pytest

DATABASES = ("sqlite", "postgresql")
PARAMETERS = ("newspaper", "fresh_database")  # fixtures that start processes on both


def is_left_out(item: pytest.Item) -> bool:
    """Each file of real processes sees one of both databases: both would take half an hour."""
    if item.get_closest_marker("thorough"):
        return True
    if not isinstance(item, pytest.Function) or chooses(item):
        return False
    database = DATABASES[crc32(item.path.name.encode()) % 2]
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return any(parameters.get(name, database) != database for name in PARAMETERS)


def chooses(item: pytest.Item) -> bool:
    """Whether the test says itself on which of them it runs."""
    names = [str(mark.args[0]) for mark in item.iter_markers("parametrize")]
    return any(parameter in name for parameter in PARAMETERS for name in names)
