"""What hostile readers write, by every way in, and everywhere that it is shown: nothing runs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, text
from tests.e2e.running import SITE, call, until

# By classes, each in its shortest form; RUN stands for what an attack would call.
ATTACKS = {
    "an element with a handler": "<img src=x onerror=RUN>",
    "a script": "<script>RUN</script>",
    "a handler without an element's end": "<svg onload=RUN",
    "a handler of an animation": "<svg><animate onbegin=RUN attributeName=x dur=1s>",
    "a handler that focus calls": "<input autofocus onfocus=RUN>",
    "a handler that unfolding calls": "<details open ontoggle=RUN>",
    "a frame with code": '<iframe srcdoc="<script>parent.RUN</script>">',
    "a frame with an address of code": "<iframe src=javascript:parent.RUN>",
    "the end of an attribute": "\" autofocus onfocus=RUN x='",
    "the end of the form's field": "</textarea><img src=x onerror=RUN>",
    "the end of a title": "</title><img src=x onerror=RUN>",
    "the end of the fragment": "</template></afterword-comments><img src=x onerror=RUN>",
    "the end of a data block": "</script><script>RUN</script><!--<script>",
    "the end of a comment": "--><img src=x onerror=RUN><!--",
    "the end of CDATA": "]]><x:script xmlns:x='http://www.w3.org/1999/xhtml'>RUN</x:script>",
    "markup within foreign markup": "<math><mtext><table><mglyph><style><!--</style>"
    "<img title='--&gt;<img src=x onerror=RUN>'>",
    "markup within what shows none": "<noscript><p title='</noscript><img src=x onerror=RUN>'>",
    "escaped markup": "&lt;img src=x onerror=RUN&gt; &#60;script&#62;RUN&#60;/script&#62;",
    "a link to code": "[click](javascript:RUN)",
    "a link to code, disguised": "[click](jav&#x09;ascript:RUN) [click](\x01javascript:RUN)",
    "a link to a page of code": "[click](data:text/html,<script>RUN</script>)",
    "a link of its own": "<javascript:RUN>",
    "a link that ends its attribute": '[click](https://a.example/"onmouseover=RUN//)',
    "a title that ends its attribute": "[click](https://a.example '\"onmouseover=RUN x=\"')",
    "a picture": "![x](x\"onerror=RUN)",
    "code that ends itself": "```\"><img src=x onerror=RUN>\nx\n```",
    "a template's expression": "{{constructor.constructor('RUN')()}} ${RUN} {% raw %}",
    "a base for all addresses": "<base href=javascript:RUN//>",
    "a leading away": "<meta http-equiv=refresh content='0;url=javascript:RUN'>",
}  # fmt: skip
RUN = "alert(1)"
ATOM = "{http://www.w3.org/2005/Atom}"
LONGEST_NAME = 60
# Those of the classes above that a page runs when it inserts them as they are, without a click.
RUN_RAW = 8


@dataclass
class Watch:
    """Whoever opens pages here, clicks and moves over all of it, and hears what runs."""

    ran: list[str] = field(default_factory=list)

    def over(self, page: Page) -> None:
        page.on("dialog", self._hear)

    def _hear(self, dialog: Dialog) -> None:
        self.ran.append(f"{dialog.message} at {dialog.page and dialog.page.url}")
        dialog.accept()


def provoke(page: Page) -> None:
    """Clicks and hovers what can be, without leaving the page."""
    page.evaluate(PROVOKE)
    page.wait_for_timeout(300)


PROVOKE = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot)];
  addEventListener("click", (event) => {
    const link = event.composedPath().find((node) => node.localName === "a");
    if (link && !/^(javascript|data):/.test(link.protocol)) event.preventDefault();
  });
  for (const node of roots.filter(Boolean).flatMap((root) => [...root.querySelectorAll("*")])) {
    if (node.closest("form, footer")) continue;
    for (const type of ["mouseover", "mouseenter", "focus", "pointerdown"]) {
      node.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
    }
    if (node.localName === "a") node.click();
  }
}"""


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.ran == []


def test_this_would_notice(browser: Browser) -> None:
    """The same texts inserted as they are, by a page without a policy."""
    watch, page = Watch(), browser.new_page()
    watch.over(page)
    for attack in ATTACKS.values():
        page.set_content("<main></main>")
        raw = attack.replace("RUN", RUN)
        page.evaluate("(html) => { document.querySelector('main').innerHTML = html; }", raw)
        provoke(page)
    page.close()
    assert len(watch.ran) >= RUN_RAW


