"""Views of the queue under a name: one's own, or for all who moderate at a site."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.actions import saving_views, sites
from tests.service.desk.visiting import Visitor, sign_in

LINK = '<a href="/desk/?state=spam&amp;q=offer" dir="auto">Offers</a>'


def keep(desk: Visitor, **fields: str) -> None:
    answer = desk.send("/desk/views", **{"view": "state=spam&q=offer", "name": "Offers", **fields})
    assert answer.location == "/desk/?state=spam&q=offer", answer.text


def removal(page: str) -> str:
    [address] = re.findall(r'action="(/desk/views/[^"]+/removal)"', page)
    return str(address)


def test_a_view_is_kept_shown_to_its_owner_and_removed(app: Flask, session: Session, desk: Visitor):
    keep(desk)
    page = desk.get("/desk/").text
    assert LINK in page
    other = sign_in(Visitor(app.test_client()), session, name="b@news.example")
    assert LINK not in other.get("/desk/").text
    assert other.send(removal(page)).status_code == 404
    assert desk.send(removal(page)).location == "/desk/"
    assert LINK not in desk.get("/desk/").text


def test_a_shared_view_is_for_those_who_moderate_there(app: Flask, session: Session, desk: Visitor):
    keep(desk, shared="news")
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    colleague = sign_in(Visitor(app.test_client()), session, site="news", name="c@news.example")
    stranger = sign_in(Visitor(app.test_client()), session, site="other", name="s@news.example")
    reader = sign_in(Visitor(app.test_client()), session, scope="read", name="r@news.example")
    assert LINK in colleague.get("/desk/").text
    assert LINK in reader.get("/desk/").text
    assert LINK not in stranger.get("/desk/").text
    address = removal(colleague.get("/desk/").text)
    for one in (stranger, reader):
        assert one.send(address).status_code == 404
    assert reader.send("/desk/views", name="x", shared="news").status_code == 403
    assert stranger.send("/desk/views", name="x", shared="news").status_code == 404
    assert colleague.send(address).location == "/desk/"
    assert LINK not in desk.get("/desk/").text


@pytest.mark.parametrize("fields", [{"name": ""}, {"name": "x" * 81}, {"view": "state=odd"}])
def test_what_means_nothing_is_not_kept(desk: Visitor, fields: dict[str, str]):
    sent = {"view": "state=held", "name": "Mine", **fields}
    assert desk.send("/desk/views", **sent).status_code == 422


def test_there_is_an_end_to_them(desk: Visitor):
    for number in range(saving_views.MOST):
        keep(desk, name=f"View {number}")
    answer = desk.send("/desk/views", view="state=held", name="One more")
    assert answer.status_code == 409
    assert "Please remove one first." in answer.text
