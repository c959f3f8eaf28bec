"""Saved views of the queue."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import credentials, sites

VIEWS = "/v1/moderation/views"
FILTER = {"check": "links", "order": "risk", "q": '"buy now" -lamp', "band": "certain"}


def token(session: Session, name: str, *scopes: str, site: str | None = None) -> dict[str, str]:
    made = credentials.create_token(
        session, name=name, scopes=list(scopes), site=site, days=None, by="test"
    )
    return {"Authorization": f"Bearer {made}"}


def names(client: FlaskClient, headers: dict[str, str]) -> list[str]:
    return [view["name"] for view in client.get(VIEWS, headers=headers).get_json()["views"]]


def test_a_view_is_saved_used_changed_and_removed(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    made = client.post(VIEWS, json={"name": "Sales", "filter": FILTER}, headers=bearer)
    assert made.status_code == 201
    view = made.get_json()
    assert FILTER.items() <= view["filter"].items()
    found = client.get("/v1/moderation/queue", query_string=view["filter"], headers=bearer)
    assert found.status_code == 200
    address = f"{VIEWS}/{view['id']}"
    changed = client.put(address, json={"name": "Adverts", "filter": {}}, headers=bearer)
    assert changed.get_json()["name"] == "Adverts"
    assert "check" not in changed.get_json()["filter"]
    assert names(client, bearer) == ["Adverts"]
    assert client.delete(address, headers=bearer).status_code == 204
    assert names(client, bearer) == []
    assert client.delete(address, headers=bearer).status_code == 404
    wrong = {"name": "x", "filter": {"band": "high"}}
    assert client.post(VIEWS, json=wrong, headers=bearer).status_code == 422


def test_own_views_are_ones_own_and_shared_ones_the_sites(
    client: FlaskClient, session: Session, bearer: dict[str, str]
) -> None:
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    ben = token(session, "ben", "decide", site="news")
    eve = token(session, "eve", "moderate", site="other")
    viewer = token(session, "vic", "read", site="news")
    client.post(VIEWS, json={"name": "Own", "filter": {}}, headers=bearer)
    shared = {"name": "Shared", "filter": {}, "site": "news"}
    id = client.post(VIEWS, json=shared, headers=bearer).get_json()["id"]
    assert names(client, bearer) == ["Own", "Shared"]
    assert names(client, ben) == names(client, viewer) == ["Shared"]
    assert names(client, eve) == []
    body = {"name": "Mine", "filter": {}}
    answers = [
        client.put(f"{VIEWS}/{id}", json=body, headers=who).status_code
        for who in (viewer, ben, eve, bearer)
    ]
    assert answers == [404, 200, 404, 200]
    assert client.post(VIEWS, json=shared, headers=viewer).status_code == 403
    assert client.post(VIEWS, json=shared, headers=eve).status_code == 404
