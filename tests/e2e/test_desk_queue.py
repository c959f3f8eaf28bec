"""The queue in a moderator's browser: by keys, by mouse, without script, and with hostile texts."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.barriers import ensure_no_barriers
from tests.e2e.browsing import People
from tests.e2e.newspaper import ONE_DATABASE, Newspaper
from tests.e2e.running import until
from tests.factories import SIX_LINKS, a_text

numbers = itertools.count(1)
# None of these may run, or leave its place.
HOSTILE = (
    '</p></li></ol><script>document.title = "run"</script><img src=x onerror="document.title=1">',
    "W" * 3_000,
    "long " * 900,
    "a" + "\u0301\u0316\u0489" * 60 + " zalgo",
    "\u202e\u2066txt.exe\u2069 \u200b\u200b",
    "عرض خاص اليوم فقط لجميع القراء",
    "{{ 7 * 7 }} ${7*7} <%= 7 %> &lt;b&gt; &#x3c;",
    "\n" * 40 + "far below",
    "[click](javascript:alert(1)) ![](https://evil.example/x.png)",
    "🏳️‍🌈👨‍👩‍👧‍👦" * 200,
)
NAMES = ("Ann", '"><script>alert(1)</script>', "N" * 60, "سلمى", "B\u0301\u0316" * 12)


def queued(
    newspaper: Newspaper, bodies: list[str] | int, *, names: tuple[str, ...] = ("Ann",)
) -> None:
    """Nothing waits but these comments, the first of which came first."""
    clear(newspaper)
    if isinstance(bodies, int):
        bodies = [f"{a_text(next(numbers))} {SIX_LINKS}" for _ in range(bodies)]
    for place, body in enumerate(bodies):
        newspaper.send(f"queue-{place % 3}", body, name=names[place % len(names)])
        # One after the other: the order of two that come in the same millisecond is open.
    path = "/v1/moderation/queue?limit=1"
    until(
        lambda: newspaper.ask_as_moderator("GET", path)["waiting"] == len(bodies),
        "all are held",
        seconds=60,
    )


def hostile() -> list[str]:
    """Each with words of its own, since what was said before is judged by that."""
    return [f"{body} {a_text(next(numbers))[:80]} {SIX_LINKS}" for body in HOSTILE]


def waiting(newspaper: Newspaper) -> list[dict[str, Any]]:
    found = newspaper.ask_as_moderator("GET", "/v1/moderation/queue?limit=200")
    return list(found["items"])


def clear(newspaper: Newspaper) -> None:
    while items := waiting(newspaper):
        lines = [
            {
                "comment": one["comment"],
                "revision": one["revision"],
                "seen": "held",
                "to": "approved",
            }
            for one in items
        ]
        newspaper.ask_as_moderator("POST", "/v1/moderation/decisions", {"decisions": lines})


def decided(newspaper: Newspaper, state: str) -> int:
    query = f"/v1/moderation/queue?limit=200&state={state}"
    return len(newspaper.ask_as_moderator("GET", query)["items"])


def rows(desk: Page) -> Locator:
    return desk.locator("#list > li")


def test_a_queue_is_worked_through_by_keys_alone(newspaper: Newspaper, people: People) -> None:
    queued(newspaper, 8)
    before = {state: decided(newspaper, state) for state in ("approved", "rejected", "spam")}
    desk = people.open(newspaper.desk_link("moderate"))
    press = desk.keyboard.press
    expect(rows(desk)).to_have_count(8)
    for key in ("j", "j", "k", "a"):
        press(key)
    expect(rows(desk)).to_have_count(7)
    expect(rows(desk).first).to_be_focused()
    press("s")
    expect(rows(desk)).to_have_count(6)
    for keys in (["r", "Escape"], ["r", "4"], ["r", "Enter"]):
        for key in keys:
            press(key)
    expect(rows(desk)).to_have_count(4)
    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(desk.locator("#selected")).to_have_text("3 comments selected")
    desk.get_by_role("combobox", name="Reason for refusing those selected").select_option("abuse")
    desk.locator("#bulk").get_by_role("button", name="Reject").click()
    expect(rows(desk)).to_have_count(1)
    expect(desk.locator("#status")).to_contain_text("Rejected: 3 comments.")
    press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.get_by_label("Use these keys").uncheck()
    press("Escape")
    press("j")
    press("a")
    until(lambda: decided(newspaper, "rejected") == before["rejected"] + 5, "it is recorded")
    assert decided(newspaper, "approved") == before["approved"] + 1
    assert decided(newspaper, "spam") == before["spam"] + 1
    [left] = waiting(newspaper)
    desk.reload()
    expect(rows(desk)).to_have_attribute("data-revision", left["revision"])
    assert not desk.locator("#keys").is_checked()


def test_everything_is_done_with_a_mouse_too(newspaper: Newspaper, people: People) -> None:
    queued(newspaper, 4)
    desk = people.open(newspaper.desk_link("moderate"))
    first = rows(desk).first
    revision = str(first.get_attribute("data-revision"))
    comment = str(first.get_attribute("data-comment"))
    first.get_by_text("Note or message").click()
    first.get_by_label("Note for moderators").fill("Again.")
    first.get_by_role("combobox", name="Reason for a refusal").select_option("off-topic")
    first.get_by_role("button", name="Reject").click()
    expect(desk.locator(f"#r-{revision}")).to_have_count(0)
    until(
        lambda: (
            (found := log(newspaper, comment)[-1])["reason"] == "off-topic"
            and found["note"] == "Again."
        ),
        "it is recorded with its reason and note",
    )
    for box in rows(desk).get_by_role("checkbox", name="Select the comment").all()[:2]:
        box.check()
    desk.locator("#bulk").get_by_role("button", name="Approve").click()
    expect(rows(desk)).to_have_count(1)
    second = rows(desk).first.get_by_role("button", name="Approve")
    second.dblclick()
    expect(desk.locator("#empty")).to_have_text("Nothing is waiting.")


def log(newspaper: Newspaper, comment: str) -> list[dict[str, Any]]:
    found = newspaper.ask_as_moderator("GET", f"/v1/moderation/comments/{comment}")
    return list(found["decisions"])


def test_a_double_click_decides_on_one_comment(newspaper: Newspaper, people: People) -> None:
    queued(newspaper, 3)
    desk = people.open(newspaper.desk_link("moderate"))
    rows(desk).first.get_by_role("button", name="Approve").dblclick()
    expect(rows(desk)).to_have_count(2)
    until(lambda: len(waiting(newspaper)) == 2, "one is decided")
    expect(rows(desk)).to_have_count(2)


def test_without_script_everything_is_there_but_slower(
    newspaper: Newspaper, people: People
) -> None:
    queued(newspaper, 30)
    plain = people.open(newspaper.up.address + "/desk/", scripts=False)
    plain.locator("summary", has_text="token").click()
    token = newspaper.desk_link("decide").partition("#token=")[2]
    plain.get_by_label("Paste your token").fill(token)
    plain.locator("#sign-in").get_by_role("button").click()
    expect(rows(plain)).to_have_count(25)
    plain.get_by_role("link", name="More comments").click()
    expect(rows(plain)).to_have_count(5)
    item = rows(plain).first
    name = str(item.get_attribute("id"))
    item.get_by_role("combobox", name="Reason for a refusal").select_option("duplicate")
    item.get_by_role("button", name="Reject").click()
    expect(plain.get_by_text("Rejected.")).to_be_visible()
    plain.get_by_role("link", name="Rejected", exact=True).click()
    expect(plain.locator(f"#{name}")).to_contain_text("rejected by decide@news.example")
    plain.get_by_role("link", name="Held", exact=True).click()
    for box in rows(plain).get_by_role("checkbox", name="Select the comment").all()[:3]:
        box.check()
    plain.locator("#bulk").get_by_role("button", name="Spam").click()
    expect(plain.get_by_text("Marked as spam: 3 comments.")).to_be_visible()
    plain.get_by_label("Search in these comments").fill("nobodywrotethis")
    plain.get_by_role("button", name="Show", exact=True).click()
    expect(plain.locator("#empty")).to_have_text("Nothing matches.")
    assert len(waiting(newspaper)) == 26


def test_who_comes_too_late_is_told_in_place_and_loses_nothing(
    newspaper: Newspaper, people: People
) -> None:
    queued(newspaper, 3)
    desk = people.open(newspaper.desk_link("moderate"))
    expect(rows(desk)).to_have_count(3)
    first = waiting(newspaper)[0]
    line = {"comment": first["comment"], "revision": first["revision"], "seen": "held"}
    newspaper.ask_as_moderator(
        "POST", "/v1/moderation/decisions", {"decisions": [{**line, "to": "approved"}]}
    )
    desk.keyboard.press("j")
    desk.keyboard.press("s")
    item = desk.locator(f"#r-{first['revision']}")
    expect(item.get_by_role("alert")).to_have_text(
        re.compile(r"^Approved already by moderator@demo\.example, ")
    )
    expect(rows(desk).nth(1)).to_be_focused()
    expect(desk.locator("#status")).to_contain_text("Approved already by")
    item.get_by_role("button", name="Remove from this list").click()
    expect(rows(desk)).to_have_count(2)


def test_decisions_are_undone_by_a_key(newspaper: Newspaper, people: People) -> None:
    queued(newspaper, 4)
    desk = people.open(newspaper.desk_link("moderate"))
    order = [row.get_attribute("data-revision") for row in rows(desk).all()]
    for key in ("j", "a", "s", "u"):
        desk.keyboard.press(key)
    expect(rows(desk)).to_have_count(3)
    expect(rows(desk).first).to_be_focused()
    expect(desk.locator("#status")).to_contain_text("Undone.")
    desk.keyboard.press("u")
    expect(rows(desk)).to_have_count(4)
    assert [row.get_attribute("data-revision") for row in rows(desk).all()] == order
    assert len(waiting(newspaper)) == 4
    desk.keyboard.press("u")
    expect(desk.locator("#status")).to_have_text("There is nothing to undo.")
    desk.keyboard.press("a")
    expect(rows(desk)).to_have_count(3)


def test_three_hundred_are_decided_in_one_go_and_undone(
    newspaper: Newspaper, people: People
) -> None:
    queued(newspaper, 300)
    before = newspaper.ask_as_moderator("GET", "/v1/moderation/queue")["waiting"]
    assert before == 300
    desk = people.open(newspaper.desk_link("moderate"))
    desk.get_by_text("Decide on all that match").click()
    desk.get_by_role("combobox", name="Reason for refusing all").select_option("off-topic")
    desk.get_by_role("button", name="Reject all…").click()
    expect(desk.get_by_role("heading", name="Reject: 300 comments")).to_be_visible()
    expect(desk.locator(".item")).to_have_count(20)
    ensure_no_barriers(desk)
    first = waiting(newspaper)[0]
    line = {"comment": first["comment"], "revision": first["revision"], "seen": "held"}
    newspaper.ask_as_moderator(
        "POST", "/v1/moderation/decisions", {"decisions": [{**line, "to": "approved"}]}
    )
    desk.get_by_role("button", name="Reject 300 comments").click()
    expect(desk.get_by_text("299 comments done")).to_be_visible(timeout=30_000)
    expect(desk.get_by_text("1 comment had moved meanwhile")).to_be_visible()
    expect(desk.locator(".left")).to_contain_text("approved by moderator@demo.example")
    assert waiting(newspaper) == []
    ensure_no_barriers(desk)
    desk.get_by_role("button", name="Undo all").click()
    expect(desk.get_by_text("299 comments done")).to_be_visible(timeout=30_000)
    assert newspaper.ask_as_moderator("GET", "/v1/moderation/queue")["waiting"] == 299


def test_what_is_searched_is_found_and_kept_under_a_name(
    newspaper: Newspaper, people: People
) -> None:
    queued(newspaper, [f"{word} {a_text(next(numbers))} {SIX_LINKS}" for word in ("Fjord", "Gale")])
    desk = people.open(newspaper.desk_link("moderate"))
    expect(rows(desk)).to_have_count(2)
    desk.get_by_role("searchbox").fill("fjo*")
    desk.keyboard.press("Enter")
    expect(rows(desk)).to_have_count(1)
    expect(rows(desk)).to_contain_text("Fjord")
    desk.get_by_text("Views", exact=True).click()
    desk.get_by_label("Keep what is shown now as").fill("Of fjords")
    desk.get_by_role("button", name="Keep", exact=True).click()
    desk.goto(f"{newspaper.up.address}/desk/")
    expect(rows(desk)).to_have_count(2)
    desk.get_by_text("Views (1)").click()
    desk.get_by_role("link", name="Of fjords").click()
    expect(rows(desk)).to_have_count(1)
    expect(desk.locator("#apply")).to_be_hidden()  # from then on a choice acts by itself
    desk.get_by_label("Order").select_option("risk")
    expect(desk).to_have_url(re.compile("order=risk"))
    expect(rows(desk)).to_have_count(1)


def test_an_empty_queue_fills_and_is_worked_through(newspaper: Newspaper, people: People) -> None:
    clear(newspaper)
    desk = people.open(newspaper.desk_link("moderate"))
    expect(desk.locator("#empty")).to_have_text("Nothing is waiting.")
    newspaper.send("queue-0", f"{a_text(next(numbers))} {SIX_LINKS}")
    expect(rows(desk)).to_have_count(1, timeout=20_000)
    expect(desk.locator("#empty")).to_be_hidden()
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(desk.locator("#empty")).to_have_text("Nothing is waiting.")
    until(lambda: not waiting(newspaper), "it is recorded")


def test_who_may_only_read_sees_all_and_decides_nothing(
    newspaper: Newspaper, people: People
) -> None:
    queued(newspaper, 2)
    desk = people.open(newspaper.desk_link("read"))
    expect(rows(desk)).to_have_count(2)
    for key in "jaxsj":
        desk.keyboard.press(key)
    expect(rows(desk).nth(1)).to_be_focused()
    expect(desk.get_by_role("button", name="Approve")).to_have_count(0)
    assert len(waiting(newspaper)) == 2


def test_new_comments_come_below_without_moving_anything(
    newspaper: Newspaper, people: People
) -> None:
    queued(newspaper, 1)
    desk = people.open(newspaper.desk_link("moderate"))
    desk.keyboard.press("j")
    before = rows(desk).first.bounding_box()
    newspaper.send("queue-0", f"{a_text(next(numbers))} {SIX_LINKS}")
    expect(rows(desk)).to_have_count(2, timeout=15_000)
    assert rows(desk).first.bounding_box() == before
    expect(rows(desk).first).to_be_focused()


TOO_WIDE = """[...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  // What flows within a line is cut off where its paragraph ends.
  if (getComputedStyle(one).display === 'inline') return false;
  return box.width && (box.right > innerWidth + 1 || box.left < -1) && !one.closest('.unseen');
}).map(one => one.outerHTML.slice(0, 120))"""
TOO_SMALL = """[...document.querySelectorAll('main :is(button, select, input)')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && !one.closest('.unseen') && (box.width < 24 || box.height < 24);
}).map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("width", [320, 640, 1280])
def test_hostile_texts_stay_text_and_in_their_place(
    newspaper: Newspaper, people: People, width: int
) -> None:
    queued(newspaper, hostile(), names=NAMES)
    desk = people.open(newspaper.desk_link("moderate"), viewport={"width": width, "height": 900})
    expect(rows(desk)).to_have_count(len(HOSTILE))
    expect(desk).to_have_title(re.compile("Queue"))
    for closed in desk.locator("#list details").all():
        closed.evaluate("one => { one.open = true; }")
    assert desk.evaluate("document.documentElement.scrollWidth") <= width
    assert desk.evaluate(TOO_WIDE) == []
    assert desk.evaluate(TOO_SMALL) == []
    assert desk.locator("#list script, #list img").count() == 0
    assert desk.locator("#list .unseen-letter").count() >= 4


