"""python -m workers.filter score | train: the filter without the service, for measuring."""

import io
import sys
from pathlib import Path

import click

from workers.filter import model, protocol, training

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def main() -> None:
    """The statistical filter."""


@main.command()
@click.option("--train", "labelled", type=FILE, help="Train a default on this file first.")
@click.option("--model", "stored", type=FILE, help="Use this model, not the one that ships.")
def score(labelled: Path | None, stored: Path | None) -> None:
    """Score the comments on standard input, a JSON object a line, and answer line by line."""
    if labelled is not None:
        used = training.fit(training.read([labelled]))
    else:
        used = model.from_bytes(stored.read_bytes()) if stored else model.default()
    lines = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    answers = io.TextIOWrapper(
        sys.stdout.buffer, encoding="utf-8", errors="backslashreplace", newline="\n"
    )
    protocol.serve(used, lines=lines, answers=answers)


@main.command()
@click.argument("labelled", nargs=-1, required=True, type=FILE)
@click.option("--out", type=click.Path(path_type=Path), default=model.DEFAULT, show_default=True)
def train(labelled: tuple[Path, ...], out: Path) -> None:
    """Train the default from files of labelled comments, always to the same bytes."""
    rows = training.read(labelled)
    trained = training.fit(rows)
    stored = model.to_bytes(trained)
    out.write_bytes(stored)
    click.echo(f"{len(rows):,} comments make {len(stored):,} bytes: {out}")


if __name__ == "__main__":
    main(prog_name="python -m workers.filter")
