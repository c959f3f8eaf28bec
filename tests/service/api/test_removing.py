"""A moderator takes part of a text out: visibly, on record, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import sites
from service.bell import SilentBell
from tests.factories import WITHOUT_FILTER, decide, edit_header, post, queue, shown

Judge = Callable[..., int]
Bearer = dict[str, str]
BODY = "Good point. You idiot! I agree."
LEFT = "Good point. [removed by a moderator: Abuse or insult] I agree."
IDIOT = {"start": 12, "end": 22}


@pytest.fixture(autouse=True)
def no_filter(session: Session, news: str) -> None:
    sites.set_policy(session, SilentBell(), news, seen=None, settings=WITHOUT_FILTER, by="test")


def item_of(client: FlaskClient, bearer: Bearer, receipt: dict[str, Any]) -> dict[str, Any]:
    address = f"/v1/moderation/comments/{receipt['id']}"
    everything = client.get(address, headers=bearer).get_json()
    item: dict[str, Any] = everything["revisions"][-1]
    return item


def remove(client: FlaskClient, bearer: Bearer, item: dict[str, Any], **changes: Any) -> Any:
    body = {"revision": item["revision"], "seen": item["state"], "spans": [IDIOT]}
    address = f"/v1/moderation/comments/{item['comment']}/removals"
    return client.post(address, headers=bearer, json=body | {"reason": "abuse"} | changes)


def test_readers_see_the_rest_and_that_something_is_missing(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    receipt = post(client, body=BODY)
    judge()
    answer = remove(client, bearer, item_of(client, bearer, receipt), note="Once more, and out.")
    assert answer.status_code == 201, answer.data
    assert answer.get_json()["body"] == LEFT
    [comment] = shown(client)["comments"]
    assert LEFT in comment["body_html"]
    assert (comment["partly_removed"], comment["edited_at"]) == (True, None)
    own = client.get(f"/v1/comments/{receipt['id']}", headers=edit_header(receipt)).get_json()
    assert own["message"].startswith("It attacks a person.")
    address = f"/v1/moderation/comments/{receipt['id']}"
    everything = client.get(address, headers=bearer).get_json()
    assert [(one["state"], one["body"]) for one in everything["revisions"]] == [
        ("superseded", BODY),
        ("approved", LEFT),
    ]
    removal = next(one for one in everything["decisions"] if one["actor"] == "removal")
    assert (removal["by"], removal["reason"]) == ("mod", "abuse")
    assert [one["body"] for one in queue(client, bearer, state="approved", q="agree")] == [LEFT]
    assert queue(client, bearer, state="approved", q="idiot") == []
    judge()
    assert shown(client)["count"] == 1, "and screening has nothing to add"


def test_what_is_held_is_published_without_the_part(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    mode = {"site": "news", "page": "p", "mode": "premoderated"}
    client.put("/v1/moderation/threads", headers=bearer, json=mode)
    post(client, body=BODY, page="p")
    judge()
    [item] = queue(client, bearer)
    assert remove(client, bearer, item).status_code == 201
    assert shown(client, "p")["count"] == 1
    assert queue(client, bearer) == []


def test_an_edit_afterwards_waits_for_a_moderator(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    receipt = post(client, body=BODY)
    judge()
    remove(client, bearer, item_of(client, bearer, receipt))
    address = f"/v1/comments/{receipt['id']}"
    client.patch(address, json={"body": BODY}, headers=edit_header(receipt))
    judge()
    assert item_of(client, bearer, receipt)["state"] == "held"
    assert LEFT in shown(client)["comments"][0]["body_html"]


def test_only_what_was_seen_is_cut(client: FlaskClient, judge: Judge, bearer: Bearer) -> None:
    receipt = post(client, body=BODY)
    judge()
    item = item_of(client, bearer, receipt)
    decide(client, bearer, item, "rejected")
    late = remove(client, bearer, item)
    assert (late.status_code, late.get_json()["state"]) == (409, "rejected")
    remove(client, bearer, item | {"state": "rejected"})
    again = remove(client, bearer, item | {"state": "rejected"})
    assert (again.status_code, again.get_json()["state"]) == (409, "approved")
    client.delete(f"/v1/comments/{receipt['id']}", headers=edit_header(receipt))
    assert remove(client, bearer, item).status_code == 404


def test_parts_that_cannot_go_are_refused_in_words(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    receipt = post(client, body=BODY)
    judge()
    item = item_of(client, bearer, receipt)
    for spans, said in (
        ([{"start": 0, "end": len(BODY)}], "Reject it instead"),
        ([{"start": 0, "end": 1000}], "outside of the text"),
        ([{"start": 5, "end": 5}], "Choose the part"),
    ):
        answer = remove(client, bearer, item, spans=spans)
        assert answer.status_code == 422
        assert said in answer.get_json()["detail"]
    assert item_of(client, bearer, receipt)["body"] == BODY
