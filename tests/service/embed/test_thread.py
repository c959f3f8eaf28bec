"""The page that needs no script."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.conftest import ORIGIN
from tests.factories import PAGE, a_text, post

Judge = Callable[..., int]
QUERY = {"site": "news", "page": PAGE}


def test_it_shows_the_same_comments(client: FlaskClient, judge: Judge) -> None:
    first = post(client, page_title="The <harbour>")
    judge()
    post(client, body="I *do* agree with that.", parent=first["id"], author={"name": "<b>Bob</b>"})
    judge()
    html = client.get("/embed/thread", query_string=QUERY).get_data(as_text=True)
    assert "<p>I disagree with the author.</p>" in html
    assert "<p>I <em>do</em> agree with that.</p>" in html
    assert "&lt;b&gt;Bob&lt;/b&gt;" in html
    assert "The &lt;harbour&gt;" in html


def test_it_is_framed_by_the_sites_pages_alone(client: FlaskClient) -> None:
    policy = client.get("/embed/thread", query_string=QUERY).headers["Content-Security-Policy"]
    assert f"frame-ancestors {ORIGIN}" in policy
    desk = client.get("/desk/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in desk


def test_it_pages(client: FlaskClient, judge: Judge) -> None:
    for number in range(3):
        post(client, body=a_text(number))
    judge()
    html = client.get("/embed/thread", query_string=QUERY | {"limit": 2}).get_data(as_text=True)
    [link] = re.findall(r'rel="next" href="([^"]*)"', html)
    following = client.get(link.replace("&amp;", "&")).get_data(as_text=True)
    assert a_text(2) in following
    assert a_text(0) not in following


def test_it_sorts_and_goes_on_in_the_same_order(client: FlaskClient, judge: Judge) -> None:
    for number in range(3):
        post(client, body=a_text(number))
    judge()
    query = QUERY | {"limit": 2, "sort": "newest"}
    html = client.get("/embed/thread", query_string=query).get_data(as_text=True)
    assert html.index(a_text(2)) < html.index(a_text(1))
    assert '" target="_self" aria-current="true">Newest first</a>' in html
    [following] = re.findall(r'rel="next" href="([^"]*)"', html)
    last = client.get(following.replace("&amp;", "&")).get_data(as_text=True)
    assert a_text(0) in last
    assert a_text(1) not in last


def test_it_is_the_same_for_everybody_and_kept(client: FlaskClient, judge: Judge) -> None:
    post(client)
    judge()
    answer = client.get("/embed/thread", query_string=QUERY)
    assert "public" in answer.headers["Cache-Control"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/embed/thread", query_string=QUERY, headers=tag).status_code == 304


def test_it_speaks_the_language_that_it_is_asked_for(client: FlaskClient, judge: Judge) -> None:
    for number in range(3):
        post(client, body=a_text(number))
    judge()
    query = QUERY | {"lang": "ar-EG", "limit": 2}
    html = client.get("/embed/thread", query_string=query).get_data(as_text=True)
    assert '<html lang="ar" dir="rtl">' in html
    assert "3 تعليقات" in html
    assert "Reply" not in html
    links = re.findall(r'href="(/embed/thread[^"]*)"', html)
    assert links
    assert [link for link in links if "lang=ar-EG" not in link] == []
    [following] = re.findall(r'rel="next" href="([^"]*)"', html)
    assert 'dir="rtl"' in client.get(following.replace("&amp;", "&")).get_data(as_text=True)


def test_the_browsers_own_language_does_not_matter(client: FlaskClient) -> None:
    """Else each cache on the way would keep it once for every wish, or give one's to another."""
    answer = client.get("/embed/thread", query_string=QUERY, headers={"Accept-Language": "de"})
    assert "No comments yet" in answer.get_data(as_text=True)
    assert "Accept-Language" not in answer.headers.get("Vary", "")
    unknown = client.get("/embed/thread", query_string=QUERY | {"lang": "pt-BR"})
    assert '<html lang="en" dir="ltr">' in unknown.get_data(as_text=True)
    endless = client.get("/embed/thread", query_string=QUERY | {"lang": "x" * 36})
    assert endless.status_code == 422


def test_the_widget_is_one_script(client: FlaskClient) -> None:
    answer = client.get("/embed/comments.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    tag = answer.headers["ETag"]
    assert client.get("/embed/comments.js", headers={"If-None-Match": tag}).status_code == 304
