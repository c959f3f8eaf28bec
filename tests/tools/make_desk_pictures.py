"""Takes the pictures of the moderators' desk in docs/images: light, dark, on a phone.

Run it as `python -m tests.tools.make_desk_pictures` after changing how the queue looks.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsing import launch
from tests.e2e.newspaper import Newspaper
from tests.e2e.running import SITE, Processes, call, until

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ARTICLES = (
    ("sunday-opening", "The library opens on Sundays again"),
    ("ferry", "Ferry fares rise for the third time"),
)
# Who said it, below which article, and what. None of them is a person.
HELD = (
    ("Ines Marlow", 1, "Three times in two years! I take that ferry to dialysis. Whoever decided "
     "this has never stood on the quay in February, and should be made to swim."),
    ("Best Deals 4U", 0, "GREAT offers for readers!!! Write to sales@deals.example or see "
     "https://deals.example/a https://deals.example/b https://deals.example/c"),
    ("Tomas Reed", 0, "WHO PAYS FOR THIS? WE DO. AGAIN. AS ALWAYS. NOBODY EVER ASKS THE TAXPAYER."),
    ("Greta", 1, "The figures are in the council's own report: https://council.example/ferry and "
     "https://council.example/ferry/annex and https://council.example/ferry/2025."),
    ("سلمى", 0, "فتحت المكتبة أبوابها من جديد https://a.example https://b.example https://c.example"),
)  # fmt: skip
PICTURES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("desk-queue", {"viewport": {"width": 1200, "height": 860}}),
    ("desk-queue-dark", {"viewport": {"width": 1200, "height": 860}, "color_scheme": "dark"}),
    ("desk-queue-phone", {"viewport": {"width": 390, "height": 860}}),
)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="aw-"))
    processes = Processes(folder)
    try:
        paper = Newspaper(processes.up(limits="off"))
        for article in ARTICLES:
            _send(paper, article, "Nora", "Thank you for telling us, and so soon.")
            paper.set_mode(article[0], "premoderated")
        for name, number, body in HELD:
            _send(paper, ARTICLES[number], name, body)
        path = "/v1/moderation/queue"
        until(
            lambda: paper.ask_as_moderator("GET", path)["waiting"] >= len(HELD),
            "all are held",
            seconds=20,
        )
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for name, options in PICTURES:
                _take(browser, paper, name, options)
            browser.close()
    finally:
        processes.end()
        shutil.rmtree(folder)


def _send(paper: Newspaper, article: tuple[str, str], name: str, body: str) -> None:
    page, title = article
    comment = {
        "site": SITE, "page": page, "page_title": title, "page_url": f"{paper.up.address}/{page}",
        "body": body, "author": {"name": name, "email": f"{len(body)}@mail.example"},
    }  # fmt: skip
    answer = call("POST", f"{paper.up.address}/v1/comments", body=comment)
    assert answer.status == 202, answer.text


def _take(browser: Browser, paper: Newspaper, name: str, options: dict[str, Any]) -> None:
    context = browser.new_context(locale="en-GB", **options)
    page = context.new_page()
    page.goto(f"{paper.up.address}/desk/#token={paper.up.token}")
    page.locator("#list > li").first.wait_for()
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"{name}.png", scale="css")
    page.goto("about:blank")
    context.close()


if __name__ == "__main__":
    main()
