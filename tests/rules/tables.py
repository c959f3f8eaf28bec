"""The tables in the documentation, made from what they describe.

`python -m tests.rules.tables` writes them; tests/rules/test_documents.py fails when they are old.
"""

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from typing import Any, get_type_hints

from service.api.problem_types import PROBLEMS
from service.config import Settings, variable
from service.domain.policy import Policy
from service.domain.states import IF_REPORTED, MOVES, State
from tests.rules import licences
from tests.rules.sources import ROOT, text

ENV_EXAMPLE = ".env.example"
ENV_HEADER = """\
# Every setting of Afterword, with its default. To change one, take its "# " away.
# Secrets may stand in files instead: AFTERWORD_SECRET_FILE=/run/secrets/secret and so on.
# docs/configuration.md says more. This file is made by: python -m tests.rules.tables
"""


def settings_table() -> str:
    rows = [
        (f"`{variable(item.name)}`", _shown(item.default), _secret(item), item.metadata["meaning"])
        for item in fields(Settings)
    ]
    return table(("Setting", "Default", "From a file", "Meaning"), rows)


def states_table() -> str:
    rows = [
        (actor, start, ", ".join(state for state in State if state in targets))
        for actor, starts in MOVES.items()
        for start, targets in starts.items()
    ]
    rows += [
        (f"{actor}, if reported", start, ", ".join(targets))
        for actor, starts in IF_REPORTED.items()
        for start, targets in starts.items()
    ]
    return table(("Who", "From", "To"), rows)


def policy_table() -> str:
    rows = [
        (f"`{name}`", _default(item), _bounds(kind, item), item.metadata["meaning"])
        for name, kind, item in _policy(Policy)
    ]
    return table(("Setting", "Default", "Bounds", "Meaning"), rows)


def problems_table() -> str:
    rows = [(f"`{one.slug}`", str(one.status), one.title, one.meaning) for one in PROBLEMS.values()]
    return table(("Slug", "Status", "Title", "Meaning"), rows)


def licences_table() -> str:
    return table(("Library", "Licence"), list(licences.shipped().items()))


TABLES: dict[str, tuple[str, Callable[[], str]]] = {
    "settings": ("docs/configuration.md", settings_table),
    "states": ("docs/moderation.md", states_table),
    "policy": ("docs/moderation.md", policy_table),
    "problems": ("docs/problems.md", problems_table),
    "licences": ("docs/operations.md", licences_table),
}


def env_example() -> str:
    blocks = [ENV_HEADER]
    for item in fields(Settings):
        meaning = textwrap.fill(
            item.metadata["meaning"],
            98,
            initial_indent="# ",
            subsequent_indent="# ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        default = "" if item.default is MISSING else _plain(item.default)
        need = "# Required.\n" if item.default is MISSING else ""
        blocks.append(f"{meaning}\n{need}# {variable(item.name)}={default}\n")
    return "\n".join(blocks)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def written(name: str) -> str:
    """The table as it stands in its document now."""
    path, _ = TABLES[name]
    return _cut(text(path), name)[1].strip()


def write() -> None:
    for name, (path, make) in TABLES.items():
        before, _, after = _cut(text(path), name)
        (ROOT / path).write_text(f"{before}\n{make()}\n{after}", encoding="utf-8")
    (ROOT / ENV_EXAMPLE).write_text(env_example(), encoding="utf-8")


def _cut(document: str, name: str) -> tuple[str, str, str]:
    """What stands before the table, the table, and what follows. The marks are comments."""
    start, end = f"<!-- table: {name} -->", "<!-- end of table -->"
    before, found, rest = document.partition(start)
    content, closed, after = rest.partition(end)
    if not (found and closed):
        raise LookupError(f"{TABLES[name][0]} needs the lines {start!r} and {end!r}.")
    return before + start, content, end + after


def _policy(shape: Any, prefix: str = "") -> Iterator[tuple[str, Any, Field[Any]]]:
    hints = get_type_hints(shape)
    for item in fields(shape):
        kind = hints[item.name]
        if is_dataclass(kind):
            yield from _policy(kind, f"{prefix}{item.name}.")
        else:
            yield prefix + item.name, kind, item


def _default(item: Field[Any]) -> str:
    value = item.default if item.default is not MISSING else item.default_factory()  # type: ignore[misc]
    if value and isinstance(value, tuple):
        return ", ".join(entry.code for entry in value)
    return "empty list" if value == () else str(value)


def _bounds(kind: Any, item: Field[Any]) -> str:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return ", ".join(kind)
    low, high = item.metadata["low"], item.metadata["high"]
    if kind is str:
        return f"{low:,}–{high:,} characters"
    return "list" if low is None else f"{low:,}–{high:,}"


def _secret(item: Field[Any]) -> str:
    return "yes" if item.metadata["secret"] else ""


def _shown(default: Any) -> str:
    if default is MISSING:
        return "required"
    return f"`{_plain(default)}`" if _plain(default) else "empty"


def _plain(default: Any) -> str:
    if isinstance(default, bool):
        return "on" if default else "off"
    return f"{default:g}" if isinstance(default, float) else str(default)


if __name__ == "__main__":
    write()