@pytest.fixture(scope="module")
def attacked(newspaper: Newspaper) -> str:
    """A page under which every reader's way in was tried with every attack."""
    first = newspaper.write("hostile", text("hostile", 0))
    sent: list[str] = []
    for number, attack in enumerate(ATTACKS.values()):
        hostile = attack.replace("RUN", RUN)
        new = {
            "site": SITE,
            "page": "hostile",
            "page_title": hostile,
            "body": f"{text('hostile', number + 1)}\n\n{hostile}",
            "author": {"name": hostile[:LONGEST_NAME]},
            "parent": first if number % 2 else None,
        }
        answer = call("POST", f"{newspaper.up.address}/v1/comments", body=new)
        if answer.status == 422:  # not as a name: with control characters, say
            new["author"] = {"name": "Eve"}
            answer = call("POST", f"{newspaper.up.address}/v1/comments", body=new)
        assert answer.status == 202, answer.text
        sent.append(answer.json["id"])
        report = {"reason": "other", "note": hostile}
        reports = f"{newspaper.up.address}/v1/comments/{first}/reports"
        headers = {"Afterword-Reader": f"{number:022}"}
        assert call("POST", reports, body=report, headers=headers).status == 202
    approve_all(newspaper, sent)
    edited = newspaper.send("hostile", text("hostile", 99), name="Eve")
    body = {"body": f"{text('hostile', 100)}\n\n" + "\n\n".join(ATTACKS.values())}
    headers = {"Authorization": f"Edit {edited['edit_token']}"}
    address = f"{newspaper.up.address}/v1/comments/{edited['id']}"
    assert call("PATCH", address, body=body, headers=headers).status == 202
    approve_all(newspaper, [edited["id"]])
    return "hostile"


def approve_all(newspaper: Newspaper, ids: list[str]) -> None:
    """Whatever the checks thought of them, a moderator lets them through."""

    def undecided() -> list[dict[str, str]]:
        found = []
        for id in ids:
            path = f"/v1/moderation/comments/{id}"
            latest = newspaper.ask_as_moderator("GET", path)["revisions"][-1]
            if latest["state"] != "approved":
                found.append(
                    {"comment": id, "revision": latest["revision"], "seen": latest["state"]}
                )
        return found

    until(lambda: all(one["seen"] != "received" for one in undecided()), "judged", seconds=40)
    decisions = [{**one, "to": "approved"} for one in undecided()]
    if decisions:
        newspaper.ask_as_moderator("POST", "/v1/moderation/decisions", {"decisions": decisions})
    assert undecided() == []


def test_nothing_runs_in_the_widget(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    reader = people.open("about:blank")
    watch.over(reader)
    reader.goto(newspaper.article(attacked))
    expect(reader.locator("article")).to_have_count(len(ATTACKS) + 2)
    provoke(reader)
    reader.get_by_role("button", name="Preview").click()
    for attack in ATTACKS.values():
        reader.get_by_label("Your comment").last.fill(attack.replace("RUN", RUN))
        provoke(reader)


def test_nothing_runs_on_the_page_without_script(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    """Read by a browser that would run one."""
    reader = people.open("about:blank")
    watch.over(reader)
    reader.goto(f"{newspaper.up.address}/embed/thread?site={SITE}&page={attacked}")
    expect(reader.locator("article")).to_have_count(len(ATTACKS) + 2)
    provoke(reader)


def test_nothing_runs_in_the_fragment(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    """In a page whose policy forbids nothing, so that it has to be harmless by itself."""
    source = f"{newspaper.up.address}/embed/fragment?site={SITE}&page={attacked}"
    reader = people.open("about:blank")
    watch.over(reader)
    reader.route("**/open", lambda route: route.fulfill(body=html, content_type="text/html"))
    html = f'<!doctype html><meta charset="utf-8">{call("GET", source).text}'
    reader.goto(f"{newspaper.up.address}/open")
    expect(reader.locator("afterword-comments article")).to_have_count(len(ATTACKS) + 2)
    provoke(reader)


@pytest.mark.parametrize("of", ["page", "site"])
def test_nothing_runs_in_a_feed_reader_that_trusts_feeds(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch, of: str
) -> None:
    where = f"&page={attacked}" if of == "page" else ""
    feed = call("GET", f"{newspaper.up.address}/embed/feed?site={SITE}{where}").text
    contents = [one.text for one in ElementTree.fromstring(feed).iter(f"{ATOM}content")]
    assert len(contents) == len(ATTACKS) + 2
    reader = people.open("about:blank")
    watch.over(reader)
    reader.set_content("".join(f"<section>{content}</section>" for content in contents))
    expect(reader.locator("section")).to_have_count(len(contents))
    provoke(reader)