@ONE_DATABASE
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(newspaper: Newspaper, people: People, scheme: str) -> None:
    queued(newspaper, hostile()[:6], names=NAMES)
    desk = people.open(newspaper.desk_link("moderate"), color_scheme=scheme, bypass_csp=True)
    expect(rows(desk)).to_have_count(6)
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    rows(desk).first.locator("summary").first.click()
    ensure_no_barriers(desk)
    desk.keyboard.press("r")
    ensure_no_barriers(desk)
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    ensure_no_barriers(desk)


def test_two_moderators_are_shown_different_comments(newspaper: Newspaper, people: People) -> None:
    queued(newspaper, 30)
    one = people.open(newspaper.desk_link("moderate"))
    expect(rows(one)).to_have_count(25)
    other = people.open(newspaper.desk_link("decide"))
    expect(rows(other)).to_have_count(5)
    assert not shown(one) & shown(other)
    for key in "jaaaaa":
        other.keyboard.press(key)
    expect(other.locator("#others")).to_be_visible()
    other.get_by_role("link", name="Show it all the same").click()
    expect(rows(other).first).to_contain_text("moderate@news.example looks at this")
    one.goto("about:blank")
    other.goto(newspaper.up.address + "/desk/")
    # At once, or when the page has asked again: what was let go may be told a moment later.
    expect(rows(other)).to_have_count(25, timeout=20_000)
    expect(other.locator("#list")).not_to_contain_text("looks at this")


def shown(desk: Page) -> set[str | None]:
    return {row.get_attribute("data-revision") for row in rows(desk).all()}
