"""The widget for people who use a keyboard, a screen reader, large type, or another language."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People, comment
from tests.e2e.newspaper import ONE_DATABASE, Newspaper, text
from tests.e2e.running import until

pytestmark = ONE_DATABASE
SCHEMES = ("light", "dark")
# As publishers do for their own dark pages; the widget takes ink from the page.
PLAIN = """
:root { color-scheme: light dark; }
body { margin: 0 auto; max-width: 46rem; padding: 1rem; font: 1rem/1.5 sans-serif;
  color: light-dark(#1d1b18, #e9e5dc); background: light-dark(#fbf9f4, #191816); }
"""
LINK = '<link rel="stylesheet" href="/plain.css">'


@pytest.fixture(autouse=True)
def styled(newspaper: Newspaper) -> None:
    newspaper.files["/plain.css"] = ("text/css", PLAIN)


def conversation(newspaper: Newspaper, page: str, **options: str) -> str:
    if not newspaper.count(page):
        first = newspaper.write(page, text(page, 1))
        second = newspaper.write(page, text(page, 2), name="Bea", parent=first)
        newspaper.write(page, text(page, 3), name="Cid", parent=second)
        marked = f"> {text(page, 4)}\n\n- [A link](https://mail.example)\n- `code`"
        newspaper.write(page, marked, name="Dee")
    return newspaper.article(page, above=LINK, **options)


def empty(reader: Page) -> None:
    expect(reader.get_by_role("heading", name="No comments yet")).to_be_visible()


def incomplete(reader: Page) -> None:
    reader.get_by_role("button", name="Post comment").click()
    expect(reader.get_by_role("alert")).to_be_visible()


def near_the_limit(reader: Page) -> None:
    reader.get_by_label("Your comment").last.fill("word " * 990 + "**end**")
    reader.get_by_role("button", name="Preview").click()
    expect(reader.locator("output")).to_be_visible()


def folded(reader: Page) -> None:
    comment(reader, "Text 1:").get_by_role("button", name="2 replies").click()


def replying(reader: Page) -> None:
    comment(reader, "Text 2:").get_by_role("button", name="Reply to Bea").click()
    expect(reader.get_by_role("form", name="Your reply to Bea")).to_be_visible()


def addressed(reader: Page) -> None:
    comment(reader, "Text 2:").get_by_role("link").click()
    expect(comment(reader, "Text 2:")).to_have_class("target")


STATES: tuple[Callable[[Page], None], ...] = (
    lambda _: None, incomplete, near_the_limit, folded, replying, addressed,
)  # fmt: skip


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("bring_about", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    newspaper: Newspaper, people: People, scheme: str, bring_about: Callable[[Page], None]
) -> None:
    reader = people.open(conversation(newspaper, "axe"), color_scheme=scheme, bypass_csp=True)
    expect(reader.locator("article")).to_have_count(4)
    bring_about(reader)
    ensure_no_barriers(reader, looks_at="afterword-comments")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_before_and_after_an_own_comment(
    newspaper: Newspaper, people: People, scheme: str
) -> None:
    page = f"axe-own-{scheme}"
    address = newspaper.article(page, above=LINK, attributes=f'theme="{scheme}"')
    reader = people.open(address, bypass_csp=True)
    empty(reader)
    ensure_no_barriers(reader, looks_at="afterword-comments")
    form = reader.get_by_role("form", name="Your comment")
    form.get_by_label("Name").fill("Ann")
    form.locator("textarea").fill(" ".join(f"https://{page}{n}.example/offer" for n in range(6)))
    form.get_by_role("button", name="Post comment").click()
    expect(reader.locator(".note")).to_contain_text("moderator")
    ensure_no_barriers(reader, looks_at="afterword-comments")
    reader.get_by_role("button", name="Delete").click()
    expect(reader.get_by_role("button", name="Keep it")).to_be_focused()
    ensure_no_barriers(reader, looks_at="afterword-comments")


def test_axe_finds_nothing_when_comments_are_closed_or_fail_to_load(
    newspaper: Newspaper, people: People
) -> None:
    address = conversation(newspaper, "axe-closed")
    newspaper.set_mode("axe-closed", "closed")
    reader = people.open(address, bypass_csp=True)
    expect(reader.get_by_text("Comments are closed.")).to_be_visible()
    ensure_no_barriers(reader, looks_at="afterword-comments")
    reader.route("**/v1/comments*", lambda route: route.abort())
    reader.reload()
    expect(reader.get_by_role("button", name="Try again")).to_be_visible()
    ensure_no_barriers(reader, looks_at="afterword-comments")
    people.complaints.clear()


def test_everything_is_done_with_the_keyboard_alone(newspaper: Newspaper, people: People) -> None:
    newspaper.write("keys", text("keys", 1), name="Bea")
    reader = people.open(newspaper.article("keys"))
    keys = reader.keyboard
    expect(comment(reader, "Text 1:")).to_be_visible()
    reader.locator("h1").evaluate("one => { one.tabIndex = -1; one.focus(); }")
    press_tab_until(reader, "Reply to Bea")
    keys.press("Enter")
    form = reader.get_by_role("form", name="Your reply to Bea")
    expect(form.locator("textarea")).to_be_focused()
    keys.type("Typed by hand, at a person's pace.", delay=70)
    keys.press("Tab")
    keys.type("Ann")
    press_tab_until(reader, "Post reply")
    keys.press("Enter")
    own = comment(reader, "Typed by hand")
    expect(own.locator("header")).to_contain_text("published")
    expect(own).to_be_focused()
    press_tab_until(reader, "Delete your comment")
    keys.press("Enter")
    expect(reader.get_by_role("button", name="Keep it")).to_be_focused()
    keys.press("Shift+Tab")
    keys.press("Enter")
    expect(own).to_have_count(0)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_focused()


FOCUSED = """document.activeElement.shadowRoot?.activeElement"""


def press_tab_until(reader: Page, name: str) -> None:
    """Fails when the focus is lost on the way, or cannot be seen."""
    for _ in range(30):
        reader.keyboard.press("Tab")
        label = f"{FOCUSED}?.ariaLabel ?? {FOCUSED}?.textContent"
        outline = f"{FOCUSED} && getComputedStyle({FOCUSED}).outlineStyle"
        assert reader.evaluate(outline) in (None, "solid")
        if reader.evaluate(label) == name:
            return
    raise AssertionError(f"{name} is not reached")


@pytest.mark.parametrize("width", [320, 640])
def test_large_type_and_small_screens_need_no_sideways_scrolling(
    newspaper: Newspaper, people: People, width: int
) -> None:
    """A window of 1280 at 200 % shows 640 points, at 400 % 320."""
    parent: str | None = None
    for depth in range(6 - newspaper.count("narrow")):
        body = f"{text('narrow', depth)} Donaudampfschifffahrtsgesellschaftskapitän"
        parent = newspaper.write("narrow", body, name=f"Reader{depth}" * 5, parent=parent)
    address = newspaper.article("narrow", lang="de")
    reader = people.open(address, viewport={"width": width, "height": 800}, device_scale_factor=2)
    expect(reader.locator("article")).to_have_count(6)
    replying_in_german = comment(reader, "Text 4:").get_by_role("button", name="antworten")
    replying_in_german.click()
    assert reader.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_animated(newspaper: Newspaper, people: People) -> None:
    reader = people.open(conversation(newspaper, "axe"), reduced_motion="reduce")
    expect(reader.locator("article")).to_have_count(4)
    addressed(reader)
    root = "document.querySelector('afterword-comments').shadowRoot"
    assert reader.evaluate(f"{root}.getAnimations().length") == 0


SAID = {
    "de": ("Kommentar senden", "4 Kommentare", "Bitte geben Sie einen Namen an.", "ltr"),
    "fr": ("Publier le commentaire", "4 commentaires", "Veuillez indiquer un nom.", "ltr"),
    "es": ("Publicar comentario", "4 comentarios", "Escriba un nombre.", "ltr"),
    "ja": ("コメントを投稿", "コメント4件", "名前を入力してください。", "ltr"),
    "ar": ("نشر التعليق", "٤ تعليقات", "يُرجى كتابة اسم.", "rtl"),
    "pt": ("Post comment", "4 comments", "Please give a name.", "ltr"),
}


@pytest.mark.parametrize("language", SAID)
def test_it_speaks_the_language_of_the_page(
    newspaper: Newspaper, people: People, language: str
) -> None:
    button, count, missing, direction = SAID[language]
    address = conversation(newspaper, "languages", lang=language)
    reader = people.open(address, locale=f"{language}-EG" if language == "ar" else language,
                         bypass_csp=True)  # fmt: skip
    expect(reader.get_by_role("heading", name=count)).to_be_visible()
    reader.get_by_role("button", name=button).click()
    expect(reader.get_by_role("alert")).to_contain_text(missing)
    expect(reader.locator("afterword-comments section")).to_have_css("direction", direction)
    ensure_no_barriers(reader, looks_at="afterword-comments")


def test_an_attribute_says_another_language_than_the_page(
    newspaper: Newspaper, people: People
) -> None:
    asked: list[str] = []
    reader = people.open("about:blank")
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(newspaper.article("lang", attributes='lang="fr-CA"'))
    expect(reader.get_by_role("button", name="Publier le commentaire")).to_be_visible()
    assert [url for url in asked if url.endswith(".json")] == [
        f"{newspaper.up.address}/embed/static/fr.json"
    ]
    reader.locator("afterword-comments").evaluate("one => { one.lang = 'es'; }")
    expect(reader.get_by_role("button", name="Publicar comentario")).to_be_visible()


def test_without_its_messages_it_speaks_english(newspaper: Newspaper, people: People) -> None:
    reader = people.open("about:blank")
    reader.route("**/de.json", lambda route: route.abort())
    reader.goto(newspaper.article("no-messages", lang="de"))
    expect(reader.get_by_role("button", name="Post comment")).to_be_visible()
    until(lambda: people.complaints, "the browser reports the file")
    people.complaints.clear()
