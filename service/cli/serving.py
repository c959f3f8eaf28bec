"""afterword web: granian, whose processes that answer import the service; this one does not."""

import gc
import logging
import os
import resource
import signal
from functools import partial

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels, logger
from granian.server import Server

from service.config import Settings
from service.gate.gate import SPARE_THREADS, WAITING_ROOM
from service.processes import STOPPING, die_with_parent

BACKLOG = 1024
# Connections of a process, of which most are idle: some 10 KiB each. More wait in the backlog.
CONNECTIONS = 8192
OTHER_FILES = 200  # that a process has open at most: its code, the database, Redis
GRACE_SECONDS = 10
RELOAD_SECONDS = 10.0
MANY_THREADS = "Configuration allows spawning up to"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def web(host: str, port: int) -> None:
    """Answer requests."""
    settings = Settings.from_env()
    logger.addFilter(_is_news)
    _fork_in_good_order()
    gc.disable()  # until the service is there: its import would be interrupted for nothing
    Server(
        "service.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.web_processes,
        # Those beyond the places are started when they are needed, and end after half a minute.
        blocking_threads=settings.web_threads + WAITING_ROOM + SPARE_THREADS,
        backlog=BACKLOG,
        backpressure=_most_connections(),
        # Proxies speak HTTP/1.1. What clients may do in HTTP/2 has other limits, or none, and where
        # both are possible, who says nothing at all may stay for ever.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=settings.request_seconds * 500),
        respawn_failed_workers=True,
        # On SIGHUP each process gives way to a new one, which should answer by then.
        respawn_interval=RELOAD_SECONDS,
        workers_kill_timeout=GRACE_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _fork_in_good_order() -> None:
    """For the time in which a process that answers imports the service."""
    os.register_at_fork(
        # It would take them with the handlers of this process, which only note them.
        before=partial(signal.pthread_sigmask, signal.SIG_BLOCK, STOPPING),
        after_in_parent=partial(signal.pthread_sigmask, signal.SIG_UNBLOCK, STOPPING),
        # An orphan would keep the port for ever.
        after_in_child=partial(die_with_parent, os.getpid()),
    )


def _most_connections() -> int:
    """As many as this process may have; where the system has a soft limit, that is raised."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        return max(1, soft - OTHER_FILES)
    return CONNECTIONS


def _is_news(record: logging.LogRecord) -> bool:
    """That threads outnumber cores is as intended: most of them wait for the database."""
    return not record.getMessage().startswith(MANY_THREADS)
