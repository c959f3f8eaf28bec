"""Tables as they are printed, and figures as they are handed on."""

from collections.abc import Sequence

import click

Measured = dict[str, float]


def show(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    click.echo(f"\n## {title}\n")
    lines = [head, ["---"] * len(head), *([_cell(one) for one in row] for row in rows)]
    for line in lines:
        click.echo("| " + " | ".join(line) + " |")


def _cell(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
