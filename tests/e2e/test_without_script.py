"""Reading and posting in a browser that runs no script."""

from urllib.parse import urlencode

from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE, call, until


def address(newspaper: Newspaper, page: str, **query: str) -> str:
    asked = urlencode({"site": SITE, "page": page, **query})
    return f"{newspaper.up.address}/embed/thread?{asked}"


def is_shown(reader: Page, text: str) -> bool:
    reader.reload()
    return reader.locator("article .body").filter(has_text=text).count() == 1


def test_a_reader_without_script_posts_and_replies(newspaper: Newspaper, people: People) -> None:
    first, second = text("fog", 1), text("fog", 2)
    reader = people.open(address(newspaper, "fog"), scripts=False)
    form = reader.get_by_role("form", name="Your comment")
    form.get_by_label("Name").fill("...")
    form.locator("textarea").fill(first)
    form.get_by_role("button").click()
    expect(reader.get_by_text("at least one letter")).to_be_visible()
    expect(form.locator("textarea")).to_have_value(first)
    form.get_by_label("Name").fill("Ann")
    form.get_by_role("button").click()
    expect(reader.get_by_role("status")).to_contain_text("received")
    until(lambda: is_shown(reader, first), "the comment is shown")

    reader.get_by_role("link", name="Reply to Ann").click()
    form = reader.get_by_role("form", name="Your reply to Ann")
    form.get_by_label("Name").fill("Bea")
    form.locator("textarea").fill(second)
    form.get_by_role("button", name="Post reply").click()
    expect(reader.get_by_role("status")).to_contain_text("received")
    until(lambda: is_shown(reader, second), "the reply is shown")
    expect(reader.locator("li li")).to_contain_text(second)
    reader.get_by_role("link", name="Newest first").click()
    expect(reader.get_by_role("link", name="Newest first")).to_have_attribute(
        "aria-current", "true"
    )
    people.ensure_no_cookies()
    # Chromium complains of the answer that asked for another name.
    assert [complaint for complaint in people.complaints if " 422 " not in complaint] == []
    people.complaints.clear()


def test_included_comments_stand_in_the_page_and_the_widget_takes_over(
    newspaper: Newspaper, people: People
) -> None:
    base, said = newspaper.up.address, text("included", 1)
    newspaper.write("included", said)
    source = f"{base}/embed/fragment?site={SITE}&page=included&sort=newest"
    article = (
        '<!doctype html><html lang="en"><title>Fog</title><h1>Fog</h1>'
        f'{call("GET", source).text}<script async src="{base}/embed/comments.js"></script>'
    )
    policy = (
        f"default-src 'none'; script-src {base}; style-src {base}; connect-src {base}; "
        "require-trusted-types-for 'script'"
    )

    def give(route: Route) -> None:
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=article, headers=headers)

    for scripts in (False, True):
        reader = people.open(address(newspaper, "elsewhere"), scripts=scripts)
        reader.route("**/fog.html", give)
        asked: list[str] = []
        reader.on("request", lambda request, asked=asked: asked.append(request.url))
        reader.goto(f"{base}/fog.html")
        expect(reader.locator("afterword-comments article")).to_contain_text(said)
        form = reader.get_by_role("form", name="Your comment")
        expect(form).to_have_count(1 if scripts else 0)
        expect(reader.get_by_role("link", name="Write a comment")).to_have_count(
            0 if scripts else 1
        )
        assert [url for url in asked if "/v1/comments" in url] == []


def test_the_page_without_script_speaks_arabic_from_right_to_left(
    newspaper: Newspaper, people: People
) -> None:
    for number in range(3 - newspaper.count("arabic")):
        newspaper.write("arabic", text("arabic", number), name="سلمى")
    reader = people.open(address(newspaper, "arabic", lang="ar"), scripts=False)
    expect(reader.get_by_text("3 تعليقات")).to_be_visible()
    expect(reader.locator("body")).to_have_css("direction", "rtl")
    form = reader.get_by_role("form", name="تعليقك")
    form.get_by_label("الاسم").fill("...")
    form.locator("textarea").fill(text("arabic", 3))
    form.get_by_role("button", name="نشر التعليق").click()
    expect(reader.get_by_text("يُرجى كتابة اسم فيه حرف أو رقم واحد على الأقل.")).to_be_visible()
    form.get_by_label("الاسم").fill("كريم")
    form.get_by_role("button", name="نشر التعليق").click()
    expect(reader.get_by_role("status")).to_contain_text("وصل تعليقك")
    expect(reader.locator("html")).to_have_attribute("lang", "ar")
    people.complaints.clear()
