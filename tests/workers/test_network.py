"""Workers reach their database and Redis, and nothing else."""

import ctypes
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from multiprocessing import get_context

import pytest

from service.config import Settings
from tests.factories import SECRET
from workers.network import confine_network, ports_of

FRESH = get_context("forkserver")
FRESH.set_forkserver_preload([__name__])
LOCAL = Settings(database_url="sqlite:////tmp/none.db", redis_url="unix:///none", secret=SECRET)


def told(settings: Settings, look: Callable[..., str], *given: int) -> str:
    """What `look` answers in a confined process."""
    ours, theirs = FRESH.Pipe()
    process = FRESH.Process(target=confined, args=(settings, look, theirs, *given))
    process.start()
    assert ours.poll(30), "no answer"
    answer: str = ours.recv()
    process.join(10)
    return answer


def confined(settings, look, pipe, *given) -> None:
    confine_network(settings)
    pipe.send(look(*given))


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except OSError as error:
        return os.strerror(error.errno or 0)
    return "worked"


def make_sockets() -> str:
    kinds = [(socket.AF_UNIX, socket.SOCK_STREAM), (socket.AF_INET, socket.SOCK_STREAM),
             (socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_INET6, socket.SOCK_STREAM),
             (socket.AF_NETLINK, socket.SOCK_RAW)]  # fmt: skip
    return ", ".join(outcome(lambda kind=kind: socket.socket(*kind).close()) for kind in kinds)


def make_sockets_otherwise() -> str:
    """By a ring, and in a child, which cannot take it back."""
    library = ctypes.CDLL(None, use_errno=True)
    parameters = ctypes.create_string_buffer(120)
    ring = library.syscall(ctypes.c_long(425), ctypes.c_long(1), parameters)
    child = os.fork()
    if child == 0:
        os._exit(int(outcome(lambda: socket.socket().close()) == "worked"))
    return f"ring {ring}, child {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}"


def connect_to(*ports: int) -> str:
    return ", ".join(
        outcome(lambda port=port: socket.create_connection(("127.0.0.1", port), 5).close())
        for port in ports
    )


def listen() -> str:
    return outcome(lambda: socket.create_server(("127.0.0.1", 0)).close())


def test_where_all_is_on_this_machine_there_is_no_network() -> None:
    assert told(LOCAL, make_sockets) == "worked" + ", Permission denied" * 4
    assert told(LOCAL, make_sockets_otherwise) == "ring -1, child 0"


@contextmanager
def listening() -> Iterator[int]:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_else_there_are_the_ports_of_database_and_redis() -> None:
    with listening() as database, listening() as redis, listening() as other:
        settings = replace(
            LOCAL,
            database_url=f"postgresql://u@127.0.0.1:{database}/a",
            redis_url=f"redis://127.0.0.1:{redis}/0",
        )
        answer = told(settings, connect_to, database, redis, other)
        assert answer == "worked, worked, Permission denied"
        assert told(settings, listen) == "Permission denied"


@pytest.mark.parametrize(
    ("database", "redis", "ports"),
    [
        ("sqlite:////a.db", "unix:///a", set()),
        ("postgresql://u@/a?host=/run/postgresql", "unix:///a", set()),
        ("postgresql:///a?host=/run/postgresql&port=5433", "unix:///a", set()),
        ("postgresql://u:p@db/a", "redis://:p@r:6380/0", {5432, 6380}),
        ("postgresql+psycopg://u@db:6432/a", "rediss://:p@r/0", {6432, 6379}),
        ("postgresql://u@/a?host=one,two&port=5432,5433", "unix:///a", {5432, 5433}),
        ("postgresql:///a", "unix:///a", {5432}),
    ],
)
def test_which_ports_are_needed(database: str, redis: str, ports: set[int]) -> None:
    assert ports_of(replace(LOCAL, database_url=database, redis_url=redis)) == ports
