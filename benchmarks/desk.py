"""A moderator who decides by keyboard, in a real browser, with much stored."""

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.load import Connection
from benchmarks.sample import Sample, milliseconds
from benchmarks.seeding import places
from benchmarks.stack import Stack, System, started
from benchmarks.texts import SITE, Writer, http_request

STORED = 1_000_000
DECISIONS = 200
LINKS = " ".join(f"https://shop{number}.example/offer" for number in range(6))  # which are held
SECONDS_TO_HOLD = 120
BETWEEN_MS = 100  # two keys; nobody reads that fast
# By turns; what counts is the last key of each.
KEYS = (("a",), ("s",), ("r", "Enter"), ("r", "4"))
# When a key came, and when the next comment had the focus and was painted.
WATCH = """() => {
  window.seen = { key: 0, focused: [], painted: [] };
  addEventListener('keydown', () => { seen.key = performance.now(); }, true);
  document.getElementById('list').addEventListener('focusin', (event) => {
    if (!event.target.matches('#list > li') || !seen.isDue) return;
    seen.isDue = false;
    const began = seen.key;
    seen.focused.push(performance.now() - began);
    requestAnimationFrame(() => setTimeout(() => seen.painted.push(performance.now() - began)));
  });
  seen.answers = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries())
    if (one.name.endsWith('/v1/moderation/decisions')) seen.answers.push(one.duration);
  }).observe({ type: 'resource' });
}"""


def desk(databases: Sequence[str], _seconds: float, repeat: int) -> Iterator[Sample]:
    for database in databases:
        with started(System(database), past=places(STORED)) as stack:
            for _ in range(repeat):
                yield decide_by_keys(stack, stored=STORED)


def decide_by_keys(stack: Stack, *, stored: int) -> Sample:
    hold(stack, DECISIONS + 30)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        began = time.perf_counter()
        page.goto(f"http://127.0.0.1:{stack.port}/desk/#token={stack.token}")
        page.locator("#list > li").first.wait_for()
        opened = time.perf_counter() - began
        found = _decide(page)
        browser.close()
    times = {name: [ms / 1000 for ms in found[name]] for name in ("focused", "painted", "answers")}
    values = {
        **{
            f"next focused, {k}": v for k, v in milliseconds(times["focused"], 0.5, 0.95, 1).items()
        },
        "painted, p95 ms": milliseconds(times["painted"], 0.95)["p95 ms"],
        "recorded, p95 ms": milliseconds(times["answers"], 0.95)["p95 ms"],
        "page opened, ms": opened * 1000,
    }
    return Sample("desk", (stack.system.name, f"{stored:,}"), values)


def _decide(page: Page) -> Any:
    page.evaluate(WATCH)
    page.keyboard.press("j")
    for number in range(DECISIONS):
        *before, last = KEYS[number % len(KEYS)]
        for key in before:
            page.keyboard.press(key)
        page.evaluate("() => { seen.isDue = true; }")
        page.keyboard.press(last)
        page.wait_for_function("() => !seen.isDue", polling=10)
        page.wait_for_timeout(BETWEEN_MS)
    page.wait_for_function(f"() => seen.answers.length >= {DECISIONS}")
    found = page.evaluate("() => seen")
    if len(found["focused"]) != DECISIONS or page.locator(".failed").count():
        raise RuntimeError("Not every decision was made.")
    return found


def hold(stack: Stack, count: int) -> None:
    """As many comments as a moderator needs, sent by readers and held by the workers."""
    writer = Writer(f"desk {time.time_ns()}")
    connection = Connection(stack.port)
    missing = count - waiting(connection, stack)
    for number in range(missing):
        body = {
            "site": SITE, "page": f"long-{number % 50}", "body": f"{writer.text()} {LINKS}",
            "author": {"name": f"Reader {number}"},
        }  # fmt: skip
        request = http_request(
            "POST", "/v1/comments", "Content-Type: application/json\r\n", json.dumps(body).encode()
        )
        if (reply := connection.exchange(request)).status != 202:
            raise RuntimeError(f"A comment was answered {reply.status}: {reply.content.decode()}")
    until = time.perf_counter() + SECONDS_TO_HOLD
    while waiting(connection, stack) < count:
        if time.perf_counter() > until:
            raise RuntimeError("The comments were not held in time.")
        time.sleep(0.2)
    connection.close()


def waiting(connection: Connection, stack: Stack) -> int:
    path = "/v1/moderation/queue?limit=1"
    request = http_request("GET", path, f"Authorization: Bearer {stack.token}\r\n", b"")
    found: int = json.loads(connection.exchange(request).content)["waiting"]
    return found
