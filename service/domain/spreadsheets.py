"""CSV that a spreadsheet shows, and does not run."""

import csv
import io
from collections.abc import Sequence
from typing import Any

# What begins with these is a formula to a spreadsheet, or becomes one without the white space.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def line(cells: Sequence[Any]) -> str:
    """A row of a file, with its end."""
    written = io.StringIO()
    csv.writer(written).writerow([cell(value) for value in cells])
    return written.getvalue()


def cell(value: Any) -> Any:
    """Numbers stay numbers; a text that would be a formula gets an apostrophe, as if typed."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULAS) else text
