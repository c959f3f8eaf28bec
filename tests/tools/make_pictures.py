"""Takes the pictures of the widget in docs/images: light, dark, on a phone, from right to left.

Run it as `python -m tests.tools.make_pictures` after changing how the widget looks.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.browsing import launch
from tests.e2e.newspaper import Newspaper
from tests.e2e.running import PAGE, Processes

IMAGES = Path(__file__).parents[2] / "docs" / "images"
# Who said it, what, and the index of what it answers.
ENGLISH: tuple[tuple[str, str, int | None], ...] = (
    ("Councillor Pell", "For the record: I would still like the bus. It costs less than people "
     "think:\n\n- two drivers\n- one evening line\n- no boiler", None),
    ("Margit Olsen", "The boiler is the only member of the council that ever kept its word about "
     "Sundays. **Thank you**, Ms Finch, and whoever baked.", None),
    ("Theo Brandt", "I was the man with the wheelbarrow. The novels were my late aunt’s, and she "
     "would have been mortified.", 1),
    ("Nora F.", "Forgiven, as the article says. Her copy of *The Leopard* had a tram ticket from "
     "1971 in it. Come and collect it?", 2),
    ("Joss Amery", "One thousand three hundred and twelve names. I counted twice. The ferry taught "
     "me that.", None),
)  # fmt: skip
ARABIC: tuple[tuple[str, str, int | None], ...] = (
    ("سلمى", "فتحت المكتبة أبوابها يوم الأحد من جديد، وكان أولادي أول من وصل.", None),
    ("كريم", "وأنا وصلت بعدهم بدقيقة. **شكرًا** لكل من وقّع العريضة.", 0),
    ("ليلى", "ما زلت أتمنى حافلة في المساء أيضًا.", None),
)
PICTURES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("widget-light", "en", {"viewport": {"width": 860, "height": 1000}}),
    ("widget-dark", "en", {"viewport": {"width": 860, "height": 1000}, "color_scheme": "dark"}),
    ("widget-mobile", "en", {"viewport": {"width": 390, "height": 1000}}),
    ("widget-rtl", "ar", {"viewport": {"width": 860, "height": 900}, "locale": "ar-EG"}),
)


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="aw-"))
    processes = Processes(folder)
    try:
        paper = Newspaper(processes.up(limits="off"))
        paper.let_texts_be()
        paper.set_policy(votes="up")
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for name, language, options in PICTURES:
                _converse(paper, language)
                _take(browser, paper, name, language, options)
            browser.close()
    finally:
        processes.end()
        shutil.rmtree(folder)


def _converse(paper: Newspaper, language: str) -> None:
    page = _page(language)
    if paper.count(page):
        return
    ids: list[str] = []
    for name, body, answered in ARABIC if language == "ar" else ENGLISH:
        parent = None if answered is None else ids[answered]
        ids.append(paper.write(page, body, name=name, parent=parent))


def _page(language: str) -> str:
    return PAGE if language == "en" else f"{PAGE}-{language}"


def _take(
    browser: Browser, paper: Newspaper, name: str, language: str, options: dict[str, Any]
) -> None:
    context = browser.new_context(**{"locale": "en-GB", **options})
    page = context.new_page()
    page.goto(paper.up.url("Article"))
    widget = page.locator("afterword-comments")
    widget.evaluate(
        "(element, [lang, page]) => { element.lang = lang; element.setAttribute('page', page); "
        "if (lang !== 'en') element.previousElementSibling.remove(); }",
        [language, _page(language)],
    )
    # Near enough to be loaded, and not yet in sight: as a reader comes to it.
    widget.evaluate("one => scrollTo(0, one.offsetTop - innerHeight - 300)")
    widget.locator("article").first.wait_for(state="attached")
    page.locator("section.comments").screenshot(path=IMAGES / f"{name}.png", scale="css")
    context.close()


if __name__ == "__main__":
    main()
