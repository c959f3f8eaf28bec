"""python -m benchmarks: which measurements, on which databases, how long and how often."""

import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from benchmarks import report
from benchmarks.posting import Sample, idle, measure, start_up
from benchmarks.stack import OWN_CODE, System, running

DATABASES = ("sqlite", "postgresql")
MEASUREMENTS: dict[str, Callable[[System, float], list[Sample]]] = {
    "idle": idle,
    "posting": measure,
    "start": lambda system, _seconds: start_up(system),
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(MEASUREMENTS)))
@click.option("--seconds", default=5.0, show_default=True, help="How long each load lasts.")
@click.option("--repeat", default=5, show_default=True, type=click.IntRange(1))
@click.option("--database", "databases", multiple=True, type=click.Choice(DATABASES))
@click.option(
    "--beside",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Another checkout, measured in turns with this one.",
)
@click.option("--write", is_flag=True, help="Put the tables into benchmarks/README.md.")
def main(
    names: Sequence[str],
    seconds: float,
    repeat: int,
    databases: Sequence[str],
    beside: Sequence[Path],
    write: bool,
) -> None:
    """Measure NAMES (all by default), the systems in turns, and print medians."""
    codes = [OWN_CODE, *(path.resolve() for path in beside)]
    systems = [System(database, code) for database in databases or DATABASES for code in codes]
    samples: list[Sample] = []
    for name in names or MEASUREMENTS:
        for turn in range(1 if name == "start" else repeat):
            for system in systems:
                click.echo(f"{name}, {system.name}, {turn + 1}", err=True)
                samples += MEASUREMENTS[name](system, seconds)
    command = "make bench" + (
        f" BENCH={shlex.quote(shlex.join(sys.argv[1:]))}" if sys.argv[1:] else ""
    )
    parts = {"conditions": report.conditions(command, _durability(systems), repeat=repeat)}
    parts |= report.tables(samples)
    for name, part in parts.items():
        click.echo(f"\n{name}\n\n{part}")
    if write:
        if set(names) and set(names) != set(MEASUREMENTS):
            del parts["conditions"]  # those of the other tables
        report.write(parts)


def _durability(systems: Sequence[System]) -> dict[str, str]:
    found = {}
    for system in systems:
        with running(system) as (_, stored):
            found[f"{system.name}: {stored.version()}"] = stored.durability()
    return found


if __name__ == "__main__":
    main()
