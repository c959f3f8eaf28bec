"""The doorkeeper at real sockets: whom it sends away, and whom it lets be."""

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import pytest

from service.gate.doorkeeper import TOO_LATE, Connection, Doorkeeper
from service.gate.sockets import OWN_DESCRIPTORS, Traffic

pytestmark = pytest.mark.skipif(not OWN_DESCRIPTORS.exists(), reason="knows only Linux")

REQUEST = b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
MUCH = b"x" * 8_000_000
SOON, LATE = 30.0, 0.2


@dataclass
class Ends:
    """Both ends of a connection."""

    client: socket.socket
    server: socket.socket

    def ask(self, content: bytes = REQUEST) -> None:
        self.client.sendall(content)
        assert self.server.recv(len(content), socket.MSG_WAITALL) == content

    def answer(self) -> None:
        self.server.sendall(ANSWER)
        assert self.client.recv(len(ANSWER), socket.MSG_WAITALL) == ANSWER

    def is_over(self) -> bool:
        """As the server sees it."""
        self.server.setblocking(False)
        try:
            return self.server.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True


@pytest.fixture
def ends() -> Iterator[Ends]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), 10)
        server, _ = listener.accept()
        with client, server:
            yield Ends(client, server)


def looked(ends: Ends, *, seconds: float, crowded: bool = False, times: int = 6) -> bool:
    """Whether the connection is over after some looks."""
    keeper = Doorkeeper(seconds=seconds, is_crowded=lambda: crowded)
    for _ in range(times):
        keeper.look()
        time.sleep(0.1)
    return ends.is_over()


def test_who_does_not_finish_a_request_is_told_and_sent_away(ends: Ends):
    ends.ask()
    assert looked(ends, seconds=LATE)
    assert ends.client.recv(1000) == TOO_LATE
    assert ends.client.recv(1000) == b""


def test_who_sends_a_byte_now_and_then_is_sent_away_too(ends: Ends):
    ends.ask()
    keeper = Doorkeeper(seconds=1, is_crowded=lambda: False)
    began = time.monotonic()

    while not ends.is_over():
        assert time.monotonic() - began < 10
        keeper.look()
        time.sleep(0.1)
        with suppress(OSError):
            ends.client.send(b" ")
            ends.server.recv(1)
    assert time.monotonic() - began > 1
    assert ends.client.recv(len(TOO_LATE)) == TOO_LATE


def test_who_has_time_is_let_be(ends: Ends):
    ends.ask()
    assert not looked(ends, seconds=SOON)


def test_who_has_only_come_is_let_be(ends: Ends):
    """Linux says of such a connection that it was silent since the machine was started."""
    assert not looked(ends, seconds=LATE)


def test_what_the_server_has_not_read_is_nobodys_delay(ends: Ends):
    ends.client.sendall(REQUEST)
    assert not looked(ends, seconds=LATE)
    assert ends.server.recv(len(REQUEST), socket.MSG_WAITALL) == REQUEST
    assert looked(ends, seconds=LATE)


def test_time_in_which_the_process_stood_still_does_not_count(ends: Ends):
    ends.ask()
    keeper = Doorkeeper(seconds=LATE, is_crowded=lambda: False)
    keeper.look()
    time.sleep(1)
    keeper.look()
    assert not ends.is_over()


def test_who_was_answered_and_asks_again_begins_anew(ends: Ends):
    keeper = Doorkeeper(seconds=1, is_crowded=lambda: False)
    for _ in range(8):  # together more than the time for one
        ends.ask()
        keeper.look()
        time.sleep(0.1)
        ends.answer()
        keeper.look()
        time.sleep(0.1)
    assert not ends.is_over()


def test_who_is_silent_within_a_request_that_came_early_is_sent_away(ends: Ends):
    """Its first bytes came with the request before, and so before the last answer."""
    ends.ask(REQUEST * 2)
    time.sleep(0.02)
    ends.answer()
    assert not looked(ends, seconds=SOON)
    assert looked(ends, seconds=LATE)


def test_who_does_not_take_an_answer_is_sent_away(ends: Ends):
    ends.ask()
    ends.server.setblocking(False)
    ends.server.send(MUCH)
    assert not looked(ends, seconds=SOON)
    assert looked(ends, seconds=LATE)


TRAFFIC = Traffic(
    unacknowledged=0,
    sent_ms=0,
    received_ms=0,
    acknowledged=0,
    received=0,
    unsent=0,
    sent=0,
    unread=0,
)


def test_a_large_body_may_take_longer():
    connection, begun = Connection(), replace(TRAFFIC, received=1_000)
    connection.see(begun, 100.0)
    much = replace(begun, received=1_001_000)
    connection.see(much, 125.0)
    assert not connection.is_late(much, 125.0, seconds=10)
    assert connection.is_late(much, 131.0, seconds=10)


def test_a_large_answer_may_take_longer():
    connection, begun = Connection(), replace(TRAFFIC, received=9, sent=10, unsent=500_000)
    connection.see(begun, 100.0)
    half = replace(begun, acknowledged=100_000)
    assert not connection.is_not_taking(half, 125.0, seconds=10)
    assert connection.is_not_taking(half, 131.0, seconds=10)
    done = replace(begun, unsent=0)
    connection.see(done, 126.0)
    assert not connection.is_not_taking(done, 200.0, seconds=10)
