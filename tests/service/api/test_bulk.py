"""Deciding on many comments, and undoing it, through the API."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import credentials, sites
from service.bell import SilentBell
from service.domain.ids import new_id
from tests.factories import SIX_LINKS, decide, post, queue, shown
from workers.bulk import work

Judge = Callable[..., int]
Bearer = dict[str, str]
BULK = "/v1/moderation/bulk"


def hold(client: FlaskClient, judge: Judge, count: int) -> None:
    for number in range(count):
        post(client, body=f"{SIX_LINKS} {number} {new_id()}", page=f"page-{number}")
    judge()


def test_all_that_match_are_looked_at_decided_on_and_undone(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    hold(client, judge, 5)
    body = {"filter": {"site": "news", "check": "links"}, "to": "spam", "reason": "spam"}
    proposed = client.post(BULK, json=body, headers=bearer)
    assert proposed.status_code == 201
    batch = proposed.get_json()
    assert (batch["total"], batch["possible"], batch["states"]) == (5, 5, {"held": 5})
    assert len(batch["sample"]) == 5
    assert len(queue(client, bearer)) == 5  # nothing has happened yet
    decide(client, bearer, queue(client, bearer)[0], "approved")
    address = proposed.headers["Location"]
    assert client.post(f"{address}/run", headers=bearer).status_code == 202
    work(session, SilentBell())
    done = client.get(address, headers=bearer).get_json()
    assert (done["stage"], done["done"]) == ("done", 5)
    assert done["outcomes"] == {"moved": 4, "conflict": 1}
    [conflict] = client.get(f"{address}?outcome=conflict", headers=bearer).get_json()["results"]
    assert (conflict["state"], conflict["by"]) == ("approved", "mod")
    undone = client.post(f"{address}/undo", headers=bearer)
    assert undone.get_json()["undoes"] == batch["id"]
    work(session, SilentBell())
    assert len(queue(client, bearer)) == 4
    listed = client.get(BULK, headers=bearer).get_json()["batches"]
    assert [one["outcomes"] for one in listed] == [{"moved": 4}, {"moved": 4, "conflict": 1}]
    paged = client.get(f"{address}?limit=2", headers=bearer).get_json()
    assert [one["number"] for one in paged["results"]] == [0, 1]
    rest = client.get(f"{address}?limit=9&after={paged['next']}", headers=bearer).get_json()
    assert [one["number"] for one in rest["results"]] == [2, 3, 4]


def test_a_list_is_taken_as_it_was_seen(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    hold(client, judge, 2)
    lines = [{"revision": item["revision"], "seen": "held"} for item in queue(client, bearer)]
    body = {"decisions": [*lines, {"revision": str(new_id()), "seen": "held"}], "to": "approved"}
    batch = client.post(BULK, json=body, headers=bearer).get_json()
    assert batch["total"] == 2
    assert client.delete(f"{BULK}/{batch['id']}", headers=bearer).status_code == 204
    client.post(f"{BULK}/{batch['id']}/run", headers=bearer)
    assert not work(session, SilentBell())
    assert client.get(f"{BULK}/{batch['id']}", headers=bearer).get_json()["stage"] == "cancelled"
    undo = client.post(f"{BULK}/{batch['id']}/undo", headers=bearer)
    assert undo.get_json()["type"] == "/problems/illegal-move"
    for wrong in ({}, body | {"filter": {}}):
        given = {"to": "approved"} | wrong
        assert client.post(BULK, json=given, headers=bearer).status_code == 422
    none = {"filter": {"state": "rejected"}, "to": "spam"}
    assert client.post(BULK, json=none, headers=bearer).status_code == 409


def test_others_sites_are_left_alone(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    hold(client, judge, 2)
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    token = credentials.create_token(
        session, name="ben", scopes=["moderate"], site="other", days=None, by="test"
    )
    ben = {"Authorization": f"Bearer {token}"}
    mine = client.post(BULK, json={"filter": {}, "to": "spam"}, headers=bearer).get_json()
    assert client.post(BULK, json={"filter": {}, "to": "spam"}, headers=ben).status_code == 409
    for method, path in (("GET", ""), ("POST", "/run"), ("POST", "/undo"), ("DELETE", "")):
        answer = client.open(f"{BULK}/{mine['id']}{path}", method=method, headers=ben)
        assert answer.status_code == 404


def test_one_decision_is_taken_back(client: FlaskClient, judge: Judge, bearer: Bearer) -> None:
    hold(client, judge, 1)
    [item] = queue(client, bearer)
    made = decide(client, bearer, item, "approved")
    assert shown(client, "page-0")["count"] == 1
    address = f"/v1/moderation/decisions/{made['decision']}/undo"
    assert client.post(address, headers=bearer).get_json()["state"] == "held"
    assert shown(client, "page-0")["count"] == 0
    again = client.post(address, headers=bearer)
    assert (again.status_code, again.get_json()["by"]) == (409, "mod")
    assert (
        client.post(address.replace(made["decision"], str(new_id())), headers=bearer).status_code
        == 404
    )
