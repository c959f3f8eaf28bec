"""One decision on all that match, as pages without script: looked at, run, told of and undone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.bell import SilentBell
from tests.factories import SIX_LINKS, a_text, decide, post, queue
from tests.service.desk.visiting import Visitor, sign_in
from workers.bulk import work

Items = list[dict[str, Any]]


@pytest.fixture
def held(client: FlaskClient, judge: Callable[..., int], bearer: dict[str, str]) -> Items:
    for number in range(4):
        post(client, body=f"{a_text(number)} {SIX_LINKS}")
    judge()
    return queue(client, bearer)


def propose(desk: Visitor, **fields: Any) -> str:
    answer = desk.send("/desk/bulk", **{"view": "state=held", "to": "rejected", **fields})
    assert answer.status_code == 303, answer.text
    assert re.fullmatch(r"/desk/bulk/[0-9a-f-]{36}", answer.location)
    return answer.location


def test_all_that_match_are_looked_at_run_and_undone(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str], session: Session
):
    address = propose(desk, view="state=held&check=links", reason="off-topic")
    page = desk.get(address).text
    assert "These are 4 held." in page
    assert page.count('class="item"') == 4
    assert len(queue(client, bearer)) == 4
    decide(client, bearer, held[0], "approved")
    desk.send(f"{address}/run")
    page = desk.get(address).text
    assert "0 of 4" in page
    assert "Look again" in page
    work(session, SilentBell())
    page = desk.get(address).text
    assert "3 comments done" in page
    assert "1 comment had moved meanwhile" in page
    assert f"<code>{held[0]['comment']}</code>: approved by <bdi>mod</bdi>" in page
    assert 'href="/desk/?state=held&amp;check=links"' in page
    undoing = desk.send(f"{address}/undo").location
    work(session, SilentBell())
    assert "3 comments done" in desk.get(undoing).text
    assert len(queue(client, bearer)) == 3
    assert address in desk.get("/desk/bulk").text


def test_a_batch_that_is_not_wanted_does_nothing(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str], session: Session
):
    address = propose(desk)
    desk.send(f"{address}/cancel")
    work(session, SilentBell())
    assert "Stopped after 0 of 4." in desk.get(address).text
    assert len(queue(client, bearer)) == 4


def test_where_nothing_matches_nothing_is_proposed(desk: Visitor, held: Items):
    answer = desk.send("/desk/bulk", view="state=held&q=zebra", to="spam")
    assert answer.location == "/desk/?state=held&q=zebra"
    assert "Nothing matches any more." in desk.get("/desk/").text


def test_others_sites_are_out_of_reach(app: Flask, session: Session, desk: Visitor, held: Items):
    from service.actions import sites

    address = propose(desk)
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    other = sign_in(Visitor(app.test_client()), session, site="other", name="o@news.example")
    assert other.get(address).status_code == 404
    assert other.send(f"{address}/run").status_code == 404
    other.send("/desk/bulk", view="state=held", to="spam")
    assert "Nothing matches any more." in other.get("/desk/").text


def test_a_decision_is_undone_without_script(
    desk: Visitor, held: Items, client: FlaskClient, bearer: dict[str, str]
):
    chosen = [f"{one['comment']}_{one['revision']}_held" for one in held[:3]]
    answer = desk.send("/desk/decisions/selected", chosen=chosen, to="spam", view="state=held")
    page = desk.get(answer.location).text
    assert "3 comments decided." in page
    [made] = re.findall(r'name="undo" value="([^"]+)"', page)
    [moved] = list(queue(client, bearer, state="spam"))[:1]
    decide(client, bearer, moved, "approved")
    assert desk.send("/desk/decisions/undo", undo=made, view="state=held").location == (
        "/desk/?state=held"
    )
    assert "Undone: 2 comments. 1 comment not: " in desk.get("/desk/").text
    assert len(queue(client, bearer)) == 3


@pytest.mark.parametrize("undo", ["", "x", "1,2"])
def test_what_is_no_decision_is_not_undone(desk: Visitor, undo: str):
    assert desk.send("/desk/decisions/undo", undo=undo).status_code == 422
