"""The desk's figures: numbers that lead to their comments, and pictures of them."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import sites
from tests.factories import SIX_LINKS, a_text, decide, post, queue
from tests.service.desk.visiting import Visitor, sign_in


@pytest.fixture
def busy(client: FlaskClient, bearer, judge) -> FlaskClient:
    """Three comments came in today, two were held, one of these approved by hand."""
    post(client, body=a_text(1))
    for number in (2, 3):
        post(client, body=f"{a_text(number)} {SIX_LINKS}")
    judge()
    decide(client, bearer, queue(client, bearer)[0], "approved")
    return client


def numbers(page: str) -> dict[str, str]:
    found = re.findall(r"<dt>(.*?)</dt><dd><a [^>]*>(.*?)</a>", page)
    return dict(found)


@pytest.mark.parametrize("period", ["month", "today"])
def test_today_is_counted_as_it_goes(busy: FlaskClient, desk: Visitor, period: str):
    page = desk.get("/desk/figures", period=period, site="news").text
    found = numbers(page)
    assert found["came in today"] == "3"
    assert found["wait for a moderator"] == "1"
    assert "1 held" not in page
    assert "2 held" in page
    assert re.search(r"<bdi>links</bdi>.*?>2</a>.*?>1</td>.*?>1</a>.*?100.0 %", page, re.DOTALL)
    assert re.search(r"<bdi>mod</bdi></th>.*?>1</a></td>.*?>0</a></td>", page)
    assert "/v1/moderation/sites/news/filter.svg" in page


def test_a_number_leads_to_its_comments(busy: FlaskClient, desk: Visitor):
    page = desk.get("/desk/figures", site="news").text
    urls = {unescape(url) for url in re.findall(r'<a href="(/desk/[^"]*)"', page)}
    today = f"until={datetime.now(UTC).date() + timedelta(days=1)}"
    found = {url: desk.get(url).status_code for url in urls if "until=" not in url or today in url}
    assert len(found) > 10
    assert set(found.values()) <= {200, 303}, found
    [held] = re.findall(r"<dt>wait for a moderator</dt><dd><a href=\"(.*?)\"", page)
    assert "1 waiting" in desk.get(unescape(held)).text
    by_mod = [url for url in urls if url.startswith("/desk/audit?kind=decision&by=mod")]
    for url in by_mod:
        is_among = "action=" not in url or "action=approved" in url
        assert ("held → approved" in desk.get(url).text) == is_among
    assert len(by_mod) == 4


def test_nobody_counts_what_they_may_not_read(busy: FlaskClient, app: Flask, session: Session):
    sites.add_site(session, key="blog", name="Blog", origins=[], by="test")
    other = sign_in(Visitor(app.test_client()), session, scope="read", site="blog", name="b")
    assert numbers(other.get("/desk/figures").text)["came in today"] == "0"
    assert other.get("/desk/figures", site="news").status_code == 404


def test_an_empty_installation_has_figures(desk: Visitor):
    page = desk.get("/desk/figures").text
    assert numbers(page)["decided without a person"] == "–"
    assert "Nobody has decided anything in this time." in page
