"""examples/nginx.conf in a real nginx, before a real Afterword."""

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.running import (
    PAGE,
    ROOT,
    SITE,
    Answer,
    Processes,
    Started,
    answers,
    call,
    free_port,
    until,
)

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
SHARED_SECONDS = 2  # how long shared caches may keep an answer: s-maxage
FOREIGN = "https://elsewhere.example"
LIST = f"/v1/comments?site={SITE}&page={PAGE}"
ENCODINGS = (None, "gzip", "gzip, deflate, br", "gzip;q=0, identity", "zstd;q=0, gzip;q=0.5", "br")
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/afterword.conf;
}}
"""


def example(folder: Path, *, port: int, origin: int) -> str:
    """The example with its places on this machine; all else stands as it does."""
    places = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{origin};",
        "proxy_cache_path /run/nginx-afterword": f"proxy_cache_path {folder}/cache",
        "access_log /var/log/nginx/afterword.log": f"access_log {folder}/access.log",
    }
    text = (ROOT / "examples" / "nginx.conf").read_text(encoding="utf-8")
    for there, here in places.items():
        assert text.count(there) == 1, there
        text = text.replace(there, here)
    return text


@dataclass
class Proxied:
    """Afterword, and nginx before it at `address`."""

    up: Started
    address: str

    def get(self, path: str = LIST, **headers: str) -> Answer:
        """An answer from nginx; header names have "_" for "-"."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return call("GET", self.address + path, headers=given)

    def post(self, body: str, page: str = PAGE) -> Answer:
        author = {"name": "Ann"}
        comment = {"site": SITE, "page": page, "author": author, "body": body}
        return call("POST", f"{self.address}/v1/comments", body=comment)

    def shown(self) -> str:
        """The list as Afterword itself gives it."""
        return call("GET", self.up.address + LIST).text


@pytest.fixture
def proxied(processes: Processes, folder: Path) -> Iterator[Proxied]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    up = processes.up(proxies="1", sweep_seconds="0.5")
    port, place = free_port(), folder / "nginx"
    place.mkdir()
    place.chmod(0o755)  # started by root, its worker belongs to another account
    for parent in (folder, folder.parent):
        parent.chmod(parent.stat().st_mode | 0o011)
    origin = int(up.address.rpartition(":")[2])
    (place / "afterword.conf").write_text(example(place, port=port, origin=origin))
    (place / "nginx.conf").write_text(MAIN.format(folder=place))
    command = [NGINX, "-p", str(place), "-c", str(place / "nginx.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        until(lambda: process.poll() is None and answers(f"{address}/livez"), "nginx")
        yield Proxied(up, address)
    finally:
        process.terminate()
        process.wait()
        print((place / "error.log").read_text())


def test_the_second_reader_is_answered_from_the_cache(proxied: Proxied) -> None:
    first, second = proxied.get(), proxied.get()
    assert (first.headers["x-cache"], second.headers["x-cache"]) == ("MISS", "HIT")
    assert first.text == second.text
    assert proxied.get(If_None_Match=first.headers["etag"]).status == 304


def test_an_expired_answer_lives_on_when_nothing_changed(proxied: Proxied) -> None:
    first = proxied.get()
    time.sleep(SHARED_SECONDS + 1.1)  # nginx counts whole seconds
    until(lambda: proxied.get().headers["x-cache"] == "HIT", "a renewed answer")
    assert proxied.get().headers["etag"] == first.headers["etag"]


def fetch(address: str, path: str, headers: dict[str, str]) -> tuple[dict[str, str], bytes]:
    """The head and the very bytes of an answer."""
    parts = urlsplit(address)
    with contextlib.closing(HTTPConnection(parts.netloc, timeout=20)) as connection:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return {name.lower(): value for name, value in response.getheaders()}, response.read()


def test_readers_get_what_they_would_get_without_nginx(proxied: Proxied) -> None:
    """Whoever asked before: encodings and origins are never mixed up."""
    told = ("content-encoding", "access-control-allow-origin", "etag", "content-type")
    readers = [
        {name: value for name, value in given.items() if value is not None}
        for encoding, origin in product(ENCODINGS, (None, proxied.up.address, FOREIGN))
        for given in [{"Accept-Encoding": encoding, "Origin": origin}]
    ]
    for path in (LIST, "/embed/comments.js"):
        expected = [fetch(proxied.up.address, path, reader) for reader in readers]
        for _ in range(2):  # into the cache, and out of it
            for reader, (head, content) in zip(readers, expected, strict=True):
                found, bytes_found = fetch(proxied.address, path, reader)
                assert bytes_found == content, reader
                assert [found.get(n) for n in told] == [head.get(n) for n in told], reader


def test_answers_differ_by_nothing_that_the_key_leaves_out(proxied: Proxied) -> None:
    """The example ignores Vary, because all that may stand there is in its key."""
    for path in (LIST, f"/v1/counts?site={SITE}&page={PAGE}", "/embed/comments.js"):
        head, _ = fetch(proxied.up.address, path, {"Accept-Encoding": "gzip"})
        named = head.get("vary", "")
        assert set(re.split(r",\s*", named.lower())) <= {"", "accept-encoding", "origin"}, path


def test_what_is_for_one_person_is_never_kept(proxied: Proxied) -> None:
    receipt = proxied.post("What the author alone may see at first.").json
    own = {"Authorization": f"Edit {receipt['edit_token']}"}
    path = f"/v1/comments/{receipt['id']}"
    for _ in range(2):
        answer = proxied.get(path, **own)
        assert (answer.status, answer.headers["x-cache"]) == (200, "BYPASS")
        assert "state" in answer.json
    assert "state" not in proxied.get(path).json  # 404, or the public form
    bearer = {"Authorization": f"Bearer {proxied.up.token}"}
    assert proxied.get("/v1/moderation/queue", **bearer).status == 200
    assert proxied.get("/v1/moderation/queue").status == 401


def test_an_approved_comment_appears_when_the_answer_expires(proxied: Proxied) -> None:
    assert "a late thought" not in proxied.get().text
    assert proxied.post("This is a late thought.").status == 202
    until(lambda: "a late thought" in proxied.shown(), "the comment at Afterword")
    until(lambda: "a late thought" in proxied.get().text, "it", seconds=SHARED_SECONDS + 2)


def test_what_has_expired_is_not_shown_while_afterword_is_away(proxied: Proxied) -> None:
    """It may have been hidden meanwhile."""
    assert proxied.get().status == 200
    proxied.up.terminate()
    time.sleep(SHARED_SECONDS + 1.1)
    assert proxied.get().status == 502
    assert proxied.post("Nobody takes this.").status == 502


def test_one_address_can_be_fetched_anew(proxied: Proxied) -> None:
    proxied.get()
    assert proxied.post("At once, please.").status == 202
    until(lambda: "At once" in proxied.shown(), "the comment at Afterword")
    assert proxied.get(X_Refresh="1").headers["x-cache"] == "BYPASS"
    renewed = proxied.get()
    assert "At once" in renewed.text
    assert renewed.headers["x-cache"] == "HIT"


def test_readers_cannot_choose_the_address_that_limits_count(proxied: Proxied) -> None:
    def post(number: int) -> int:
        comment = {"site": SITE, "page": PAGE, "author": {"name": "Ann"}, "body": f"No. {number}."}
        address = f"192.0.2.{number}"
        claim = {"X-Forwarded-For": address, "X_Forwarded_For": address}
        return call("POST", f"{proxied.address}/v1/comments", body=comment, headers=claim).status

    assert 429 in [post(number) for number in range(40)]
