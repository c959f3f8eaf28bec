"""The queue as a page: without script it lists, narrows down, decides, and says who was first."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.desk import choices
from tests.factories import SIX_LINKS, a_text, decide, post, queue
from tests.service.desk.visiting import Visitor, sign_in
from workers.checks import CHECKS

Items = list[dict[str, Any]]


@pytest.fixture
def held(client: FlaskClient, judge: Callable[..., int], bearer: dict[str, str]) -> Items:
    for number in range(3):
        post(client, body=f"{a_text(number)} {SIX_LINKS}", author={"name": f"Ann {number}"})
    judge()
    items = queue(client, bearer)
    assert len(items) == 3
    return items


def line(item: dict[str, Any], to: str, **more: str) -> dict[str, str]:
    return {
        "comment": item["comment"], "revision": item["revision"], "seen": item["state"], "to": to,
        "view": f"state={item['state']}", **more,
    }  # fmt: skip


def test_each_comment_is_shown_with_what_was_found_in_it(desk: Visitor, held: Items):
    page = desk.get("/desk/").text
    assert page.count('<li id="r-') == 3
    assert "3 waiting" in page
    assert "There are 6 links to other sites" in page
    assert page.count("<mark>https://shop0.example/offer</mark>") == 3


def test_a_decision_leads_back_to_the_same_view_and_says_what_was_done(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str]
):
    answer = desk.send(
        "/desk/decisions",
        **line(held[0], "rejected", view="state=held&q=links", reason="off-topic", note="n"),
    )
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == "/desk/"
    query = parse_qs(urlsplit(answer.location).query)
    assert query.pop("undo")
    assert query == {"state": ["held"], "q": ["links"]}
    page = desk.get("/desk/").text
    assert "Rejected." in page
    assert page.count('<li id="r-') == 2
    found = client.get(f"/v1/moderation/comments/{held[0]['comment']}", headers=bearer).json
    decision = found["decisions"][-1]
    assert (decision["by"], decision["reason"], decision["note"]) == (
        "admin@news.example", "off-topic", "n",
    )  # fmt: skip
    assert decision["message"] == "It is not about this article. Please post it where it fits."


def test_an_author_may_be_told_something_else_or_nothing(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str]
):
    desk.send("/desk/decisions", **line(held[0], "rejected", reason="off-topic", silent="true"))
    desk.send("/desk/decisions", **line(held[1], "rejected", reason="off-topic", message="Kindly."))
    told = [
        client.get(f"/v1/moderation/comments/{item['comment']}", headers=bearer).json["decisions"][
            -1
        ]
        for item in held[:2]
    ]
    assert [one["message"] for one in told] == [None, "Kindly."]


def test_who_comes_too_late_is_told_in_place_who_was_first(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str]
):
    assert decide(client, bearer, held[0], "approved")["outcome"] == "moved"
    answer = desk.send("/desk/decisions", **line(held[0], "rejected"))
    assert answer.status_code == 409
    assert "Approved already by mod, " in answer.text
    assert f'id="r-{held[0]["revision"]}"' in answer.text
    assert "Remove from this list" in answer.text
    assert desk.get("/desk/", state="approved").text.count('<li id="r-') == 1


def chosen(item: dict[str, Any]) -> str:
    return f"{item['comment']}_{item['revision']}_{item['state']}"


def test_those_selected_are_decided_together_and_each_answered(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str]
):
    decide(client, bearer, held[1], "approved")
    answer = desk.send(
        "/desk/decisions/selected", chosen=[chosen(item) for item in held], to="rejected",
        reason="abuse", view="state=held",
    )  # fmt: skip
    assert answer.status_code == 409
    assert "Rejected: 2 comments." in answer.text
    assert answer.text.count("Approved already by mod") == 1
    assert len(queue(client, bearer, state="rejected")) == 2


def test_nothing_selected_changes_nothing(desk: Visitor, held: Items):
    desk.send("/desk/decisions/selected", to="spam", view="q=a")
    page = desk.get("/desk/").text
    assert "Nothing was selected." in page
    assert page.count('<li id="r-') == 3


@pytest.mark.parametrize("one", ["", "x", "x_y_z", "x_y_z_w"])
def test_a_selection_that_means_nothing_is_refused(desk: Visitor, one: str):
    assert desk.send("/desk/decisions/selected", chosen=[one], to="spam").status_code == 422


def test_a_decision_on_another_site_is_not_made(
    app: Flask, session: Session, held: Items, client: FlaskClient, bearer: dict[str, str]
):
    from service.actions import sites

    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    other = sign_in(Visitor(app.test_client()), session, site="other", name="o@news.example")
    assert '<li id="r-' not in other.get("/desk/").text
    answer = other.send("/desk/decisions", **line(held[0], "approved"))
    assert answer.status_code == 409
    assert held[0]["author"]["name"] not in answer.text
    assert len(queue(client, bearer)) == 3


def test_who_may_only_read_gets_no_buttons(app: Flask, session: Session, held: Items):
    reader = sign_in(Visitor(app.test_client()), session, scope="read", name="r@news.example")
    page = reader.get("/desk/").text
    assert page.count('<li id="r-') == 3
    assert 'action="/desk/decisions"' not in page
    assert reader.send("/desk/decisions", **line(held[0], "approved")).status_code == 403


def test_long_lists_go_on_page_by_page(desk: Visitor, held: Items):
    page = desk.get("/desk/", limit="2").text
    assert page.count('<li id="r-') == 2
    assert "More comments" in page
    rest = desk.get("/desk/items", after=held[1]["revision"]).text
    assert rest.count('<li id="r-') == 1
    assert "<html" not in rest


def test_what_nothing_matches_says_so(desk: Visitor, held: Items):
    assert "Nothing matches." in desk.get("/desk/", q="zebra").text
    assert "Nothing is approved yet." in desk.get("/desk/", state="approved").text
    assert desk.get("/desk/", q="", check="").text.count('<li id="r-') == 3


@pytest.mark.parametrize("query", [{"state": "x"}, {"thread": "x"}, {"after": "x"}, {"limit": "0"}])
def test_addresses_that_mean_nothing_are_refused(desk: Visitor, query: dict[str, str]):
    assert desk.get("/desk/", **query).status_code == 422


def test_what_readers_wrote_stays_text(
    desk: Visitor, client: FlaskClient, judge: Callable[..., int]
):
    hostile = '</p><script src="/x"></script><img src=x onerror=alert(1)> \u202egnp.exe'
    post(
        client, body=f"{hostile} {SIX_LINKS}", author={"name": '"><b>Ann'}, page_title="<i>Fog</i>"
    )
    judge()
    page = desk.get("/desk/").text
    assert "<img" not in page
    assert page.count("<script") == 1
    assert "<i>" not in page
    assert '"><b>Ann' not in page
    assert '<span class="unseen-letter">U+202E</span>' in page


def test_every_check_can_be_asked_for():
    names = {check.__name__.removeprefix("check_") for check in CHECKS}
    assert set(choices.CHECKS) == names | {"screening"}
