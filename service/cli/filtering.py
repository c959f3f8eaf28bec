"""afterword filter: score comments and train the filter, by hand."""

import os

import click

from service.cli.judging import python

PASSED_ON = {"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []}


@click.group("filter")
def filtering() -> None:
    """Score comments with the spam filter, or train it."""


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


def _become(command: str, arguments: list[str]) -> None:
    """Only workers know the filter: this process becomes one, and nothing stands between."""
    line = python("workers.filter", command, *arguments)
    os.execv(line[0], line)  # noqa: S606 - our own interpreter and module
