"""Takes the pictures of the moderators' desk in docs/images: light, dark, on a phone.

Run it as `python -m tests.tools.make_desk_pictures` after changing how the desk looks.
"""

import random
import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from service.domain.figures import Figures, Waiting
from service.store import figures, sites
from service.store.db import begin_write, session_at
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
DESK = {"viewport": {"width": 1200, "height": 860}}
PICTURES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("desk-queue", "/desk/", DESK),
    ("desk-queue-dark", "/desk/", {**DESK, "color_scheme": "dark"}),
    ("desk-queue-phone", "/desk/", {"viewport": {"width": 390, "height": 860}}),
    ("desk-figures", f"/desk/figures?site={SITE}", DESK),
    ("desk-rules", f"/desk/rules/{SITE}", DESK),
)
MONTH = 30


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="aw-"))
    processes = Processes(folder)
    try:
        paper = Newspaper(processes.up(limits="off"))
        for article in ARTICLES:
            page, title = article
            _send(paper, article, "Nora", f"Thank you for telling us. {title}: good to know.")
            until(partial(paper.count, page), "the first one is public", seconds=20)
            paper.set_mode(page, "premoderated")
        for name, number, body in HELD:
            _send(paper, ARTICLES[number], name, body)
        path = "/v1/moderation/queue"
        until(
            lambda: paper.ask_as_moderator("GET", path)["waiting"] >= len(HELD),
            "all are held",
            seconds=20,
        )
        _make_up_a_month(f"sqlite:///{folder / 'data' / 'afterword.db'}")
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for name, path, options in PICTURES:
                _take(browser, paper, f"{paper.up.address}{path}", name=name, **options)
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


def _make_up_a_month(database_url: str) -> None:
    """Figures of the days before today, as a town's newspaper might have them."""
    chance = random.Random(1)
    today = datetime.now(UTC).date()
    with session_at(database_url) as session:
        site = sites.find(session, SITE)
        assert site is not None
        begin_write(session)
        for back in range(1, MONTH):
            figures.add_day(session, site.id, today - timedelta(days=back), _a_day(chance))
        session.commit()


def _a_day(chance: random.Random) -> Figures:
    held, approved, spam = chance.randint(20, 90), chance.randint(300, 800), chance.randint(9, 60)
    rejected = chance.randint(2, 20)
    return Figures(
        received=held + approved + spam + rejected,
        screened=Counter(approved=approved, held=held, rejected=rejected, spam=spam),
        moderated={
            "ines@harbour.example": Counter(approved=held // 2, rejected=held // 6, spam=3),
            "tomas@harbour.example": Counter(approved=held // 4, rejected=held // 9, spam=1),
        },
        hits=Counter(spam=spam + held // 3, links=held // 4, words=held // 5, shouting=held // 8),
        judged=Counter(spam=held // 3, links=held // 4, words=held // 5, shouting=held // 8),
        overturned=Counter(spam=held // 14, links=held // 7, words=held // 40, shouting=held // 9),
        at_once=Counter({0: approved, 1: spam + rejected}),
        by_hand=Counter({5: held // 4, 6: held // 2, 7: held // 5, 8: chance.randint(0, 4)}),
        waiting=Waiting(chance.randint(0, 9), chance.uniform(200, 2e3), chance.uniform(3e3, 2e4)),
    )


def _take(browser: Browser, paper: Newspaper, url: str, *, name: str, **options: Any) -> None:
    context = browser.new_context(locale="en-GB", **options)
    page = context.new_page()
    page.goto(f"{paper.up.address}/desk/#token={paper.up.token}")
    page.locator("#list > li").first.wait_for()
    page.goto(url)
    page.keyboard.press("j")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"{name}.png", scale="css")
    page.goto("about:blank")
    context.close()


if __name__ == "__main__":
    main()
