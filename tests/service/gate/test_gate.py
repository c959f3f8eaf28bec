"""The gate in front of a small application that works until it is told to stop."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request, Response

from service.gate.bodies import Bodies
from service.gate.gate import RETRY_SECONDS, Gate, Refusal
from tests.e2e.running import until

PLACES = 4
ROOM = 3
BUSY = Refusal("503 Service Unavailable", [("Content-Type", "application/problem+json")], b"{}")
PAGE = "https://news.example"


class Desk:
    """An application: whoever asks for /slow waits until `go_on` is set."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.working = 0
        self.bodies: list[bytes] = []

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        self.bodies.append(request.get_data())
        response = Response("done")
        if request.headers.get("Origin") == PAGE:
            response.headers["Access-Control-Allow-Origin"] = PAGE
        if request.path == "/slow":
            self.working += 1
            assert self.go_on.wait(20)
            self.working -= 1
        if request.path == "/broken":
            raise ZeroDivisionError
        return response(environ, start_response)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.go_on.set()


@pytest.fixture
def gate(desk: Desk) -> Gate:
    bodies = Bodies(most_bytes=1000)
    return Gate(desk, places=PLACES, room=ROOM, bodies=bodies, busy=BUSY, patience=0.2)


class Crowd:
    """Clients, each in a thread."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.answers: list[TestResponse] = []
        self.threads: list[threading.Thread] = []

    def ask(self, count: int, method: str, path: str = "/slow") -> None:
        def one() -> None:
            self.answers.append(Client(self.gate).open(path, method=method, data=b"text"))

        for _ in range(count):
            self.threads.append(threading.Thread(target=one))
            self.threads[-1].start()

    def leave(self) -> list[int]:
        for thread in self.threads:
            thread.join()
        return sorted(answer.status_code for answer in self.answers)


def test_it_passes_on_what_was_sent_and_what_is_answered(gate: Gate, desk: Desk):
    assert Client(gate).post("/", data=b"text").text == "done"
    assert Client(gate).get("/").text == "done"
    assert desk.bodies == [b"text", b""]
    assert gate.counts == {}


def test_writers_leave_every_fourth_place_to_readers(gate: Gate, desk: Desk):
    crowd = Crowd(gate)
    crowd.ask(PLACES, "POST")
    until(lambda: desk.working == PLACES - 1, "work")
    assert Client(gate).get("/").status_code == 200
    assert Client(gate).post("/").status_code == 503, "patience is at an end"
    desk.go_on.set()
    assert crowd.leave() in ([200, 200, 200, 503], [200] * 4)
    assert Client(gate).post("/").status_code == 200


def test_beyond_the_room_it_refuses_at_once(desk: Desk):
    gate = Gate(desk, places=2, room=1, bodies=Bodies(most_bytes=9), busy=BUSY, patience=20)
    crowd = Crowd(gate)
    crowd.ask(3, "GET")
    until(lambda: desk.working == 2 and gate._inside == 3, "one who waits")
    refused = [Client(gate).get("/slow") for _ in RETRY_SECONDS]
    assert {one.status_code for one in refused} == {503}
    assert [int(one.headers["Retry-After"]) for one in refused] == list(RETRY_SECONDS)
    assert refused[0].content_type == "application/problem+json"
    assert Client(gate).head("/slow").text == ""
    desk.go_on.set()
    assert crowd.leave() == [200] * 3
    assert gate.counts == {"busy": 5}


def test_writers_leave_a_quarter_of_the_room_to_readers(desk: Desk):
    gate = Gate(desk, places=2, room=4, bodies=Bodies(most_bytes=9), busy=BUSY, patience=20)
    crowd = Crowd(gate)
    crowd.ask(5, "POST")
    until(lambda: gate._inside == 5, "a full room")
    assert Client(gate).post("/").status_code == 503
    assert Client(gate).get("/").status_code == 200
    desk.go_on.set()
    assert crowd.leave() == [200] * 5


def test_places_are_free_again_after_an_error(gate: Gate):
    for method in ("GET", "POST") * 10:
        with pytest.raises(ZeroDivisionError):
            Client(gate).open("/broken", method=method)
    assert Client(gate).post("/").status_code == 200


def test_a_page_that_may_read_answers_may_read_refusals(desk: Desk):
    gate = Gate(desk, places=1, room=0, bodies=Bodies(most_bytes=9), busy=BUSY)
    for origin in (PAGE, "https://other.example"):
        Client(gate).get("/", headers={"Origin": origin})
    crowd = Crowd(gate)
    crowd.ask(1, "GET")
    until(lambda: desk.working, "work")
    known = Client(gate).get("/", headers={"Origin": PAGE})
    assert known.headers["Access-Control-Allow-Origin"] == PAGE
    assert known.headers["Access-Control-Expose-Headers"] == "Retry-After"
    for headers in ({"Origin": "https://other.example"}, {}):
        other = Client(gate).get("/", headers=headers)
        assert other.status_code == 503
        assert "Access-Control-Allow-Origin" not in other.headers
    desk.go_on.set()
    crowd.leave()


def test_a_body_that_breaks_off_reaches_nobody(gate: Gate, desk: Desk):
    answer = Client(gate).post("/", data=b"half", environ_overrides={"CONTENT_LENGTH": "900"})
    assert answer.status_code == 408
    assert desk.bodies == []
    assert gate.counts == {"broken-off": 1}
