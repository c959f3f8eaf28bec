"""Readers and moderators in a real browser, and what it complains about meanwhile."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    expect,
)

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",  # which Chromium asks of root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # other tests and their processes want the same two cores
HUMAN_SECONDS = 2.3  # a form that is sent faster is taken for a robot's
DISAGREE = "I disagree with the author."
SIX_LINKS = " ".join(f"https://shop{number}.example/offer" for number in range(6))


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)


@dataclass
class People:
    """Everybody who has a browser of their own, without cookies, storage or cache of another's."""

    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, url: str, *, scripts: bool = True, clock: bool = False, **options: Any) -> Page:
        """A new person opens this address; with a clock, tests can move their time on."""
        options = {"java_script_enabled": scripts, "locale": "en-GB", **options}
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        page = context.new_page()
        if clock:
            page.clock.install()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        look_at_comments(page)
        return page

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} at {message.location['url']}")

    def ensure_no_cookies(self) -> None:
        """None but the one by which moderators are signed in."""
        found = [cookie for context in self.contexts for cookie in context.cookies()]
        assert [cookie for cookie in found if cookie["name"] != "afterword-desk"] == []

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


def look_at_comments(page: Page) -> None:
    """Scroll down to them, where there are any: they come when a reader is near."""
    for widget in page.locator("afterword-comments").all():
        widget.scroll_into_view_if_needed()


def write(form: Locator, text: str, *, name: str | None = None) -> None:
    """Fill in a form at a person's speed and send it."""
    if name is not None:
        form.get_by_label("Name").fill(name)
    delay = HUMAN_SECONDS * 1000 / len(text)
    form.locator("textarea").press_sequentially(text, delay=delay)
    form.locator("button.primary").click()


def post(page: Page, text: str, *, name: str = "Ann") -> Locator:
    """Post a comment under the article; answers where it stands."""
    write(page.get_by_role("form", name="Your comment"), text, name=name)
    return comment(page, text)


def comment(page: Page, text: str) -> Locator:
    """The comment that says this, without its replies."""
    return page.locator("article:has(.body)").filter(has_text=text)


def ensure_shown_after_reload(page: Page, text: str) -> None:
    """Answers may be as old as their Cache-Control allows."""

    def is_shown() -> bool:
        page.reload()
        look_at_comments(page)
        expect(page.locator("afterword-comments h2")).to_be_visible()
        return comment(page, text).count() == 1

    _try_again(page, is_shown)


def _try_again(page: Page, works: Callable[[], bool]) -> None:
    for _ in range(20):
        if works():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"not shown: {page.locator('main').inner_text()}")


HOST_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<title>The Lighthouse Mail</title><h1>Fog</h1><p>Nobody saw it coming.</p>
<script async src="{service}/embed/comments.js"></script>
<afterword-comments site="demo" page="fog"></afterword-comments>"""


@contextmanager
def publisher(service: str) -> Iterator[str]:
    """Another website, with the two lines that embed comments and a strict policy; its origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_page = self.path == "/fog"
            self.send_response(200 if is_page else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header(
                "Content-Security-Policy",
                f"default-src 'none'; script-src {service}; connect-src {service}; "
                f"style-src {service}; require-trusted-types-for 'script'",
            )
            self.end_headers()
            if is_page:
                self.wfile.write(HOST_PAGE.format(service=service).encode())

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
