"""Comments for server-side includes."""

import json
import re
from collections.abc import Callable

from flask.testing import FlaskClient

from tests.factories import PAGE, a_text, post, shown

Judge = Callable[..., int]
QUERY = {"site": "news", "page": PAGE, "sort": "newest"}


def fragment(client: FlaskClient) -> str:
    answer = client.get("/embed/fragment", query_string=QUERY)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_it_brings_the_comments_and_what_the_api_says_of_them(
    client: FlaskClient, judge: Judge
) -> None:
    first = post(client, body="A *fine* text.", author={"name": "<Béa>"})
    judge()
    second = post(client, parent=first["id"], body=a_text(1))
    judge()
    html = fragment(client)
    assert html.startswith('<afterword-comments site="news" page="https://news.example/harbour"')
    assert '<template shadowrootmode="open">' in html
    assert re.findall(r'<li id="comment-([^"]*)"', html) == [first["id"], second["id"]]
    assert "&lt;Béa&gt;</h3>" in html
    assert "<p>A <em>fine</em> text.</p>" in html
    [state] = re.findall(r'<script type="application/json" id="state">(.*?)</script>', html)
    assert json.loads(state) == shown(client, sort="newest")


def test_its_etag_is_that_of_the_api(client: FlaskClient, judge: Judge) -> None:
    post(client)
    judge()
    [etag] = re.findall(r'data-etag="(\w+)"', fragment(client))
    assert client.get("/v1/comments", query_string=QUERY).headers["ETag"] == f'"{etag}"'


def test_it_speaks_the_language_that_it_is_asked_for(client: FlaskClient, judge: Judge) -> None:
    first = post(client)
    judge()
    post(client, parent=first["id"], body=a_text(1))
    judge()
    html = client.get("/embed/fragment", query_string=QUERY | {"lang": "ar"}).get_data(as_text=True)
    assert ' lang="ar" data-etag' in html  # the widget goes on in the same
    assert '<section part="comments" lang="ar" dir="rtl">' in html
    assert "تعليقان" in html
    assert "رد واحد" in html


def test_it_has_the_first_page_whatever_else_is_asked(client: FlaskClient, judge: Judge) -> None:
    for number in range(3):
        post(client, body=a_text(number))
    judge()
    html = client.get("/embed/fragment", query_string=QUERY | {"limit": 1}).get_data(as_text=True)
    assert html.count("<li ") == 3


def test_nothing_in_it_ends_the_data_or_runs(client: FlaskClient, judge: Judge) -> None:
    evil = "</script><script>alert(1)</script><!--<script> </template>"
    post(client, body=evil, page_title=evil)
    judge()
    html = fragment(client)
    assert html.count("<script") == html.count("</script>") == html.count("</template>") == 1
    assert "<!--" not in html
    assert re.findall(r"\son\w+=", html) == []


def test_it_is_kept_and_purged_like_the_page(client: FlaskClient, judge: Judge) -> None:
    post(client)
    judge()
    answer = client.get("/embed/fragment", query_string=QUERY)
    assert "public" in answer.headers["Cache-Control"]
    api = client.get("/v1/comments", query_string=QUERY)
    assert answer.headers["Surrogate-Key"] == api.headers["Surrogate-Key"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/embed/fragment", query_string=QUERY, headers=tag).status_code == 304
