"""The widget as a guest in a publisher's page: what it loads, moves, takes on and leaves alone."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.browsing import People, comment, look_at_comments
from tests.e2e.newspaper import ONE_DATABASE, Newspaper, text
from tests.e2e.running import SITE, call, until

PARAGRAPHS = "<p>The fog lay on the harbour, and nobody could say for how long.</p>" * 60


def test_one_request_brings_script_style_and_texts(newspaper: Newspaper, people: People) -> None:
    newspaper.write("requests", text("requests", 1))
    reader = people.open("about:blank")
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(newspaper.article("requests"))
    expect(comment(reader, "Text 1:")).to_be_visible()
    own = urlsplit(newspaper.origin).netloc
    paths = [urlsplit(url).path for url in asked if urlsplit(url).netloc != own]
    assert paths == ["/embed/comments.js", "/v1/comments"]
    assert {urlsplit(url).netloc for url in asked} <= {own, urlsplit(newspaper.up.address).netloc}


def test_comments_that_came_with_the_page_are_taken_over_and_not_fetched(
    newspaper: Newspaper, people: People
) -> None:
    first = newspaper.write("included", text("included", 1))
    newspaper.write("included", text("included", 2), name="Bea", parent=first)
    address = f"{newspaper.up.address}/embed/fragment?site={SITE}&page=included&sort=newest"
    script = f'<script async src="{newspaper.up.address}/embed/comments.js"></script>'
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Fog</title>'
    page = newspaper.publish("/included", head + script + call("GET", address).text)
    unscripted = people.open(page, scripts=False)
    expect(comment(unscripted, "Text 1:")).to_be_visible()

    reader = people.open("about:blank", clock=True)
    asked: list[str] = []
    looks: list[str] = []
    reader.on("request", lambda request: asked.append(urlsplit(request.url).path))
    reader.on("request", lambda one: "/v1/comments" in one.url and looks.append(one.method))
    reader.goto(page)
    expect(comment(reader, "Text 2:").get_by_role("button", name="Reply to Bea")).to_be_visible()
    expect(reader.get_by_role("form", name="Your comment")).to_be_visible()
    assert "/v1/comments" not in asked
    reader.clock.fast_forward(25_000)
    until(lambda: reader.wait_for_timeout(50) or looks, "it asked whether there is anything new")
    assert looks == ["HEAD"]  # which brings nothing that is here already
    newspaper.write("included", text("included", 3))
    news = reader.get_by_role("button", name="1 new comment")

    def is_told() -> bool:
        reader.clock.fast_forward(60_000)
        reader.wait_for_timeout(200)
        return news.is_visible()

    until(is_told, "the new comment is told")
    assert "GET" in looks  # once there was something new


# Where each comment stands, what is below them, and what the window has moved since it began.
PLACES = """() => {
  const root = document.querySelector("afterword-comments").shadowRoot;
  const inside = [...root.querySelectorAll("h2, .body:not([hidden])")];
  const nodes = [...inside, document.querySelector("footer")];
  return nodes.map((node) => node.getBoundingClientRect().top);
}"""


@pytest.mark.parametrize("width", [1000, 420])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_comments_in_view_stay_where_they_are_when_they_are_taken_over(
    newspaper: Newspaper, people: People, lang: str, width: int
) -> None:
    newspaper.set_policy(votes="both")
    if not newspaper.count("steady"):
        parent: str | None = None
        for depth in range(7):
            said, name = text("steady", depth), f"Reader {depth}"
            parent = newspaper.write("steady", said, name=name, parent=parent)
        newspaper.write("steady", f"> {text('steady', 8)}\n\n- one\n- two")
        newspaper.set_mode("steady", "premoderated")
    source = f"{newspaper.up.address}/embed/fragment?site={SITE}&page=steady&lang={lang}"
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Fog</title>'
    script = f'<script async src="{newspaper.up.address}/embed/comments.js"></script>'
    page = newspaper.publish("/steady", head + script + call("GET", source).text + "<footer>Fin")
    reader = people.open("about:blank", viewport={"width": width, "height": 900})
    reader.add_init_script(SHIFTS)
    scripts: list[Route] = []
    reader.route("**/comments.js", lambda route: scripts.append(route))
    reader.goto(page, wait_until="commit")
    expect(reader.locator("footer", has_text="Fin")).to_be_visible()
    until(lambda: reader.wait_for_timeout(50) or scripts, "the script is asked for")
    before = reader.evaluate(PLACES)
    scripts[0].continue_()
    expect(reader.locator("form:not([inert])")).to_have_count(1)
    reader.wait_for_timeout(300)
    assert len(before) == 1 + 8 + 1
    assert reader.evaluate(PLACES) == pytest.approx(before, abs=1.5)  # points: rounding of glyphs
    assert reader.evaluate("window.shift ?? 0") == 0


@ONE_DATABASE
@pytest.mark.parametrize(("name", "most"), [("comments.js", 10_000), ("count.js", 2_000)])
def test_the_file_takes_few_kilobytes_on_its_way(
    newspaper: Newspaper, name: str, most: int
) -> None:
    address = f"{newspaper.up.address}/embed/{name}"
    answer = call("HEAD", address, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) <= most


@ONE_DATABASE
def test_comments_are_loaded_when_a_reader_comes_near(newspaper: Newspaper, people: People) -> None:
    newspaper.write("lazy", text("lazy", 1))
    reader = people.open("about:blank")
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(urlsplit(request.url).path))
    reader.goto(newspaper.article("lazy", above=PARAGRAPHS), wait_until="networkidle")
    assert "/embed/comments.js" in asked
    assert "/v1/comments" not in asked
    look_at_comments(reader)
    expect(comment(reader, "Text 1:")).to_be_visible()


# Shifts as browsers report them, without those that follow a reader's own input.
SHIFTS = """new PerformanceObserver((list) => {
  const unasked = list.getEntries().filter(({ hadRecentInput }) => !hadRecentInput);
  window.shift = unasked.reduce((sum, { value }) => sum + value, window.shift ?? 0);
}).observe({ type: "layout-shift", buffered: true });"""
RESERVED = "/reserved.css"


@ONE_DATABASE
@pytest.mark.parametrize("comments", [0, 1, 12])
@pytest.mark.parametrize("above", ["", PARAGRAPHS], ids=["at the top", "below an article"])
def test_nothing_moves_when_the_comments_come(
    newspaper: Newspaper, people: People, above: str, comments: int
) -> None:
    page = f"still-{comments}"
    if newspaper.count(page) < comments:
        for number in range(comments):
            newspaper.write(page, text(page, number))
    newspaper.files[RESERVED] = (
        "text/css", "afterword-comments:not(:defined) { display: block; min-height: 200vh }"
    )  # fmt: skip
    sheet = f'<link rel="stylesheet" href="{RESERVED}">'
    address = newspaper.article(page, above=sheet + above, below="<footer>Imprint</footer>")
    reader = people.open("about:blank")
    reader.add_init_script(SHIFTS)
    reader.goto(address)
    for _ in range(100):
        reader.mouse.wheel(0, 60)
        reader.wait_for_timeout(15)
    expect(reader.locator("afterword-comments h2")).to_be_visible()
    reader.wait_for_timeout(300)
    assert reader.evaluate("window.shift ?? 0") == 0


@ONE_DATABASE
def test_fifty_comments_cost_little_script_and_move_nothing(
    newspaper: Newspaper, people: People
) -> None:
    for number in range(50):
        newspaper.send("fifty", text("fifty", number))
    until(lambda: newspaper.count("fifty") == 50, "all are public", seconds=40)
    reader = people.open("about:blank")
    reader.add_init_script(SHIFTS)
    devtools = reader.context.new_cdp_session(reader)
    devtools.send("Performance.enable")
    reader.goto(newspaper.article("fifty", above=PARAGRAPHS))
    look_at_comments(reader)
    expect(reader.locator("article")).to_have_count(50)
    metrics = devtools.send("Performance.getMetrics")["metrics"]
    seconds = {one["name"]: one["value"] for one in metrics if one["name"].endswith("Duration")}
    shift = reader.evaluate("window.shift ?? 0")
    print({name: f"{value * 1000:.0f} ms" for name, value in seconds.items()}, "shift:", shift)
    assert shift == 0
    assert seconds["TaskDuration"] < 2, "all that the page does, on a machine that does much else"


@ONE_DATABASE
def test_several_widgets_share_a_page(newspaper: Newspaper, people: People) -> None:
    newspaper.write("first", text("first", 1))
    newspaper.write("second", text("second", 2))
    second = '<afterword-comments site="demo" page="second"></afterword-comments>'
    reader = people.open(newspaper.article("first", below=second))
    one, other = reader.locator("afterword-comments").all()
    other.scroll_into_view_if_needed()
    expect(one.get_by_role("article")).to_contain_text("Text 1:")
    expect(other.get_by_role("article")).to_contain_text("Text 2:")
    other.get_by_role("button", name="Reply").click()
    expect(one.get_by_role("form")).to_have_count(1)
    expect(other.get_by_role("form")).to_have_count(2)
    labels = other.get_by_label("Name")
    labels.last.fill("Bea")
    expect(one.get_by_label("Name")).to_have_value("")


@ONE_DATABASE
def test_an_app_that_changes_the_page_gets_its_comments(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.write("before", text("before", 1))
    newspaper.write("after", text("after", 2))
    reader = people.open(newspaper.article("before"))
    expect(comment(reader, "Text 1:")).to_be_visible()
    widget = reader.locator("afterword-comments")
    widget.evaluate("element => element.setAttribute('page', 'after')")
    expect(comment(reader, "Text 2:")).to_be_visible()
    expect(comment(reader, "Text 1:")).to_have_count(0)
    widget.evaluate("element => { window.kept = element; element.remove(); }")
    reader.evaluate("document.querySelector('main').append(kept)")
    expect(comment(reader, "Text 2:")).to_be_visible()
    expect(reader.get_by_role("form")).to_have_count(1)


@ONE_DATABASE
def test_the_pages_style_stays_outside_and_the_widgets_inside(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.write("styles", text("styles", 1))
    newspaper.files["/loud.css"] = ("text/css", LOUD)
    loud = '<link rel="stylesheet" href="/loud.css"><article><h3>Headline</h3></article>'
    reader = people.open(newspaper.article("styles", above=loud))
    body = comment(reader, "Text 1:").locator(".body")
    expect(body).to_have_css("letter-spacing", "normal")
    expect(body).to_have_css("text-transform", "none")
    expect(body).to_have_css("text-align", "start")
    expect(body).to_have_css("font-family", "serif")  # type and ink are the page's
    expect(body).to_have_css("color", "rgb(0, 0, 128)")
    expect(comment(reader, "Text 1:")).to_have_css("border-top-width", "0px")
    expect(reader.locator("h3", has_text="Headline")).to_have_css("color", "rgb(0, 128, 0)")
    names = "Object.getOwnPropertyNames(window).length"
    before = reader.evaluate(names)
    reader.evaluate("delete window.never")
    assert reader.evaluate(names) == before
    assert reader.evaluate("document.head.querySelectorAll('style').length") == 0


LOUD = """
* { letter-spacing: 1em; text-transform: uppercase; text-align: center; }
main { font-family: serif; color: navy; }
article { border-top: 9px solid red; }
h3 { color: green; }
"""


@ONE_DATABASE
def test_a_publisher_styles_it_by_variables_and_parts(newspaper: Newspaper, people: People) -> None:
    newspaper.write("/demo/harbour-library", text("styles", 9))
    html = (EXAMPLES / "styles.html").read_text("utf-8")
    newspaper.files["/styles.css"] = ("text/css", (EXAMPLES / "styles.css").read_text("utf-8"))
    reader = people.open(newspaper.publish("/styles", html.replace(NAMED, newspaper.up.address)))
    plain, broadsheet, evening = reader.locator("afterword-comments").all()
    for widget in (plain, broadsheet, evening):
        widget.scroll_into_view_if_needed()
        expect(widget.get_by_role("article")).to_have_count(1)
    expect(plain.locator("h3")).to_have_css("font-variant-caps", "normal")
    expect(broadsheet.locator("h3")).to_have_css("font-variant-caps", "small-caps")
    expect(broadsheet.locator("button.primary")).to_have_css("background-color", "rgb(122, 31, 31)")
    expect(evening.locator("section")).to_have_css("color", "rgb(235, 232, 226)")
    expect(evening.get_by_role("article")).to_have_css("border-top-left-radius", "10px")


EXAMPLES = Path(__file__).parents[2] / "examples"
NAMED = "http://127.0.0.1:8000"  # what the examples say in place of a service

INDEX = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>Today</title>
<script async src="{service}/embed/count.js"></script>{counts}"""


