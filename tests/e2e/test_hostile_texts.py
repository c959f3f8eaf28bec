"""What hostile readers write, by every way in, and everywhere that it is shown: nothing runs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.e2e.browsing import People
from tests.e2e.newspaper import ONE_DATABASE, Newspaper, text
from tests.e2e.running import SITE, call, until

# What a database gives back is what was written; what a page makes of it is looked at here.
pytestmark = ONE_DATABASE

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
HOSTILE = [attack.replace("RUN", RUN) for attack in ATTACKS.values()]
ATOM = "{http://www.w3.org/2005/Atom}"
LONGEST_NAME = 60
EMAIL = "eve@news.example"  # by which moderators recognise who wrote them
# Those of the classes above that a page runs when it inserts them as they are, clicked or not.
PATIENCE = 10  # seconds
RUN_RAW = 10
# A page's own policy is no excuse: what it forbids must not be there in the first place.
UNPROTECTED = {"bypass_csp": True}


@dataclass
class Watch:
    """Whoever opens pages here, clicks and moves over all of it, and hears what runs."""

    ran: list[str] = field(default_factory=list)

    def over(self, page: Page) -> Page:
        page.on("dialog", self._hear)
        return page

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
    const click = { bubbles: true, composed: true, cancelable: true };
    if (node.localName === "a") node.dispatchEvent(new MouseEvent("click", click));
  }
}"""


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.ran == []


INSERT = """(texts) => texts.forEach((html) => {
  document.body.append(document.createElement("section"));
  document.body.lastChild.innerHTML = html;
})"""


def test_this_would_notice(newspaper: Newspaper, browser: Browser) -> None:
    """The same texts inserted as they are: into a bare page, and into one of ours."""
    watch, page = Watch(), browser.new_page(**UNPROTECTED)
    watch.over(page)
    for address in ("about:blank", f"{newspaper.up.address}/embed/thread?site={SITE}&page=none"):
        watch.ran.clear()
        page.goto(address)
        page.evaluate(INSERT, HOSTILE)
        provoke(page)
        deadline = time.monotonic() + PATIENCE  # what has to be loaded first fails when it fails
        while len(watch.ran) < RUN_RAW and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        assert len(watch.ran) >= RUN_RAW, address
    page.close()


@pytest.fixture(scope="module")
def attacked(newspaper: Newspaper) -> str:
    """A site on which every way in was tried with every attack."""
    newspaper.set_policy(votes="both", decisions={"reasons": reasons()})
    first = newspaper.write("hostile", text("hostile", 0))
    sent = [write_all(newspaper, number, hostile, first) for number, hostile in enumerate(HOSTILE)]
    edited = newspaper.send("hostile", text("hostile", 99), name="Eve")
    body = {"body": f"{text('hostile', 100)}\n\n" + "\n\n".join(HOSTILE)}
    headers = {"Authorization": f"Edit {edited['edit_token']}"}
    address = f"{newspaper.up.address}/v1/comments/{edited['id']}"
    assert call("PATCH", address, body=body, headers=headers).status == 202
    judged(newspaper, [*sent, edited["id"]])
    for state in ("rejected", "approved"):
        decide_all(newspaper, [*sent, edited["id"]], state)
    newspaper.set_mode("held", "premoderated")
    for number, hostile in enumerate(HOSTILE):
        newspaper.send("held", f"{text('held', number)}\n\n{hostile}")
    moderate(newspaper, sent[0])
    return "hostile"


def reasons() -> list[dict[str, str]]:
    return [
        {"code": f"r{number}", "label": hostile[:80], "message": hostile}
        for number, hostile in enumerate(HOSTILE)
    ]


def write_all(newspaper: Newspaper, number: int, hostile: str, first: str) -> str:
    """As a reader may: a title, a text, a name, a reply, a report."""
    new: dict[str, Any] = {
        "site": SITE,
        "page": "hostile",
        "page_title": hostile,
        "body": f"{text('hostile', number + 1)}\n\n{hostile}",
        "author": {"name": hostile[:LONGEST_NAME], "email": EMAIL},
        "parent": first if number % 2 else None,
    }
    answer = call("POST", f"{newspaper.up.address}/v1/comments", body=new)
    if answer.status == 422:  # not as a name: with control characters, say
        new["author"] = {"name": "Eve", "email": EMAIL}
        answer = call("POST", f"{newspaper.up.address}/v1/comments", body=new)
    assert answer.status == 202, answer.text
    reports = f"{newspaper.up.address}/v1/comments/{first}/reports"
    headers = {"Afterword-Reader": f"{number:022}"}
    report = {"reason": "other", "note": hostile}
    assert call("POST", reports, body=report, headers=headers).status == 202
    return str(answer.json["id"])


