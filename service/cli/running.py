"""afterword web, worker, migrate: the parts, for where each runs on its own."""

import sys

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from service import logs
from service.config import Settings
from service.processes import Child, Supervisor
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
    settings = Settings.from_env()
    logs.set_up(settings.log_level, "supervisor")
    supervisor = Supervisor()
    for child in worker_children(settings):
        supervisor.start(child)
    try:
        supervisor.run()
    finally:
        supervisor.stop()


@click.command()
def migrate() -> None:
    """Bring the database to the present shape. Safe to run twice at once."""
    run_migrations(Settings.from_env().database_url)
    click.echo("The database is up to date.")


def worker_children(settings: Settings, environment: dict[str, str] | None = None) -> list[Child]:
    kinds = ["rq"] * settings.worker_processes + ["sweep"]
    return [Child(kind, python("workers", kind), environment) for kind in kinds]


def python(*arguments: str) -> list[str]:
    """The command for a process of ours. The service names its workers, it never imports them."""
    return [sys.executable, "-m", *arguments]
