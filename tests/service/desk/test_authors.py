"""The pages of authors and of removals, by forms alone."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import sites
from service.bell import SilentBell
from service.domain.ids import new_id
from tests.factories import WITHOUT_FILTER, a_text, edit_header, post, shown
from tests.service.desk.visiting import Visitor, sign_in

Judge = Callable[..., int]
ANN = {"name": "Ann", "email": "ann@mail.example"}
BODY = "Good point. You <b>idiot</b>! I agree."


@pytest.fixture
def author(client: FlaskClient, judge: Judge, session: Session) -> dict[str, Any]:
    """The receipt of a comment that was approved."""
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=WITHOUT_FILTER, by="test")
    receipt = post(client, author=ANN, body=BODY)
    judge()
    return receipt


def state_of_next(client: FlaskClient, judge: Judge, number: int) -> str:
    receipt = post(client, author=ANN, body=a_text(number))
    judge()
    own = client.get(f"/v1/comments/{receipt['id']}", headers=edit_header(receipt))
    return str(own.get_json()["state"])


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return html.unescape(found[1])


def test_an_author_is_banned_and_the_ban_taken_back(
    desk: Visitor, client: FlaskClient, judge: Judge, author: dict[str, Any]
) -> None:
    address = f"/desk/comments/{author['id']}/author"
    page = desk.get(address)
    assert page.status_code == 200
    assert "Judged like anybody." in page.text
    assert "You &lt;b&gt;idiot&lt;/b&gt;!" in page.text
    assert "mail.example" not in page.text
    answer = desk.send(
        "/desk/standings", comment=author["id"], kind="author", standing="banned",
        days="", reason="abuse", note="Twice.",
    )  # fmt: skip
    assert (answer.status_code, answer.location) == (303, address)
    page = desk.get(address)
    assert "This author is banned from now on." in page.text
    assert "Twice." in page.text
    assert state_of_next(client, judge, 1) == "rejected"
    found = re.search(r'action="(/desk/standings/[\w-]+/undo)"', page.text)
    assert found
    assert desk.send(found[1]).status_code == 303
    assert "Judged like anybody." in desk.get(address).text
    assert state_of_next(client, judge, 2) == "approved"


def test_a_network_address_is_watched_for_days(
    desk: Visitor, client: FlaskClient, judge: Judge, author: dict[str, Any]
) -> None:
    form = {"comment": author["id"], "kind": "address", "standing": "watched"}
    refused = desk.send("/desk/standings", **form)
    assert refused.status_code == 422
    assert "Say until when" in refused.text
    assert desk.send("/desk/standings", **form, days="3").status_code == 303
    assert state_of_next(client, judge, 3) == "held"


def test_authors_are_found_without_their_address_in_a_url(
    desk: Visitor, author: dict[str, Any]
) -> None:
    assert "Find" in desk.get("/desk/authors").text
    for by in ({"name": "an"}, {"email": "ANN@mail.example"}):
        found = desk.send("/desk/authors", site="news", **by)
        assert found.status_code == 200
        link = re.search(r'href="(/desk/authors/[\w-]+)"', found.text)
        assert link
        assert desk.get(link[1]).status_code == 200
    assert "Nobody." in desk.send("/desk/authors", site="news", name="Zoe").text


def test_part_of_a_text_is_taken_out(
    desk: Visitor, client: FlaskClient, author: dict[str, Any]
) -> None:
    address = f"/desk/comments/{author['id']}/removal"
    page = desk.get(address).text
    assert "You &lt;b&gt;idiot&lt;/b&gt;!" in page
    fields = {"revision": field(page, "revision"), "seen": field(page, "seen")}
    answer = desk.send(address, **fields, part="12-29", reason="abuse", message="", note="")
    assert answer.status_code == 303, answer.text
    [comment] = shown(client)["comments"]
    assert "Good point. [removed by a moderator: Abuse or insult] I agree." in comment["body_html"]
    late = desk.send(address, **fields, part="0-4")
    assert late.status_code == 409
    wrong = desk.send(address, **fields, part="four")
    assert wrong.status_code == 422


def test_who_may_not_decide_sees_no_forms(
    app: Flask, session: Session, author: dict[str, Any]
) -> None:
    viewer = sign_in(Visitor(app.test_client()), session, scope="read", name="viewer")
    page = viewer.get(f"/desk/comments/{author['id']}/author")
    assert page.status_code == 200
    assert "From now on" not in page.text
    form = {"comment": author["id"], "kind": "author", "standing": "banned"}
    assert viewer.send("/desk/standings", **form).status_code == 403
    assert viewer.get(f"/desk/comments/{author['id']}/removal").status_code == 403
    assert viewer.get(f"/desk/comments/{new_id()}/author").status_code == 404
