"""python -m tests.torture: try to break what is promised, and report what came of it."""

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import click

from tests.torture import report
from tests.torture.databases import KINDS
from tests.torture.promises import PROMISES, Promise, Trial, promised_by
from tests.torture.trial import Outcome, Run

IDS = tuple(promise.id for promise in PROMISES)


@click.command()
@click.option("--promise", "ids", multiple=True, type=click.Choice(IDS), help="All by default.")
@click.option("--database", "databases", multiple=True, type=click.Choice(KINDS))
@click.option("--figures", default="night", show_default=True, type=click.Choice(["ci", "night"]))
@click.option("--scale", default=1.0, show_default=True, help="So many times these figures.")
@click.option("--seed", type=int, help="Of an earlier run, to do the same again.")
@click.option("--write", is_flag=True, help="Put the results into docs/promises.md.")
def main(
    ids: Sequence[str],
    databases: Sequence[str],
    figures: str,
    scale: float,
    seed: int | None,
    write: bool,
) -> None:
    """Try to break what is promised."""
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    click.echo(f"The seed: --seed {seed}", err=True)
    broken = False
    for promise, database in chosen(ids or IDS, databases or KINDS):
        times = max(1, round(getattr(promise, figures).get(database, 0) * scale))
        outcome = tried(promise.trial, database, seed=seed, times=times)
        click.echo(outcome.in_words(), err=True)
        broken |= any(outcome.broken.values())
        if write:
            shown = figures if scale == 1 else f"{figures} × {scale:g}"
            report.write(report.rows_of(outcome, promised_by(promise.trial), shown))
    sys.exit(broken)


def chosen(ids: Sequence[str], databases: Sequence[str]) -> Iterator[tuple[Promise, str]]:
    """One promise for each trial: others that it shows come of the same run."""
    first: dict[Trial, Promise] = {}
    for promise in PROMISES:
        if promise.id in ids:
            first.setdefault(promise.trial, promise)
    for promise in first.values():
        for database in databases:
            if database in promise.night:
                yield promise, database


def tried(trial: Trial, database: str, *, seed: int, times: int) -> Outcome:
    promises = promised_by(trial)
    label = f"{' '.join(promise.id for promise in promises):16} {database:10}"
    folder = Path(tempfile.mkdtemp(prefix="aw-"))
    folder.chmod(0o755)  # PostgreSQL uses an account of its own
    run = Run(database, folder, seed, times)
    began = time.monotonic()
    with (
        (folder / "processes.txt").open("w") as log,
        redirect_stdout(log),
        click.progressbar(
            length=times, label=label, show_pos=True, file=sys.stderr,
            item_show_func=lambda _: promises[0].unit,
        ) as bar,
    ):  # fmt: skip
        run = replace(run, tell=lambda done: bar.update(done - bar.pos))
        try:
            outcome = trial(run)
        except Exception as error:  # the others are tried all the same
            outcome = Outcome(run, trials=bar.pos)
            for promise in promises:
                outcome.break_if(True, promise.id, f"the trial broke off: {in_one_line(error)}")
    outcome.seconds = time.monotonic() - began
    outcome.notes.append(f"what all processes said: {log.name}")
    return outcome


def in_one_line(error: Exception) -> str:
    return " ".join(repr(error).split())[:300]


if __name__ == "__main__":
    main()
