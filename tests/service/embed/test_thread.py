"""The page that needs no script."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.conftest import ORIGIN
from tests.factories import PAGE, a_text, post

Judge = Callable[..., int]
QUERY = {"site": "news", "page": PAGE}


def test_it_shows_the_same_comments(client: FlaskClient, judge: Judge) -> None:
    first = post(client, page_title="The <harbour>")
    judge()
    post(client, body="A *reply*.", parent=first["id"], author={"name": "<b>Bob</b>"})
    judge()
    html = client.get("/embed/thread", query_string=QUERY).get_data(as_text=True)
    assert "<p>I disagree with the author.</p>" in html
    assert "<p>A <em>reply</em>.</p>" in html
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
    link = html.split('href="/embed/thread?')[1].split('"')[0].replace("&amp;", "&")
    following = client.get(f"/embed/thread?{link}").get_data(as_text=True)
    assert a_text(2) in following
    assert a_text(0) not in following


def test_the_widget_is_one_script(client: FlaskClient) -> None:
    answer = client.get("/embed/comments.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    tag = answer.headers["ETag"]
    assert client.get("/embed/comments.js", headers={"If-None-Match": tag}).status_code == 304
