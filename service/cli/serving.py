"""afterword web: granian, whose processes that answer import the service; this one does not."""

import gc
import logging
import os
from functools import partial

import click
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels, logger
from granian.server import Server

from service.config import Settings
from service.processes import die_with_parent

BACKLOG = 1024
GRACE_SECONDS = 10
MANY_THREADS = "Configuration allows spawning up to"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def web(host: str, port: int) -> None:
    """Answer requests."""
    settings = Settings.from_env()
    logger.addFilter(_is_news)
    # Not only when they have imported the service: an orphan would keep the port for ever.
    os.register_at_fork(after_in_child=partial(die_with_parent, os.getpid()))
    gc.disable()  # until the service is there: its import would be interrupted for nothing
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
        # Proxies speak HTTP/1.1. What clients may do in HTTP/2 has other limits, or none.
        http=HTTPModes.http1,
        log_level=LogLevels.warning,
    ).serve()


def _is_news(record: logging.LogRecord) -> bool:
    """That threads outnumber cores is as intended: most of them wait for the database."""
    return not record.getMessage().startswith(MANY_THREADS)
