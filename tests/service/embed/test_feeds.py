"""Feeds of comments."""

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from service.domain.findings import Finding
from service.domain.ids import new_id
from service.domain.states import State
from service.store import sites
from service.store.feeds import NEWEST, OF_SITE
from service.store.models import Comment, Revision, Thread
from tests.factories import PAGE, a_text, decide, edit_header, post, queue
from tests.service.store.test_pages import explain

Judge = Callable[..., int]
ATOM = {"a": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0"}


def feed(client: FlaskClient, page: str | None = PAGE) -> ElementTree.Element:
    query = {"site": "news"} | ({"page": page} if page else {})
    answer = client.get("/embed/feed", query_string=query)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data)


def all_of(root: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.findall(path, ATOM)]


def test_a_page_has_a_feed_of_its_comments_the_newest_first(
    client: FlaskClient, judge: Judge
) -> None:
    first = post(client, page_title="Fish & <chips>", body="One *and* <b>two</b> & three.")
    judge()
    second = post(
        client, parent=first["id"], body="I do agree with that.", author={"name": "Béa & Co"}
    )
    post(client, page="other", body="Elsewhere.")
    judge()
    root = feed(client)
    assert all_of(root, "a:title") == ["Comments on Fish & <chips>"]
    ids = [f"urn:uuid:{comment['id']}" for comment in (second, first)]
    assert all_of(root, "a:entry/a:id") == ids
    assert all_of(root, "a:entry/a:author/a:name") == ["Béa & Co", "Ann"]
    content = root.findall("a:entry/a:content", ATOM)
    assert [one.get("type") for one in content] == ["html", "html"]
    assert content[1].text == "<p>One <em>and</em> &lt;b&gt;two&lt;/b&gt; &amp; three.</p>"
    links = [link.get("href") for link in root.findall("a:entry/a:link", ATOM)]
    assert links == [f"{PAGE}#comment-{comment['id']}" for comment in (second, first)]
    [reply] = root.findall("a:entry/thr:in-reply-to", ATOM)
    assert reply.get("ref") == ids[1]


def test_it_has_what_rfc_4287_asks_for(client: FlaskClient, judge: Judge) -> None:
    for page in (PAGE, None):
        assert feed(client, page).findall("a:entry", ATOM) == []
    post(client)
    judge()
    for page in (PAGE, None):
        root = feed(client, page)
        for where in (".", "a:entry"):
            [node] = root.findall(where, ATOM)
            for name in ("id", "title", "updated"):
                [value] = all_of(node, f"a:{name}")
                assert value
            assert datetime.fromisoformat(all_of(node, "a:updated")[0]).tzinfo is not None
            assert node.findall("a:link[@rel='alternate']", ATOM)
        [own] = root.findall("a:link[@rel='self']", ATOM)
        assert client.get(own.get("href")).data == client.get(own.get("href")).data
        assert ElementTree.fromstring(client.get(own.get("href")).data).find("a:entry", ATOM)


def test_a_site_has_a_feed_of_all_its_pages(client: FlaskClient, judge: Judge) -> None:
    pages = ["https://news.example/a", "an id", "https://news.example/c"]
    for number, page in enumerate(pages):
        post(client, page=page, body=a_text(number))
    judge()
    root = feed(client, None)
    links = [link.get("href").partition("#")[0] for link in root.findall("a:entry/a:link", ATOM)]
    assert links == [pages[2], "http://localhost/embed/thread?site=news&page=an+id", pages[0]]
    assert all_of(root, "a:title") == ["Comments on The News"]


def test_an_edit_is_told_by_its_time(client: FlaskClient, judge: Judge) -> None:
    receipt = post(client)
    judge()
    before = feed(client)
    client.patch(
        f"/v1/comments/{receipt['id']}", json={"body": "Changed."}, headers=edit_header(receipt)
    )
    judge()
    after = feed(client)
    assert all_of(after, "a:entry/a:content") == ["<p>Changed.</p>"]
    assert all_of(after, "a:entry/a:id") == all_of(before, "a:entry/a:id")
    assert all_of(after, "a:updated") >= all_of(after, "a:entry/a:published")


def test_what_is_hidden_leaves_the_feed(
    client: FlaskClient, judge: Judge, bearer: dict[str, str]
) -> None:
    post(client)
    judge()
    [item] = queue(client, bearer, state="approved")
    decide(client, bearer, item, "rejected")
    for page in (PAGE, None):
        assert feed(client, page).findall("a:entry", ATOM) == []


def test_it_ends_with_the_newest_fifty(client: FlaskClient, judge: Judge) -> None:
    comments = [post(client, body=a_text(number))["id"] for number in range(NEWEST + 3)]
    while judge(checks=(lambda *_: Finding("passing"),)):  # what they say is of no account here
        pass
    for page in (PAGE, None):
        ids = all_of(feed(client, page), "a:entry/a:id")
        assert ids == [f"urn:uuid:{one}" for one in comments[:2:-1]]


def test_letters_that_xml_cannot_hold_do_not_break_it(client: FlaskClient, judge: Judge) -> None:
    post(client, body="a\x08b\x0bc\ufffed\U0001f600e ]]> end", page_title="\x01T")
    judge()
    root = feed(client)
    [content] = all_of(root, "a:entry/a:content")
    assert "d\U0001f600e ]]&gt; end" in content


def test_it_is_the_same_bytes_for_everybody(client: FlaskClient, judge: Judge) -> None:
    post(client)
    judge()
    for query in ({"site": "news"}, {"site": "news", "page": PAGE}):
        answer = client.get("/embed/feed", query_string=query)
        assert "public" in answer.headers["Cache-Control"]
        assert len(answer.headers["Surrogate-Key"].split()) == 2
        again = client.get(
            "/embed/feed", query_string=query, headers={"If-None-Match": answer.headers["ETag"]}
        )
        assert again.status_code == 304
    assert client.get("/embed/feed?site=none").status_code == 404
    assert client.get("/embed/feed").status_code == 422


def test_a_feed_of_a_site_is_read_by_an_index(session: Session, news: str) -> None:
    """However much there is that is not public."""
    site = sites.find(session, news)
    assert site is not None
    ids = {"site_id": site.id, "thread_id": new_id()}
    session.execute(insert(Thread), [{"id": ids["thread_id"], "site_id": site.id, "page": "p"}])
    comments, revisions = [], []
    for number in range(6_000):
        comment, revision = new_id(), new_id()
        is_public = number % 20 == 0
        comments.append(
            {**ids, "id": comment, "author_name": "A", "editable_until": datetime.now(UTC),
             "public_revision_id": revision if is_public else None}
        )  # fmt: skip
        state = State.APPROVED if is_public else State.SPAM
        text_of = {"body": "b", "body_html": "<p>b</p>", "render_version": 1, "state": state}
        revisions.append({**ids, **text_of, "id": revision, "comment_id": comment})
    session.execute(insert(Comment), comments)
    session.execute(insert(Revision), revisions)
    session.execute(text("ANALYZE"))
    assert "ix_revisions_site_id_state_id" in explain(session, OF_SITE, {"site": site.id})
