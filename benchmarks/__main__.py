"""python -m benchmarks: which measurements, on which databases, how long and how often."""

import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from benchmarks import posting, reading, report
from benchmarks.changing import change, scale
from benchmarks.desk import desk
from benchmarks.sample import Sample
from benchmarks.served import side_by_side
from benchmarks.stack import OWN_CODE, System, running
from benchmarks.stampede import stampede
from benchmarks.surviving import killed
from benchmarks.visibility import visible

DATABASES = ("sqlite", "postgresql")
# Each on a service of its own, in turns with another checkout if there is one.
ALONE: dict[str, Callable[[System, float], list[Sample]]] = {
    "idle": posting.idle,
    "posting": posting.measure,
    "start": lambda system, _seconds: posting.start_up(system),
}
# All with the same running systems, one cell after the other.
SIDE_BY_SIDE: dict[str, reading.Cell] = {
    **reading.CELLS,
    "change": lambda stack, _served, seconds: change(stack, seconds),
}
# These start what they need.
BY_THEMSELVES: dict[str, Callable[[Sequence[str], float, int], Iterator[Sample]]] = {
    "scale": scale,
    "visible": visible,
    "stampede": stampede,
    "killed": killed,
    "desk": desk,
}
EVERYTHING = (*ALONE, *SIDE_BY_SIDE, *BY_THEMSELVES)
GROUPS = {"reading": tuple(SIDE_BY_SIDE)}
ON_BOTH = ("killed",)  # what the database decides; the others on SQLite unless told otherwise


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*EVERYTHING, *GROUPS]))
@click.option("--seconds", default=2.0, show_default=True, help="How long each load lasts.")
@click.option("--repeat", default=3, show_default=True, type=click.IntRange(1))
@click.option("--database", "databases", multiple=True, type=click.Choice(DATABASES))
@click.option(
    "--beside",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another checkout, measured in turns with this one: idle, posting and start.",
)
@click.option("--write", is_flag=True, help="Put tables and picture into benchmarks.")
def main(
    names: Sequence[str],
    seconds: float,
    repeat: int,
    databases: Sequence[str],
    beside: Sequence[Path],
    write: bool,
) -> None:
    """Measure NAMES (all by default), the systems in turns, and print medians."""
    chosen = {part for name in names or EVERYTHING for part in GROUPS.get(name, (name,))}
    codes = [OWN_CODE, *(path.resolve() for path in beside)]
    systems = [System(database, code) for database in databases or DATABASES for code in codes]
    samples: list[Sample] = []
    for sample in _measure(chosen, systems, databases, seconds=seconds, repeat=repeat):
        samples.append(sample)
        figures = ", ".join(
            f"{name} {value:.5g}" for name, value in list(sample.values.items())[:4]
        )
        click.echo(f"{' · '.join((sample.table, *sample.row))}: {figures}", err=True)
    command = "make bench" + (
        f" BENCH={shlex.quote(shlex.join(sys.argv[1:]))}" if sys.argv[1:] else ""
    )
    parts = report.tables(samples)
    if chosen == set(EVERYTHING):  # else they would be said of tables that are older
        parts["conditions"] = report.conditions(command, _durability(systems), repeat=repeat)
    known = report.remembered(samples)
    parts["targets"] = report.promises(known)
    for name, part in parts.items():
        click.echo(f"\n{name}\n\n{part}")
    if write:
        report.write(parts, known)


def _measure(
    chosen: set[str],
    systems: Sequence[System],
    databases: Sequence[str],
    *,
    seconds: float,
    repeat: int,
) -> Iterator[Sample]:
    for name in ALONE:
        for _ in range((1 if name == "start" else repeat) if name in chosen else 0):
            for system in systems:
                yield from ALONE[name](system, seconds)
    cells = [cell for name, cell in SIDE_BY_SIDE.items() if name in chosen]
    for database in (databases or DATABASES[:1]) if cells else ():
        with side_by_side(database) as (stack, served, idle):
            yield from idle
            for _ in range(repeat):
                for cell in cells:
                    yield from cell(stack, served, seconds)
            yield from posting.memory(stack, "after all cells", table="growth")
    for name, measure in BY_THEMSELVES.items():
        if name in chosen:
            usual = DATABASES if name in ON_BOTH else DATABASES[:1]
            yield from measure(databases or usual, seconds, repeat)


def _durability(systems: Sequence[System]) -> dict[str, str]:
    found = {}
    for system in systems:
        with running(system) as (_, stored):
            found[f"{system.name}: {stored.version()}"] = stored.durability()
    return found


if __name__ == "__main__":
    main()
