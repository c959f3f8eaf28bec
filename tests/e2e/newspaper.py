"""A publisher's website of another origin with a strict policy, and what its readers wrote."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zlib import crc32

import pytest

from tests.e2e.running import SITE, Started, call, until
from tests.factories import a_text

# For tests with many cases that look at what the browser makes of one and the same answer.
ONE_DATABASE = pytest.mark.parametrize("newspaper", ["sqlite"], indirect=True)
# With the two lines that embed comments; `above` and `below` stand for the rest of the page.
ARTICLE = """<!doctype html><html lang="{lang}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The Lighthouse Mail</title><main><h1>Fog</h1><p>Nobody saw it coming.</p>{above}
<script async src="{service}/embed/comments.js"></script>
<afterword-comments site="demo" page="{page}" {attributes}></afterword-comments>{below}</main>"""


def text(page: str, number: int) -> str:
    """A text that resembles no other on the site: repetitions would be held."""
    return re.sub(r"^Text \d+", f"Text {number}", a_text(crc32(f"{page} {number}".encode())))


@dataclass
class Newspaper:
    """Pages by path; each may embed the comments of a page of its own name."""

    up: Started
    command: Callable[..., str] | None = None  # an operator's, answers what it printed
    origin: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, str]] = field(default_factory=dict)  # path: type, content

    def article(
        self, page: str, *, lang: str = "en", attributes: str = "", above: str = "", below: str = ""
    ) -> str:
        """Prints an article; answers its address."""
        self.pages[f"/{page}"] = ARTICLE.format(
            lang=lang, service=self.up.address, page=page, attributes=attributes, above=above,
            below=below,
        )  # fmt: skip
        return f"{self.origin}/{page}"

    def publish(self, path: str, html: str) -> str:
        self.pages[path] = html
        return self.origin + path

    def write(self, page: str, body: str, *, name: str = "Ann", parent: str | None = None) -> str:
        """A reader's comment, once everybody can read it; answers its id."""
        receipt = self.send(page, body, name=name, parent=parent)
        address = f"{self.up.address}/v1/comments/{receipt['id']}"
        until(lambda: call("GET", address).status == 200, f"{body!r} is public", seconds=20)
        return str(receipt["id"])

    def send(
        self, page: str, body: str, *, name: str = "Ann", parent: str | None = None
    ) -> dict[str, str]:
        """A reader's comment, as yet unjudged; answers the receipt."""
        new = {"site": SITE, "page": page, "body": body, "author": {"name": name}, "parent": parent}
        answer = call("POST", f"{self.up.address}/v1/comments", body=new)
        assert answer.status == 202, answer.text
        receipt: dict[str, str] = answer.json
        return receipt

    def count(self, page: str) -> int:
        answer = call("GET", f"{self.up.address}/v1/comments?site={SITE}&page={page}")
        return int(answer.json["count"])

    def ask_as_moderator(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.up.token}"}
        answer = call(method, self.up.address + path, body=body, headers=headers)
        assert answer.status == 200, answer.text
        return answer.json

    def desk_link(self, scope: str = "admin") -> str:
        """By which somebody with a token of their own signs in at the desk."""
        token = self.command("token", "create", "--name", f"{scope}@news.example", "--scope", scope)
        return f"{self.up.address}/desk/#token={token.strip()}"

    def let_texts_be(self) -> None:
        """No text is held for its wording: what the filter thinks of it is tested elsewhere."""
        self.set_policy(spam={"power": "hint"})

    def set_policy(self, **settings: Any) -> None:
        path = f"/v1/moderation/sites/{SITE}/policy"
        stored = self.ask_as_moderator("GET", path)
        self.ask_as_moderator("PUT", path, {"settings": {**stored["settings"], **settings}})

    def set_mode(self, page: str, mode: str) -> None:
        body = {"site": SITE, "page": page, "mode": mode}
        self.ask_as_moderator("PUT", "/v1/moderation/threads", body)


@contextmanager
def printed(up: Started, command: Callable[..., str]) -> Iterator[Newspaper]:
    paper = Newspaper(up, command)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            kind, content = paper.files.get(path, ("text/html", paper.pages.get(path, "")))
            status = 200 if content else 204 if path == "/favicon.ico" else 404
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", policy(up.address, "'self'"))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        paper.origin = f"http://127.0.0.1:{server.server_port}"
        try:
            yield paper
        finally:
            server.shutdown()
            thread.join()


def policy(service: str, own: str = "") -> str:
    """What a careful publisher allows: the service's script, style and data, and its own files."""
    return (
        f"default-src 'none'; script-src {service} {own}; connect-src {service}; "
        f"style-src {service} {own}; require-trusted-types-for 'script'"
    )
