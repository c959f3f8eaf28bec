"""The table of bytes, sent to a real `afterword web`: refused, or understood in one way only."""

import contextlib
import re
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import union_all

from service.actions.sites import add_site
from service.store.db import session_at
from service.store.migrating import migrate
from tests.e2e.running import PAGE, SITE, Processes, call, children_of
from tests.factories import SECRET
from tests.hostile.framing import (
    CHUNKED,
    END,
    EVIL,
    FORM,
    HOST,
    LAST,
    ROWS,
    UNFINISHED,
    Row,
    chunk,
    length,
    request,
)
from tests.hostile.stage import TABLES, TELLING

SECONDS = 20  # for a server that has much else to do
POST_FORM = b"POST /embed/thread HTTP/1.1"
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Server:
    """`afterword web` on its own, and how many rows its database has."""

    def __init__(self, processes: Processes, database_url: str) -> None:
        settings = {"database_url": database_url, "redis_url": "unix:///none", "secret": SECRET}
        migrate(database_url)
        with session_at(database_url) as session:
            add_site(session, key=SITE, name="The News", origins=[], by="test")
        self.web = processes.web(**settings, limits="off")
        self.children = children_of(self.web.pid)
        self.database_url = database_url

    def connect(self) -> socket.socket:
        parts = urlsplit(self.web.address)
        return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=SECONDS)

    def talk(self, sent: bytes, *, ends: bool = False) -> bytes:
        """All that is answered until the server hangs up; with `ends`, the client says no more."""
        heard = b""
        with self.connect() as connection, contextlib.suppress(ConnectionError):
            with contextlib.suppress(ConnectionError):  # it may have heard enough
                connection.sendall(sent)
                if ends:
                    connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(65_536):
                heard += data
        return heard

    def rows(self) -> dict[str, int]:
        with session_at(self.database_url) as session:
            counts = dict(session.execute(union_all(*TABLES)).all())
        counts.pop("tallies")  # of figures, which the server writes down by the clock
        return counts

    def ensure_unharmed(self) -> None:
        assert call("GET", f"{self.web.address}/readyz").status == 200
        assert children_of(self.web.pid) == self.children, "a process died"
        assert "unexpected error" not in self.web.logged()


@pytest.fixture(scope="module")
def server(scratch: Path) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(dir=scratch))
    processes = Processes(folder)
    try:
        yield Server(processes, f"sqlite:///{folder}/afterword.db")
    finally:
        processes.end()
        processes.show()


def test_no_two_servers_see_different_requests(server: Server) -> None:
    found: list[str] = []
    for row in ROWS:
        before = server.rows()["comments"]
        found += [f"{row.what}: {fault}" for fault in faults(row, server.talk(row.sent + LAST))]
        if (stored := server.rows()["comments"] - before) != row.stored:
            found.append(f"{row.what}: it stored {stored} comments")
    assert not found, "\n".join(found)
    server.ensure_unharmed()


def faults(row: Row, heard: bytes) -> Iterator[str]:
    statuses = tuple(int(status) for status in STATUS.findall(heard))
    # Who refuses while more is coming may be cut off before the refusal has arrived.
    is_cut_off = not statuses and row.statuses[-1:] >= (400,)
    if statuses != row.statuses and not is_cut_off:
        yield f"answered with {statuses}"
    if EVIL in heard:
        yield "the answer repeats another's name"
    if told := TELLING.search(heard.decode("latin-1")):
        yield f"the answer tells {told[0]!r}"


def test_what_breaks_off_is_no_request(server: Server) -> None:
    before = server.rows()
    with contextlib.ExitStack() as open_ones:
        for sent in UNFINISHED:
            open_ones.enter_context(server.connect()).sendall(sent)
        assert server.talk(LAST)
    assert server.rows() == before
    server.ensure_unharmed()


def test_half_a_form_is_no_shorter_comment(server: Server) -> None:
    """Nor is a form in chunks taken, of which nobody could say whether it was whole."""
    query = urlencode({"site": SITE, "page": PAGE})
    fields = dict(FIELD.findall(call("GET", f"{server.web.address}/embed/thread?{query}").text))
    form = urlencode(fields | {"name": "Ann", "body": "Half of it."}).encode()
    whole = form + b"+And+the+other+half."
    before = server.rows()
    for header, body in (
        (length(whole), form),
        (CHUNKED, chunk(form)),
        (CHUNKED, chunk(form) + b"zz\r\n"),
        (CHUNKED, chunk(form) + END),
    ):
        heard = server.talk(request(POST_FORM, HOST, FORM, header, body=body), ends=True)
        assert STATUS.findall(heard) in ([b"400"], [b"408"], []), (header, heard)
        assert server.rows() == before
    heard = server.talk(request(POST_FORM, HOST, FORM, length(whole), body=whole) + LAST)
    assert STATUS.findall(heard) == [b"303", b"200"]
    assert server.rows()["comments"] == before["comments"] + 1
