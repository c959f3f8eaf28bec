"""Which tests are left out unless `--all` is asked for."""

from zlib import crc32

import pytest

DATABASES = ("sqlite", "postgresql")


def is_left_out(item: pytest.Item) -> bool:
    """Each file with a browser sees one of both databases: with both it would take half an hour."""
    if item.get_closest_marker("thorough"):
        return True
    names = [mark.args[0] for mark in item.iter_markers("parametrize")]
    if not isinstance(item, pytest.Function) or any("newspaper" in name for name in names):
        return False
    database = DATABASES[crc32(item.path.name.encode()) % 2]
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return parameters.get("newspaper", database) != database
