"""Bodies from streams that give as much as they are told to."""

import threading
from io import BytesIO
from typing import Any

from service.gate.bodies import MOST_BYTES_TOGETHER, PART, Bodies, Unread
from tests.e2e.running import until

MOST = 100


def request(content: bytes, length: int | None = None) -> dict[str, Any]:
    said = {} if length is None else {"CONTENT_LENGTH": str(length)}
    return {"wsgi.input": BytesIO(content), **said}


def read(bodies: Bodies, environ: dict[str, Any]) -> bytes | Unread:
    with bodies.read(environ) as body:
        return body


def test_as_much_as_was_announced_is_read():
    assert read(Bodies(most_bytes=MOST), request(b"1234567", 5)) == b"12345"
    assert read(Bodies(most_bytes=MOST), request(b"", 0)) == b""


def test_of_what_was_not_announced_one_byte_too_many_is_read():
    assert read(Bodies(most_bytes=MOST), request(b"x" * MOST)) == b"x" * MOST
    assert read(Bodies(most_bytes=MOST), request(b"x" * 500)) == b"x" * (MOST + 1)


def test_what_is_announced_as_too_much_is_not_read():
    environ = request(b"x" * 500, 500)
    assert read(Bodies(most_bytes=MOST), environ) == b""
    assert len(environ["wsgi.input"].read()) == 500


def test_what_breaks_off_is_known():
    assert read(Bodies(most_bytes=MOST), request(b"1234", 5)) is Unread.BROKEN_OFF


def test_no_more_is_kept_at_a_time_than_there_is_room_for():
    most = MOST_BYTES_TOGETHER // 2
    bodies = Bodies(most_bytes=most)
    large = b"x" * most
    with bodies.read(request(large, most)) as first, bodies.read(request(large, most)) as second:
        assert (first, second) == (large, large)
        assert read(bodies, request(b"x", 1)) is Unread.CROWDED
        assert read(bodies, request(b"", 0)) == b""
    for _ in range(3):
        assert read(bodies, request(large, most)) == large


class Slow:
    """A stream that waits."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def read(self, size: int) -> bytes:
        assert size <= PART
        self.go_on.wait(20)
        return b"x" * size


def test_so_many_are_waited_for_and_no_more():
    bodies, slow = Bodies(most_bytes=MOST, most_read=2), Slow()
    waiting = {"wsgi.input": slow, "CONTENT_LENGTH": "9"}
    threads = [threading.Thread(target=read, args=(bodies, waiting)) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: bodies.are_crowded, "a crowd")
    assert read(bodies, request(b"x", 1)) is Unread.CROWDED
    slow.go_on.set()
    for thread in threads:
        thread.join()
    assert not bodies.are_crowded
    assert read(bodies, request(b"x", 1)) == b"x"
