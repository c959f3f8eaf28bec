"""Taking comments from the queue through the API."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import credentials
from service.domain.ids import new_id
from tests.factories import SIX_LINKS, post, queue

LOOKS = "/v1/moderation/looks"


def test_two_moderators_are_shown_different_comments(
    client: FlaskClient, judge: Callable[..., int], bearer: dict[str, str], session: Session
) -> None:
    for _ in range(3):
        post(client, body=f"{SIX_LINKS} {new_id()}")
    judge()
    token = credentials.create_token(
        session, name="ben", scopes=["decide"], site=None, days=None, by="test"
    )
    ben = {"Authorization": f"Bearer {token}"}
    taken = client.post(LOOKS, json={"limit": 2, "check": "links"}, headers=bearer).get_json()
    assert taken["seconds"] == 120
    assert {item["look"]["by"] for item in taken["items"]} == {"mod"}
    assert "news" in taken["reasons"]
    rest = client.post(LOOKS, json={}, headers=ben).get_json()["items"]
    mine = [item["revision"] for item in taken["items"]]
    assert len(rest) == 1
    assert rest[0]["revision"] not in mine
    assert len(queue(client, ben, free="true")) == 1
    assert len(queue(client, ben)) == 3
    given = {"revisions": [*mine, rest[0]["revision"], str(new_id())]}
    renewed = client.put(LOOKS, json=given, headers=bearer).get_json()
    assert sorted(renewed["yours"]) == sorted(mine)
    assert [(one["revision"], one["by"]) for one in renewed["others"]] == [
        (rest[0]["revision"], "ben")
    ]
    assert client.delete(LOOKS, headers=bearer).status_code == 204
    assert len(queue(client, ben, free="true")) == 3
