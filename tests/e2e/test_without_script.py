"""Reading and posting in a browser that runs no script."""

from urllib.parse import urlencode

from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import DISAGREE, People
from tests.e2e.running import SITE, Processes, Started, call, until


def address(up: Started, page: str) -> str:
    base = up.url("Article").rpartition("/demo/")[0]
    return f"{base}/embed/thread?{urlencode({'site': SITE, 'page': page})}"


def is_shown(reader: Page, text: str) -> bool:
    reader.reload()
    return reader.locator("article .body").filter(has_text=text).count() == 1


def test_a_reader_without_script_posts_and_replies(processes: Processes, people: People) -> None:
    up = processes.up()
    reader = people.open(address(up, "fog"), scripts=False)
    form = reader.get_by_role("form", name="Your comment")
    form.get_by_label("Name").fill("...")
    form.locator("textarea").fill(DISAGREE)
    form.get_by_role("button").click()
    expect(reader.get_by_text("at least one letter")).to_be_visible()
    expect(form.locator("textarea")).to_have_value(DISAGREE)
    form.get_by_label("Name").fill("Ann")
    form.get_by_role("button").click()
    expect(reader.get_by_role("status")).to_contain_text("received")
    until(lambda: is_shown(reader, DISAGREE), "the comment is shown")

    reader.get_by_role("link", name="Reply to Ann").click()
    form = reader.get_by_role("form", name="Your reply to Ann")
    form.get_by_label("Name").fill("Bea")
    form.locator("textarea").fill("So do I, wholeheartedly.")
    form.get_by_role("button", name="Post reply").click()
    expect(reader.get_by_role("status")).to_contain_text("received")
    until(lambda: is_shown(reader, "So do I"), "the reply is shown")
    expect(reader.locator("li li")).to_contain_text("So do I")
    reader.get_by_role("link", name="Newest first").click()
    expect(reader.get_by_role("link", name="Newest first")).to_have_attribute(
        "aria-current", "true"
    )
    people.ensure_no_cookies()
    # Chromium complains of the answer that asked for another name.
    assert [complaint for complaint in people.complaints if " 422 " not in complaint] == []
    people.complaints.clear()


def test_included_comments_stand_in_the_page_and_the_widget_takes_over(
    processes: Processes, people: People
) -> None:
    up = processes.up()
    base = up.url("Article").rpartition("/demo/")[0]
    new = {"site": SITE, "page": "fog", "body": DISAGREE, "author": {"name": "Ann"}}
    call("POST", f"{base}/v1/comments", body=new)
    source = f"{base}/embed/fragment?site={SITE}&page=fog&sort=newest"
    until(lambda: DISAGREE in call("GET", source).text, "the comment is in the fragment")
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
        reader = people.open(address(up, "elsewhere"), scripts=scripts)
        reader.route("**/fog.html", give)
        reader.goto(f"{base}/fog.html")
        expect(reader.locator("afterword-comments article")).to_contain_text(DISAGREE)
        form = reader.get_by_role("form", name="Your comment")
        expect(form).to_have_count(1 if scripts else 0)
        expect(reader.get_by_role("link", name="Write a comment")).to_have_count(
            0 if scripts else 1
        )
