"""The raid switch, for programs."""

from flask.testing import FlaskClient

from tests.factories import PAGE, post, shown

RAIDS = "/v1/moderation/raids"


def test_a_raid_is_switched_on_listed_and_switched_off(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    post(client)
    made = client.post(RAIDS, headers=bearer, json={"site": "news", "page": PAGE})
    assert made.status_code == 201
    assert (made.json["page"], made.json["comments"], made.json["by"]) == (PAGE, None, "mod")
    assert shown(client)["mode"] == "premoderated"
    assert client.get(RAIDS, headers=bearer).json == {"raids": [made.json]}
    address = f"{RAIDS}/{made.json['id']}"
    assert client.delete(address, headers=bearer).status_code == 204
    assert client.delete(address, headers=bearer).status_code == 404
    assert client.get(RAIDS, headers=bearer).json == {"raids": []}
    assert shown(client)["mode"] == "open"


def test_a_whole_site(client: FlaskClient, bearer: dict[str, str]) -> None:
    made = client.post(RAIDS, headers=bearer, json={"site": "news"})
    assert (made.status_code, made.json["page"]) == (201, None)
    assert shown(client, page="anywhere")["mode"] == "premoderated"


def test_a_page_that_nobody_wrote_on(client: FlaskClient, bearer: dict[str, str]) -> None:
    answer = client.post(RAIDS, headers=bearer, json={"site": "news", "page": "none"})
    assert answer.status_code == 404
    assert "Nobody has written" in answer.json["detail"]


def test_a_thread_is_set_up(client: FlaskClient, bearer: dict[str, str]) -> None:
    body = {"site": "news", "page": PAGE, "mode": None, "slow_seconds": 30, "note": "Be kind."}
    assert client.put("/v1/moderation/threads", headers=bearer, json=body).json == body
    page = shown(client)
    assert (page["mode"], page["slow_seconds"], page["note"]) == ("open", 30, "Be kind.")
    html = client.get("/embed/thread", query_string={"site": "news", "page": PAGE}).text
    assert "Be kind." in html
    assert "every 30 seconds" in html