def counts_of(newspaper: Newspaper, *pages: str, lang: str = "en") -> str:
    counts = "".join(
        f'<p><afterword-count site="demo" page="{page}">Comments</afterword-count></p>'
        for page in pages
    )
    return INDEX.format(lang=lang, service=newspaper.up.address, counts=counts)


def count_requests(reader: Page) -> list[str]:
    asked: list[str] = []
    reader.on("request", lambda one: "/v1/counts" in one.url and asked.append(one.url))
    return asked


@ONE_DATABASE
def test_an_index_page_asks_once_for_all_its_counts(newspaper: Newspaper, people: People) -> None:
    newspaper.write("counted", text("counted", 1))
    newspaper.write("counted", text("counted", 2))
    address = newspaper.publish("/index", counts_of(newspaper, "counted", "none-yet", "counted"))
    reader = people.open("about:blank")
    asked = count_requests(reader)
    reader.goto(address)
    expect(reader.locator("afterword-count")).to_have_text(
        ["2 comments", "No comments yet", "2 comments"]
    )
    assert len(asked) == 1
    reader.locator("afterword-count").nth(1).evaluate("one => one.setAttribute('page', 'counted')")
    expect(reader.locator("afterword-count").nth(1)).to_have_text("2 comments")


@ONE_DATABASE
def test_more_than_a_hundred_counts_are_asked_for_in_hundreds(
    newspaper: Newspaper, people: People
) -> None:
    many = [f"index-{number}" for number in range(130)]
    address = newspaper.publish("/many", counts_of(newspaper, *many, lang="de"))
    reader = people.open("about:blank")
    asked = count_requests(reader)
    reader.goto(address)
    expect(reader.locator("afterword-count", has_text="Noch keine Kommentare")).to_have_count(130)
    assert len(asked) == 2
