"""What was promised, beside what was measured."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.posting import SERVING
from benchmarks.sample import Sample, ratio, typical
from benchmarks.served import AFTERWORD, FILES, ISSO, PROXIED, VIEW

SCALE = ("hot, per second", "first read, p50 ms")
RATE, WORK = "per second", "per CPU-second"
HOT, SPREAD = ("gzip", "16"), ("1,000 × 20",)


@dataclass(frozen=True, slots=True)
class Row:
    """One promise. Ratios are judged by what was served per second; CPU tells why."""

    what: str
    target: str
    measured: float | None
    is_reached: Callable[[float], bool]
    by_cpu: float | None = None
    unit: str = ""


def at_least(least: float) -> Callable[[float], bool]:
    return lambda value: value >= least


def at_most(most: float) -> Callable[[float], bool]:
    return lambda value: value <= most


def rows(samples: Sequence[Sample]) -> list[Row]:
    found = [*_ratios(samples), *_beside(samples)]
    for database in ("SQLite", "PostgreSQL"):
        found += _of_database(samples, database)
    return [row for row in found if row.measured is not None]


def _ratios(samples: Sequence[Sample]) -> Iterator[Row]:
    pairs = (
        ("hot thread of 100, gzip: process / nginx files", "hundred", HOT, AFTERWORD, FILES, 0.30),
        ("the same: behind nginx / nginx files", "hundred", HOT, PROXIED, FILES, 0.9),
        ("the same: process / a Flask view", "hundred", HOT, AFTERWORD, VIEW, 3.0),
        ("spread over 1,000: process / nginx files", "spread", SPREAD, AFTERWORD, FILES, 0.28),
        ("posts, 16 connections: Afterword / Isso", "posts", (), AFTERWORD, ISSO, 5.0),
    )  # fmt: skip
    for what, table, cell, own, other, least in pairs:
        both = ((*cell, own), (*cell, other))
        yield Row(
            what, f"≥ {least:g} ×", ratio(samples, table, both, RATE), at_least(least),
            ratio(samples, table, both, WORK), " ×",
        )  # fmt: skip
    known = (("304", "16", AFTERWORD), ("gzip", "16", AFTERWORD))
    yield Row(
        "hot thread of 100: 304 / 200", "≥ 1.2 ×", ratio(samples, "hundred", known, RATE),
        at_least(1.2), ratio(samples, "hundred", known, WORK), " ×",
    )  # fmt: skip


def _beside(samples: Sequence[Sample]) -> Iterator[Row]:
    own = (AFTERWORD,)
    posts, mixed = (typical(samples, table, own, "p99 ms") for table in ("posts", "mixed"))
    rate = typical(samples, "mixed", own, RATE)
    yield Row("posts, 16 connections: p99", "≤ 135 ms", posts, at_most(135), unit=" ms")
    yield Row("95 % reads, 5 % posts", "≥ 2,200/s", rate, at_least(2_200), unit="/s")
    yield Row("the same: p99", "≤ 50 ms", mixed, at_most(50), unit=" ms")


# What one database has to reach: what, table, further cells of the row, column, most, unit.
OF_DATABASE = (
    ("first read after a change, p50", "change", (), "p50 ms", 2.5, "ms"),
    ("100 comments on the wire, gzip", "change", (), "KB of 100 comments, gzip", 21, "KB"),
    ("decision visible to all readers, p99", "visible", (), "p99 ms", 1_000, "ms"),
    ("hidden text last shown after", "visible", (), "hidden last seen after ms", 5_000, "ms"),
    ("500 at once, cold: p99", "stampede", ("cold",), "p99 ms", 250, "ms"),
    ("500 at once, cold: renders", "stampede", ("cold",), "renders", 2, ""),
    ("500 at once, expired: p99", "stampede", ("expired",), "p99 ms", 250, "ms"),
    ("500 at once, expired: renders", "stampede", ("expired",), "renders", 2, ""),
    ("500 at once, purged: p99", "stampede", ("purged",), "p99 ms", 250, "ms"),
    ("500 at once, purged: renders", "stampede", ("purged",), "renders", 2, ""),
    ("memory of web, workers, Valkey", "growth", ("before all cells",), SERVING, 180, "MiB"),
    ("the same, after all cells", "growth", ("after all cells",), SERVING, 300, "MiB"),
    ("start to first 200", "start", (), "first 200 after s", 1.0, "s"),
    ("lost after kill -9", "killed", (), "lost", 0, ""),
)  # fmt: skip
FEW, MANY = "100,000", "1,000,000"


def _of_database(samples: Sequence[Sample], name: str) -> Iterator[Row]:
    for what, table, cells, column, most, unit in OF_DATABASE:
        found = typical(samples, table, (name, *cells), column)
        target = f"≤ {most:,g} {unit}".strip()
        yield Row(f"{what} ({name})", target, found, at_most(most), unit=f" {unit}".rstrip())
    idle, loaded = (
        typical(samples, "growth", (name, when), SERVING)
        for when in ("before all cells", "after all cells")
    )
    growth = None if idle is None or loaded is None else (loaded / idle - 1) * 100
    yield Row(f"growth of memory over all cells ({name})", "≤ 15 %", growth, at_most(15), unit=" %")
    # Less than a tenth slower; faster would be no fault.
    both = (name, MANY), (name, FEW)
    hot, first = (ratio(samples, "scale", both, column) for column in SCALE)
    yield Row(f"hot reads, {MANY} / {FEW} ({name})", "≥ 0.9 ×", hot, at_least(0.9), unit=" ×")
    yield Row(f"first reads, {MANY} / {FEW} ({name})", "≤ 1.1 ×", first, at_most(1.1), unit=" ×")


def table(samples: Sequence[Sample], number: Callable[[float], str]) -> str:
    lines = [("What", "Target", "Measured", "per CPU-second", "Reached"), ("---",) * 5]
    for row in rows(samples):
        assert row.measured is not None
        by_cpu = "" if row.by_cpu is None else number(row.by_cpu) + row.unit
        reached = "yes" if row.is_reached(row.measured) else "**no**"
        lines.append((row.what, row.target, number(row.measured) + row.unit, by_cpu, reached))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
