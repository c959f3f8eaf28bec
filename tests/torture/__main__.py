"""python -m tests.torture: try to break what is promised, and report what came of it."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from tests.torture import report
from tests.torture.databases import KINDS
from tests.torture.promises import PROMISES, Promise, Trial, promised_by
from tests.torture.trial import Outcome, Run

IDS = tuple(promise.id for promise in PROMISES)
PAIRED = 0.65  # of the time that trials take one after the other


@click.command()
@click.option("--promise", "ids", multiple=True, type=click.Choice(IDS), help="All by default.")
@click.option("--database", "databases", multiple=True, type=click.Choice(KINDS))
@click.option("--figures", default="night", show_default=True, type=click.Choice(["ci", "night"]))
@click.option("--scale", default=1.0, show_default=True, help="So many times these figures.")
@click.option("--seed", type=int, help="Of an earlier run, to do the same again.")
@click.option("--write", is_flag=True, help="Put the results into docs/promises.md.")
@click.option("--pairs", is_flag=True, help="Both databases at once where time is no matter.")
def main(
    ids: Sequence[str], databases: Sequence[str], pairs: bool, seed: int | None, **given: Any
) -> None:
    """Try to break what is promised."""
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    trials = Trials(seed=seed, **given)
    plan = list(chosen(ids or IDS, databases or KINDS))
    paired = [(promise, one) for promise, one in plan if pairs and not promise.is_timed]
    alone = [one for one in plan if one not in paired]
    minutes = trials.minutes(alone) + trials.minutes(paired) * PAIRED
    click.echo(f"The seed: --seed {seed}. It may take {minutes:.0f} minutes.", err=True)
    broken = [trials.do(promise, database) for promise, database in alone]
    broken.append(trials.do_at_once(paired))
    sys.exit(any(broken))


@dataclass(frozen=True)
class Trials:
    seed: int
    figures: str
    scale: float
    write: bool

    def minutes(self, plan: Sequence[tuple[Promise, str]]) -> float:
        """About; of a night's trials."""
        return sum(promise.minutes for promise, _ in plan) * self.scale

    def do(self, promise: Promise, database: str) -> bool:
        """Whether anything broke."""
        if why := promise.missing():
            click.echo(f"{promise.id} {database}: not run: {why}", err=True)
            if self.write:
                report.write(report.not_run(promise, database, why))
            return False
        times = max(1, round(getattr(promise, self.figures).get(database, 0) * self.scale))
        outcome = tried(promise, database, seed=self.seed, times=times)
        click.echo(outcome.in_words(), err=True)
        if self.write:
            shown = self.figures if self.scale == 1 else f"{self.figures} × {self.scale:g}"
            report.write(report.rows_of(outcome, promised_by(promise.trial), shown))
        return any(outcome.broken.values())

    def do_at_once(self, plan: Sequence[tuple[Promise, str]]) -> bool:
        """The trials on each database in a process of their own."""
        same = ["--seed", str(self.seed), "--figures", self.figures, "--scale", str(self.scale)]
        same += ["--write"] * self.write
        started = []
        for database in KINDS:
            ids = [f"--promise={promise.id}" for promise, one in plan if one == database]
            if ids:
                command = [sys.executable, "-m", "tests.torture", "--database", database]
                started.append(subprocess.Popen([*command, *same, *ids]))
        ended = [process.wait() for process in started]
        return any(ended)


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


def tried(promise: Promise, database: str, *, seed: int, times: int) -> Outcome:
    promises = promised_by(promise.trial)
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
            item_show_func=lambda _: promise.unit,
        ) as bar,
    ):  # fmt: skip
        run = replace(run, tell=lambda done: bar.update(done - bar.pos))
        try:
            outcome = promise.trial(run)
        except Exception as error:  # the others are tried all the same
            outcome = Outcome(run, trials=bar.pos)
            for one in promises:
                outcome.break_if(True, one.id, f"the trial broke off: {in_one_line(error)}")
    outcome.seconds = time.monotonic() - began
    outcome.notes.append(f"what all processes said: {log.name}")
    return outcome


def in_one_line(error: Exception) -> str:
    return " ".join(repr(error).split())[:300]


if __name__ == "__main__":
    main()
