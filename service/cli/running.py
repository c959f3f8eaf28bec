"""afterword web, worker, migrate: the parts, for where each runs on its own."""

import os
import sys

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from service.config import Settings
from service.store.migrating import migrate as run_migrations

BACKLOG = 1024
GRACE_SECONDS = 10


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def web(host: str, port: int) -> None:
    """Answer requests."""
    settings = Settings.from_env()
    Server(
        "service.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.web_processes,
        blocking_threads=settings.web_threads,
        backlog=BACKLOG,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


@click.command()
def worker() -> None:
    """Judge comments: RQ workers and the sweep that does without them."""
    command = workers(Settings.from_env())
    os.execv(command[0], command)  # noqa: S606 - our own; it watches over its processes by itself


@click.command()
def migrate() -> None:
    """Bring the database to the present shape. Safe to run twice at once."""
    run_migrations(Settings.from_env().database_url)
    click.echo("The database is up to date.")


def workers(settings: Settings) -> list[str]:
    return python("workers", *["rq"] * settings.worker_processes, "sweep")


def python(*arguments: str) -> list[str]:
    """The command for a process of ours. The service names its workers, it never imports them."""
    return [sys.executable, "-m", *arguments]
