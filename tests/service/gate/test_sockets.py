"""Which sockets of a process are connections that somebody else opened, and what is unheard."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from service.gate.sockets import OWN_DESCRIPTORS, sockets, traffic_of

pytestmark = pytest.mark.skipif(not OWN_DESCRIPTORS.exists(), reason="knows only Linux")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def test_accepted_is_what_others_opened_and_nothing_else(listener: socket.socket) -> None:
    with ExitStack() as stack:
        client = stack.enter_context(socket.create_connection(listener.getsockname(), 10))
        server = stack.enter_context(listener.accept()[0])
        bound = stack.enter_context(socket.socket())
        bound.bind(("127.0.0.1", 0))
        found = sockets()
        assert listener.fileno() in found.listening
        assert server.fileno() in found.accepted.values()
        assert not {client.fileno(), bound.fileno()} & {*found.accepted.values(), *found.listening}
        known = sockets(known={os.fstat(server.fileno()).st_ino})
        assert server.fileno() in known.accepted.values()


def test_a_client_is_unheard_until_all_that_came_was_read(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname(), 10) as client:
        server, _ = listener.accept()
        with server:
            assert traffic_of(server.fileno()).is_unheard
            client.sendall(b"GET")
            server.recv(1)
            assert traffic_of(server.fileno()).is_unheard
            server.recv(2, socket.MSG_WAITALL)
            assert not traffic_of(server.fileno()).is_unheard
