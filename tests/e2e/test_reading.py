"""What readers see under an article, on another website with a strict policy."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.browsing import People, comment
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE, until

LATER = 25_000  # milliseconds, by when new comments were asked for


def texts(reader: Page) -> list[str]:
    return [body.strip() for body in reader.locator("article .body").all_inner_texts()]


def test_replies_fold_and_deep_ones_say_whom_they_answer(
    newspaper: Newspaper, people: People
) -> None:
    parent: str | None = None
    for depth in range(7):
        parent = newspaper.write("deep", text("deep", depth), name=f"Reader {depth}", parent=parent)
    reader = people.open(newspaper.article("deep"))
    expect(comment(reader, "Text 5")).to_contain_text("in reply to Reader 4")
    expect(comment(reader, "Text 6")).to_contain_text("in reply to Reader 5")
    expect(comment(reader, "Text 4")).not_to_contain_text("in reply to")
    lefts = [comment(reader, f"Text {depth}").bounding_box()["x"] for depth in range(7)]  # type: ignore[index]
    assert lefts[:5] == sorted(set(lefts[:5]))
    assert lefts[4] == lefts[5] == lefts[6]

    fold = comment(reader, "Text 1").get_by_role("button", name="5 replies")
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(comment(reader, "Text 2")).to_be_hidden()
    fold.click()
    expect(comment(reader, "Text 6")).to_be_visible()


def test_the_order_changes_in_place(newspaper: Newspaper, people: People) -> None:
    for number in range(3):
        newspaper.write("order", text("order", number))
    reader = people.open(newspaper.article("order", attributes='sort="oldest"'))
    order = reader.get_by_label("Order of the comments")
    expect(order).to_have_value("oldest")
    expect(reader.locator("article")).to_have_count(3)
    assert texts(reader) == [text("order", number) for number in (0, 1, 2)]
    reader.get_by_label("Your comment").last.fill("Half a thought")
    order.focus()
    order.select_option("newest")
    expect(reader.locator("article").first).to_contain_text("Text 2")
    assert texts(reader) == [text("order", number) for number in (2, 1, 0)]
    expect(order).to_be_focused()
    expect(reader.get_by_label("Your comment").last).to_have_value("Half a thought")


def test_more_comments_are_loaded_and_an_address_leads_to_one_of_them(
    newspaper: Newspaper, people: People
) -> None:
    receipts = [newspaper.send("long", text("long", number)) for number in range(60)]
    until(lambda: newspaper.count("long") == 60, "all are public", seconds=30)
    address = newspaper.article("long")
    reader = people.open(address)
    expect(reader.locator("article")).to_have_count(50)
    reader.get_by_role("button", name="Load more comments").click()
    expect(reader.locator("article")).to_have_count(60)
    expect(comment(reader, "Text 9:")).to_be_focused()
    expect(reader.get_by_role("button", name="Load more comments")).to_be_hidden()

    other = people.open(f"{address}#comment-{receipts[3]['id']}")
    meant = comment(other, "Text 3:")
    expect(meant).to_be_in_viewport()
    expect(meant).to_be_focused()
    expect(meant).to_have_class("target")
    comment(other, "Text 2:").get_by_role("link").click()
    expect(comment(other, "Text 2:")).to_have_class("target")
    expect(meant).not_to_have_class("target")


def test_the_address_of_a_comment_that_is_gone_says_so(
    newspaper: Newspaper, people: People
) -> None:
    address = newspaper.article("gone")
    reader = people.open(f"{address}#comment-01890a5d-ac96-774b-bcce-b302099a8057")
    expect(reader.get_by_text("The comment that you came for is gone.")).to_be_visible()
    assert all("404" in complaint for complaint in people.complaints)
    people.complaints.clear()


def test_times_are_relative_and_exact_ones_a_hover_away(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.write("times", text("times", 1))
    reader = people.open(newspaper.article("times"), clock=True, timezone_id="Europe/Berlin")
    time = comment(reader, "Text 1").locator("time")
    expect(time).to_have_text("just now")
    expect(time).to_have_attribute("title", re.compile(r"day,? \d+ \w+ \d{4} at \d\d:\d\d"))


def test_a_closed_and_a_premoderated_thread_say_so(newspaper: Newspaper, people: People) -> None:
    newspaper.write("closed", text("closed", 1))
    newspaper.set_mode("closed", "closed")
    reader = people.open(newspaper.article("closed"))
    expect(reader.get_by_text("Comments are closed.")).to_be_visible()
    expect(comment(reader, "Text 1")).to_be_visible()
    expect(reader.locator("form")).to_have_count(0)
    expect(reader.get_by_role("button", name="Reply")).to_have_count(0)

    newspaper.write("read-first", text("read-first", 1))
    newspaper.set_mode("read-first", "premoderated")
    reader = people.open(newspaper.article("read-first"))
    expect(reader.get_by_text("Moderators read every comment before it appears.")).to_be_visible()
    expect(reader.get_by_role("form", name="Your comment")).to_be_visible()


def test_new_comments_announce_themselves(newspaper: Newspaper, people: People) -> None:
    first = newspaper.write("live", text("live", 1))
    reader = people.open(newspaper.article("live"), clock=True)
    expect(comment(reader, "Text 1")).to_be_visible()
    reader.wait_for_load_state("networkidle")  # what came with the page is not counted
    statuses: list[int] = []
    network = reader.context.new_cdp_session(reader)
    network.on(
        "Network.responseReceivedExtraInfo", lambda told: statuses.append(told["statusCode"])
    )
    network.send("Network.enable")
    reader.clock.fast_forward(LATER)
    until(lambda: reader.wait_for_timeout(50) or statuses, "it asked whether there is anything new")
    assert statuses == [304]

    newspaper.write("live", text("live", 2))
    newspaper.write("live", text("live", 3), parent=first)
    news = reader.get_by_role("button", name="2 new comments")

    def is_told() -> bool:
        """It may have asked a moment too soon; then it asks again, the longer after that."""
        reader.clock.fast_forward(2 * LATER)
        reader.wait_for_timeout(300)
        return news.is_visible()

    until(is_told, "both are announced")
    expect(reader.get_by_role("status").filter(has=news)).to_have_count(1)
    expect(reader.locator("article")).to_have_count(1)
    news.click()
    expect(reader.locator("article")).to_have_count(3)
    assert texts(reader) == [text("live", number) for number in (2, 1, 3)]
    expect(comment(reader, "Text 2")).to_be_focused()
    expect(news).to_have_count(0)
    expect(reader.get_by_role("heading", name="3 comments")).to_be_visible()


def test_nobody_is_asked_while_the_comments_are_out_of_sight(
    newspaper: Newspaper, people: People
) -> None:
    newspaper.write("unseen", text("unseen", 1))
    reader = people.open(newspaper.article("unseen", above="<p>Fog.</p>" * 200), clock=True)
    expect(comment(reader, "Text 1")).to_be_visible()
    reader.evaluate("scrollTo(0, 0)")
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    newspaper.write("unseen", text("unseen", 2))
    for _ in range(5):
        reader.clock.fast_forward(LATER)
        reader.wait_for_timeout(100)
    assert asked == []
    reader.locator("afterword-comments").scroll_into_view_if_needed()
    expect(reader.get_by_role("button", name="1 new comment")).to_be_visible()


def test_what_a_moderator_approves_meanwhile_is_shown_to_its_author(
    newspaper: Newspaper, people: People
) -> None:
    reader = people.open(newspaper.article("waiting"), clock=True)
    form = reader.get_by_role("form", name="Your comment")
    form.get_by_label("Name").fill("Ann")
    form.locator("textarea").fill(" ".join(f"https://shop{n}.example/offer" for n in range(6)))
    form.get_by_role("button", name="Post comment").click()
    own = comment(reader, "shop0")
    expect(own.locator(".note")).to_have_text("Being checked…")
    reader.clock.run_for(2_000)
    expect(own.locator(".note")).to_have_text("A moderator will look at your comment first.")
    [item] = [
        item
        for item in newspaper.ask_as_moderator("GET", f"/v1/moderation/queue?site={SITE}")["items"]
        if item["thread"]["page"] == "waiting"
    ]
    decision = {**{name: item[name] for name in ("comment", "revision")}, "seen": "held"}
    body = {"decisions": [{**decision, "to": "approved"}]}
    newspaper.ask_as_moderator("POST", "/v1/moderation/decisions", body)
    reader.clock.fast_forward(LATER)
    expect(own.locator(".note")).to_have_count(0)
    expect(reader.get_by_role("heading", name="1 comment")).to_be_visible()
    expect(reader.get_by_role("button", name="1 new comment")).to_have_count(0)


HOSTILE = (
    "<img src=x onerror=alert(1)> and <script>alert(2)</script>",
    "[here](javascript:alert(3)) [there](data:text/html,<script>alert(4)</script>)",
    "</template></section><svg onload=alert(5)><style>*{display:none}</style>",
    "`<b onclick=alert(6)>` **<i onmouseover=alert(7)>bold**\n\n> <iframe src=javascript:alert(8)>",
    "</script><!--<script>alert(9)//--> {{constructor.constructor('alert(10)')()}}",
)
CODE = "script, img, svg, iframe, style, a[href^=javascript], a[href^=data], [onclick], [onload]"


def test_what_readers_write_is_never_run(newspaper: Newspaper, people: People) -> None:
    for number, attack in enumerate(HOSTILE):
        newspaper.write("attacks", f"{text('attacks', number)}\n\n{attack}")
    alerts: list[str] = []
    plain = f"{newspaper.up.address}/embed/thread?site={SITE}&page=attacks"
    for address in (newspaper.article("attacks"), plain):
        reader = people.open(address)
        reader.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
        expect(reader.locator("article")).to_have_count(len(HOSTILE))
        expect(reader.locator("article .body").get_by_text("onerror=alert(1)")).to_be_visible()
        expect(reader.locator("article .body").locator(CODE)).to_have_count(0)
    assert alerts == []


def test_a_preview_runs_nothing_either(newspaper: Newspaper, people: People) -> None:
    alerts: list[str] = []
    reader = people.open(newspaper.article("attacks-unsent"))
    reader.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    reader.get_by_role("button", name="Preview").click()
    for attack in HOSTILE:
        reader.get_by_label("Your comment").last.fill(attack)
        expect(reader.locator(".preview")).not_to_be_empty()
        expect(reader.locator(".preview").locator(CODE)).to_have_count(0)
    assert alerts == []
