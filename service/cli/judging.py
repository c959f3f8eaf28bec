"""afterword worker: what judges comments. The service names its workers, it never imports them."""

import os
import sys

import click

from service.config import Settings


@click.command()
def worker() -> None:
    """Judge comments: RQ workers, the sweep that does without them, and replays."""
    command = workers(Settings.from_env())
    os.execv(command[0], command)  # noqa: S606 - our own; it watches over its processes by itself


def workers(settings: Settings) -> list[str]:
    return python("workers", *["rq"] * settings.worker_processes, "sweep", "replay")


def python(*arguments: str) -> list[str]:
    """The command for a process of ours."""
    return [sys.executable, "-m", *arguments]
