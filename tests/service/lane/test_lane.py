"""The lane in front of small applications that say how often they were asked."""

import gzip
import threading
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse, create_environ
from werkzeug.wrappers import Request, Response

from service.lane import lane as lane_module
from service.lane.lane import GRACE_SECONDS, Lane

TEXT = "What the comments say. " * 100
KEYED = {"Cache-Control": "public, s-maxage=0", "Surrogate-Key": "thread site", "Vary": "Origin"}
BRIEF = {"Cache-Control": "public, s-maxage=60"}


class Origin:
    """An application whose answer can be changed, held up, or made to fail."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers
        self.text = TEXT
        self.status = 200
        self.asked = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request, text = Request(environ), self.text
        self.asked += 1
        assert self.go_on.wait(10)
        response = Response(text, self.status, self.headers, content_type="text/plain")
        response.headers["X-Request-Id"] = str(self.asked)
        response.set_etag(str(abs(hash(text))))
        if "Origin" in request.headers:
            response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        return response(environ, start_response)


@pytest.fixture
def origin() -> Origin:
    return Origin(dict(KEYED))


@pytest.fixture
def lane(origin: Origin) -> Lane:
    lane = Lane(origin, most_bytes=4 * 1024 * 1024)
    lane.vouch(time.monotonic() + 3600)
    return lane


Get = Callable[..., TestResponse]


@pytest.fixture
def get(lane: Lane) -> Get:
    client = Client(lane)
    return lambda path="/a", method="GET", **headers: client.open(
        path, method=method, headers={name.replace("_", "-"): v for name, v in headers.items()}
    )


def test_the_application_is_asked_once(get: Get, origin: Origin, lane: Lane):
    answers = [get() for _ in range(3)]
    assert [answer.text for answer in answers] == [TEXT] * 3
    assert origin.asked == 1
    assert lane.counts == {"miss": 1, "hit": 2}


def test_a_purge_of_one_key_makes_it_ask_again(get: Get, origin: Origin, lane: Lane):
    get()
    origin.text = "changed"
    lane.purge(["another"])
    assert get().text == TEXT
    lane.purge(["thread"])
    assert [get().text, get().text] == ["changed"] * 2
    assert origin.asked == 2
    assert lane.counts["renewal"] == 1


def test_without_somebody_who_vouches_it_keeps_to_s_maxage(get: Get, origin: Origin, lane: Lane):
    lane.vouch(0.0)
    get(), get()
    assert origin.asked == 2
    origin.headers["Cache-Control"] = "public, s-maxage=60"
    get(), get()
    assert origin.asked == 3


def test_an_answer_without_keys_is_not_kept_longer_than_it_says(get: Get, origin: Origin):
    del origin.headers["Surrogate-Key"]
    get(), get()
    assert origin.asked == 2


@pytest.mark.parametrize("headers", [
    {"Cache-Control": "no-store"},
    {"Cache-Control": "private, max-age=60"},
    {"Cache-Control": "public, max-age=60"},
    {"Cache-Control": "public, s-maxage=60, no-store"},
    {**BRIEF, "Set-Cookie": "a=b"},
    {**BRIEF, "Vary": "*"},
    {**BRIEF, "Content-Encoding": "br"},
])  # fmt: skip
def test_what_is_not_for_everybody_is_not_kept(get: Get, origin: Origin, headers: dict[str, str]):
    origin.headers = headers
    assert [get().headers["X-Request-Id"] for _ in range(3)] == ["1", "2", "3"]


@pytest.mark.parametrize("status", [404, 422, 503])
def test_errors_are_not_kept(get: Get, origin: Origin, status: int):
    origin.status = status
    assert [get().status_code, get().status_code] == [status] * 2
    origin.status = 200
    assert get().status_code == 200


def test_requests_with_a_token_and_writes_go_to_the_application(get: Get, origin: Origin):
    get()
    assert get(Authorization="Edit x").headers["X-Request-Id"] == "2"
    assert get(method="POST").headers["X-Request-Id"] == "3"
    assert get(Authorization="Edit x").headers["X-Request-Id"] == "4"


def test_gzip_and_plain_have_the_same_content_and_other_etags(get: Get):
    plain, packed = get(), get(Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).decode() == plain.text == TEXT
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, Origin"


@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_who_has_the_bytes_is_told_so(get: Get, origin: Origin, encoding: str):
    etag = get(Accept_Encoding=encoding).headers["ETag"]
    for held in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        answer = get(Accept_Encoding=encoding, If_None_Match=held)
        assert (answer.status_code, answer.data) == (304, b"")
        assert answer.headers["ETag"] == etag
        assert answer.headers["Vary"] == "Accept-Encoding, Origin"
        assert "Content-Length" not in answer.headers
    assert get(Accept_Encoding=encoding, If_None_Match='"other"').status_code == 200
    assert origin.asked == 1


def test_the_etag_of_one_encoding_is_not_that_of_another(get: Get):
    etag = get().headers["ETag"]
    assert get(Accept_Encoding="gzip", If_None_Match=etag).status_code == 200


def test_a_first_conditional_request_fills_the_lane(get: Get, origin: Origin):
    etag = Client(origin).get("/a").headers["ETag"]
    assert get(If_None_Match=etag).status_code == 304
    assert get().text == TEXT
    assert origin.asked == 2  # once without the lane


def test_head_has_no_body_and_shares_the_entry(get: Get, origin: Origin):
    head = get(method="HEAD")
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(TEXT)))
    assert get().text == TEXT
    assert origin.asked == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("held", ["", "*"])
def test_bodies_are_lists_which_the_server_sends_at_once(lane: Lane, method: str, held: str):
    for _ in range(2):
        environ = create_environ(
            "/a", method=method, headers={"If-None-Match": held} if held else {}
        )
        assert isinstance(lane(environ, lambda *_: lambda _: None), list)


def test_headers_of_one_exchange_are_not_repeated(get: Get):
    get()
    assert "X-Request-Id" not in get().headers


def test_it_takes_no_more_memory_than_it_counts(lane: Lane, origin: Origin):
    client = Client(lane)
    tracemalloc.start()
    for number in range(400):
        origin.text = f"{number} {TEXT}"
        origin.headers["Surrogate-Key"] = f"site thread-{number}"
        for encoding in ("gzip", "identity"):
            client.get(f"/thread-{number}", headers={"Accept-Encoding": encoding})
        if number == 100:  # by then, what is needed once is there
            taken, counted = tracemalloc.get_traced_memory()[0], lane.shelf.bytes
    taken = tracemalloc.get_traced_memory()[0] - taken
    tracemalloc.stop()
    assert taken <= lane.shelf.bytes - counted


def test_each_origin_gets_its_own_permission(get: Get):
    for name in ("https://a", "https://b", "https://a"):
        assert get(Origin=name).headers["Access-Control-Allow-Origin"] == name
    assert "Access-Control-Allow-Origin" not in get().headers


def test_hosts_are_kept_apart(lane: Lane, origin: Origin):
    client = Client(lane)
    for host in ("http://a.example", "http://b.example"):
        client.get("/a", base_url=host)
    assert origin.asked == 2


def test_a_file_is_made_smaller_than_what_changes(get: Get, origin: Origin):
    origin.text = " ".join(str(number * number) for number in range(5_000))
    page = get(path="/page", Accept_Encoding="gzip")
    origin.headers = dict(BRIEF)
    file = get(path="/file", Accept_Encoding="gzip")
    assert gzip.decompress(file.data) == gzip.decompress(page.data)
    assert len(file.data) < len(page.data)


def test_small_answers_are_not_compressed(get: Get, origin: Origin):
    origin.text = "short"
    answer = get(Accept_Encoding="gzip")
    assert (answer.text, answer.headers["Vary"]) == ("short", "Accept-Encoding, Origin")


def in_threads(count: int, work: Callable[[], Any]) -> tuple[list[threading.Thread], list[Any]]:
    results: list[Any] = []
    threads = [threading.Thread(target=lambda: results.append(work())) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, results


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.001)


def test_many_who_find_nothing_cause_one_request(get: Get, origin: Origin):
    origin.go_on.clear()
    threads, texts = in_threads(50, lambda: get().text)
    wait_until(lambda: origin.asked == 1)
    origin.go_on.set()
    for thread in threads:
        thread.join()
    assert texts == [TEXT] * 50
    assert origin.asked == 1


def test_while_one_renews_the_others_get_what_was(get: Get, origin: Origin, lane: Lane):
    get()
    origin.text = "changed"
    lane.purge(["thread"])
    origin.go_on.clear()
    [renewing], renewed = in_threads(1, lambda: get().text)
    wait_until(lambda: origin.asked == 2)
    assert [get().text for _ in range(5)] == [TEXT] * 5
    assert lane.counts["stale"] == 5
    origin.go_on.set()
    renewing.join()
    assert renewed == ["changed"]
    assert get().text == "changed"


def test_nobody_gets_what_was_for_long(get: Get, origin: Origin, lane: Lane, monkeypatch):
    monkeypatch.setattr(lane_module, "GRACE_SECONDS", 0.05)
    get()
    origin.text = "changed"
    lane.purge(["thread"])
    origin.go_on.clear()
    renewing, _ = in_threads(1, lambda: get().text)
    wait_until(lambda: origin.asked == 2)
    time.sleep(0.06)
    waiting, texts = in_threads(3, lambda: get().text)
    time.sleep(0.05)
    assert texts == []
    origin.go_on.set()
    for thread in renewing + waiting:
        thread.join()
    assert texts == ["changed"] * 3
    assert origin.asked == 2


def test_a_purge_while_the_application_reads_is_not_missed(get: Get, origin: Origin, lane: Lane):
    origin.go_on.clear()
    threads, _ = in_threads(1, lambda: get().text)
    wait_until(lambda: origin.asked == 1)
    origin.text = "changed"
    lane.purge(["site"])
    origin.go_on.set()
    threads[0].join()
    assert get().text == "changed"


def test_a_purge_while_the_answer_is_put_away_is_not_missed(
    get: Get, origin: Origin, lane: Lane, monkeypatch
):
    put = lane.shelf.put

    def purged_just_before(*arguments: Any, **named: Any) -> None:
        monkeypatch.undo()
        lane.purge(["thread"])
        put(*arguments, **named)

    monkeypatch.setattr(lane.shelf, "put", purged_just_before)
    get()
    origin.text = "changed"
    assert get().text == "changed"


def test_a_purge_is_not_forgotten_among_many(get: Get, origin: Origin, lane: Lane, monkeypatch):
    monkeypatch.setattr(lane_module, "REMEMBERED", 3)
    origin.go_on.clear()
    threads, _ = in_threads(1, lambda: get().text)
    wait_until(lambda: origin.asked == 1)
    origin.text = "changed"
    lane.purge(["thread"])
    for number in range(10):
        lane.purge([f"other{number}"])
    origin.go_on.set()
    threads[0].join()
    assert get().text == "changed"


def test_when_other_processes_renew_it_the_old_answer_does(get: Get, origin: Origin, lane: Lane):
    get()
    origin.text = "changed"
    lane.purge(["thread"])
    lane.may_renew = lambda _url: False
    assert get().text == TEXT
    lane.may_renew = lambda _url: True
    assert get().text == "changed"


def test_a_renewal_that_fails_is_passed_on_and_tried_again(get: Get, origin: Origin, lane: Lane):
    get()
    lane.purge(["thread"])
    origin.status = 503
    assert get().status_code == 503
    origin.status = 200
    assert get().status_code == 200


def test_an_application_that_raises_leaves_nothing_locked():
    failing = lane_of(raising)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            Client(failing).get("/a")


def raising(environ: Any, start_response: Any) -> Any:
    raise ZeroDivisionError


def lane_of(application: Any) -> Lane:
    return Lane(application, most_bytes=1024 * 1024)


def test_the_grace_is_short():
    """Together with a look of the watch that comes late it must stay below five seconds."""
    assert GRACE_SECONDS <= 1.0


def test_many_threads_at_once_see_no_answer_of_before(origin: Origin):
    """Readers, purges and changes at random: an answer is never older than the last purge."""
    lane = lane_of(origin)
    lane.vouch(time.monotonic() + 3600)
    purged = "0" * 400
    origin.text = purged
    stop, old = threading.Event(), []

    def read() -> None:
        client = Client(lane)
        while not stop.is_set():
            at_least = int(purged)
            began = time.monotonic()
            text = int(client.get("/a").text)
            if text < at_least and time.monotonic() - began < GRACE_SECONDS / 2:
                old.append((text, at_least, lane.counts["stale"]))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 300):
        origin.text = f"{number:0400}"
        lane.purge(["thread"])
        purged = origin.text
        time.sleep(0.001)
    stop.set()
    for thread in threads:
        thread.join()
    # Those who came while another renewed got the one before, and were counted.
    assert len(old) <= lane.counts["stale"]
    assert int(Client(lane).get("/a").text) == 299
