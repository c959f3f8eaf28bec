"""afterword filter: score comments, train the filter, report on it."""

import os

import click

from service.cli.judging import python
from service.cli.reporting import report_on

PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.group("filter")
def filtering() -> None:
    """Score comments with the spam filter, train it, or see how well it judges."""


@filtering.command(context_settings=PASSED_ON, add_help_option=False)
@click.pass_context
def score(context: click.Context) -> None:
    """Score the comments on standard input, a JSON object a line."""
    _become("score", context.args)


@filtering.command(context_settings=PASSED_ON, add_help_option=False)
@click.pass_context
def train(context: click.Context) -> None:
    """Train the default model from files of labelled comments."""
    _become("train", context.args)


filtering.add_command(report_on)


def _become(command: str, arguments: list[str]) -> None:
    """Only workers know the filter: this process becomes one, and nothing stands between."""
    line = python("workers.filter", command, *arguments)
    os.execv(line[0], line)  # noqa: S606 - our own interpreter and module