def moderate(newspaper: Newspaper, comment: str) -> None:
    """As moderators may: notes on threads and authors, views, tokens, sites and words."""
    for number, hostile in enumerate(HOSTILE):
        note = {
            "site": SITE,
            "page": f"{number} {hostile if hostile.isprintable() else number}",
            "mode": "open",
            "note": hostile[:280],
        }
        newspaper.ask_as_moderator("PUT", "/v1/moderation/threads", note)
        view = {"name": hostile[:80], "filter": {"q": "harbour"}}
        standing = {"comment": comment, "standing": "watched", "note": hostile}
        for path, body in (("views", view), ("standings", standing)):
            headers = {"Authorization": f"Bearer {newspaper.up.token}"}
            address = f"{newspaper.up.address}/v1/moderation/{path}"
            answer = call("POST", address, body=body, headers=headers)
            assert answer.status == 201, answer.text
    note = {"site": SITE, "page": "hostile", "mode": "open", "note": HOSTILE[0] + HOSTILE[1]}
    newspaper.ask_as_moderator("PUT", "/v1/moderation/threads", note)
    newspaper.set_policy(words={"hold": [hostile[:100] for hostile in HOSTILE if hostile.strip()]})
    assert newspaper.command is not None
    name = HOSTILE[8] + HOSTILE[0]
    newspaper.command("site", "add", "other", "--name", name)
    newspaper.command("token", "create", "--name", name, "--scope", "read")


def latest(newspaper: Newspaper, ids: list[str]) -> list[dict[str, str]]:
    found = []
    for id in ids:
        path = f"/v1/moderation/comments/{id}"
        last = newspaper.ask_as_moderator("GET", path)["revisions"][-1]
        found.append({"comment": id, "revision": last["revision"], "seen": last["state"]})
    return found


def judged(newspaper: Newspaper, ids: list[str]) -> None:
    """Wait for the checks, whatever they think of them."""
    waiting = "/v1/moderation/queue?state=received&limit=1"
    until(lambda: not newspaper.ask_as_moderator("GET", waiting)["items"], "judged", seconds=60)
    assert all(one["seen"] != "received" for one in latest(newspaper, ids))


def decide_all(newspaper: Newspaper, ids: list[str], to: str) -> None:
    """A moderator decides on them, with an attack of their own in note and message."""
    lines = []
    for place, one in enumerate(latest(newspaper, ids)):
        hostile = HOSTILE[place % len(HOSTILE)]
        why = {"note": hostile, "message": hostile, "reason": f"r{place % len(HOSTILE)}"}
        if one["seen"] != to:
            lines.append({**one, "to": to, **why})
    if lines:
        newspaper.ask_as_moderator("POST", "/v1/moderation/decisions", {"decisions": lines})
    assert {one["seen"] for one in latest(newspaper, ids)} == {to}


def test_nothing_runs_in_the_widget(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    reader = watch.over(people.open("about:blank", **UNPROTECTED))
    reader.goto(newspaper.article(attacked))
    expect(reader.locator("article")).to_have_count(len(ATTACKS) + 2)
    provoke(reader)
    reader.get_by_role("button", name="Preview").click()
    for texts in (HOSTILE[::2], HOSTILE[1::2], HOSTILE[::-1]):
        reader.get_by_label("Your comment").last.fill("\n\n".join(texts))
        provoke(reader)


def test_nothing_runs_on_the_page_without_script(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    """Read by a browser that would run one."""
    reader = watch.over(people.open("about:blank", **UNPROTECTED))
    reader.goto(f"{newspaper.up.address}/embed/thread?site={SITE}&page={attacked}")
    expect(reader.locator("article")).to_have_count(len(ATTACKS) + 2)
    provoke(reader)


def test_nothing_runs_in_the_fragment(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    """In a page whose policy forbids nothing, so that it has to be harmless by itself."""
    source = f"{newspaper.up.address}/embed/fragment?site={SITE}&page={attacked}"
    reader = watch.over(people.open("about:blank", **UNPROTECTED))
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
    reader = watch.over(people.open("about:blank", **UNPROTECTED))
    reader.set_content("".join(f"<section>{content}</section>" for content in contents))
    expect(reader.locator("section")).to_have_count(len(contents))
    provoke(reader)


PAGES = (
    "", "?state=received", "?state=approved", "?state=rejected", "?q=harbour", "threads", "authors",
    "audit", "rules", f"rules/{SITE}", f"rules/{SITE}/history", "figures", "people", "tokens",
    "account", "bulk",
)  # fmt: skip
EACH = ("comments/{}/author", "comments/{}/removal")


def test_nothing_runs_at_the_desk(
    newspaper: Newspaper, people: People, attacked: str, watch: Watch
) -> None:
    moderator = watch.over(people.open(newspaper.desk_link("admin"), **UNPROTECTED))
    expect(moderator.get_by_role("heading", level=1)).to_be_visible()
    items = newspaper.ask_as_moderator("GET", "/v1/moderation/queue?state=approved&limit=200")
    comment = next(one["comment"] for one in items["items"] if one["thread"]["page"] == attacked)
    threads = {one["thread"]["id"] for one in items["items"]}
    about = [*[one.format(comment) for one in EACH], *[f"threads/{id}" for id in threads]]
    for path in (*PAGES, *about, "?" + urlencode({"q": HOSTILE[8]})):
        moderator.goto(f"{newspaper.up.address}/desk/{path}")
        provoke(moderator)


def test_nothing_runs_from_an_address(newspaper: Newspaper, people: People, watch: Watch) -> None:
    """What a link brings along is shown in titles, forms and further links."""
    reader = watch.over(people.open("about:blank", **UNPROTECTED))
    for number, hostile in enumerate(HOSTILE):
        if hostile.isprintable():  # what is refused is not shown
            query = urlencode({"site": SITE, "page": f"{number} {hostile}", "lang": hostile[:35]})
            reader.goto(f"{newspaper.up.address}/embed/thread?{query}")
    provoke(reader)
