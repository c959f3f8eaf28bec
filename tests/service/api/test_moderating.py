"""The queue, decisions and all that is known of a comment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from service.actions import credentials, sites
from service.domain.findings import Finding
from service.domain.ids import new_id
from service.domain.states import Actor, State
from service.store.access_tables import Token
from service.store.db import now
from service.store.models import Decision
from tests.contract import ContractClient
from tests.factories import SIX_LINKS, decide, edit_header, post, queue, shown

Judge = Callable[..., int]
Bearer = dict[str, str]


def held(client: FlaskClient, judge: Judge, bearer: Bearer, **changes: object) -> dict[str, object]:
    post(client, **({"body": f"{SIX_LINKS} {new_id()}"} | changes))
    judge()
    return queue(client, bearer)[-1]


def test_a_decision_is_recorded_with_its_maker(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    item = held(client, judge, bearer)
    result = decide(client, bearer, item, "spam")
    assert (result["outcome"], result["state"], result["by"]) == ("moved", "spam", "mod")
    everything = client.get(f"/v1/moderation/comments/{item['comment']}", headers=bearer).get_json()
    assert [(step["actor"], step["to"]) for step in everything["decisions"]] == [
        ("screening", "held"),
        ("moderator", "spam"),
    ]
    assert everything["decisions"][0]["findings"]
    assert everything["decisions"][0]["policy_version"] == 1
    assert everything["decisions"][1]["id"] == result["decision"]


def test_the_second_of_two_moderators_learns_of_the_first(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    item = held(client, judge, bearer)
    decide(client, bearer, item, "approved")
    late = decide(client, bearer, item, "rejected")
    assert (late["outcome"], late["state"], late["by"]) == ("conflict", "approved", "mod")
    assert late["at"] is not None
    assert shown(client)["count"] == 1


def test_one_decision_answers_201_or_409(client: FlaskClient, judge: Judge, bearer: Bearer) -> None:
    item = held(client, judge, bearer)
    address = f"/v1/comments/{item['comment']}/decisions"
    line = {"revision": item["revision"], "seen": "held", "to": "approved", "reason": "fine"}
    assert client.post(address, json=line, headers=bearer).status_code == 201
    again = client.post(address, json=line, headers=bearer)
    assert again.status_code == 409
    assert again.get_json()["type"] == "/problems/conflict"
    assert (again.get_json()["state"], again.get_json()["by"]) == ("approved", "mod")
    back = client.post(address, json=line | {"seen": "approved", "to": "approved"}, headers=bearer)
    assert back.get_json()["type"] == "/problems/illegal-move"
    missing = client.post(address, json=line | {"revision": str(new_id())}, headers=bearer)
    assert missing.status_code == 404


def test_each_line_of_a_bulk_gets_its_own_outcome(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    items = [held(client, judge, bearer) for _ in range(4)]
    decide(client, bearer, items[0], "rejected")
    lines = [
        {"comment": item["comment"], "revision": item["revision"], "seen": "held", "to": "approved"}
        for item in items
    ]
    lines[2]["seen"] = "withdrawn"
    lines[3]["comment"] = items[2]["comment"]
    lines.append(lines[1] | {"revision": str(new_id())})
    answer = client.post("/v1/moderation/decisions", json={"decisions": lines}, headers=bearer)
    outcomes = [result["outcome"] for result in answer.get_json()["results"]]
    assert outcomes == ["conflict", "moved", "illegal", "not-found", "not-found"]


def test_500_decisions_are_made_at_once(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    for number in range(500):
        post(client, body=f"{SIX_LINKS} {number} {new_id()}", page=f"page-{number % 7}")
    while judge():
        pass
    items = queue(client, bearer, limit=200)
    while len(items) < 500:
        items += queue(client, bearer, limit=200, after=items[-1]["revision"])
    lines = [
        {"comment": item["comment"], "revision": item["revision"], "seen": "held", "to": "approved"}
        for item in items
    ]
    answer = client.post("/v1/moderation/decisions", json={"decisions": lines}, headers=bearer)
    assert {result["outcome"] for result in answer.get_json()["results"]} == {"moved"}
    assert sum(shown(client, f"page-{number}")["count"] for number in range(7)) == 500
    assert client.post(
        "/v1/moderation/decisions", json={"decisions": lines + lines[:1]}, headers=bearer
    ).status_code == 422  # fmt: skip


def test_of_many_opposite_decisions_one_wins(
    app: Flask, client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    item = held(client, judge, bearer)

    def attempt(number: int) -> str:
        with app.test_client() as own:
            to = "approved" if number % 2 else "rejected"
            return f"{to} {decide(own, bearer, item, to)['outcome']}"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(24)))
    winners = [outcome for outcome in outcomes if outcome.endswith("moved")]
    assert len(winners) == 1
    assert outcomes.count("approved conflict") + outcomes.count("rejected conflict") == 23
    made = session.scalars(select(Decision).where(Decision.actor == Actor.MODERATOR)).all()
    assert [decision.target for decision in made] == [winners[0].split()[0]]


def test_screening_cannot_undo_what_became_of_a_comment_meanwhile(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    receipt = post(client)

    def withdraw_meanwhile(*_: object) -> object:
        client.delete(f"/v1/comments/{receipt['id']}", headers=edit_header(receipt))
        return Finding("passing")

    judge(checks=(withdraw_meanwhile,))
    assert shown(client)["count"] == 0
    assert session.scalars(select(Decision.target)).all() == [State.WITHDRAWN]


def test_the_queue_is_filtered_and_paged(client: FlaskClient, judge: Judge, bearer: Bearer) -> None:
    first = held(client, judge, bearer, page="one", author={"name": "Ann", "email": "a@b.example"})
    second = held(client, judge, bearer, page="two", body="VERY LOUD 100% SHOUTING ALL THE TIME")
    assert [i["comment"] for i in queue(client, bearer, limit=1)] == [first["comment"]]
    after = queue(client, bearer, after=first["revision"])
    assert [i["comment"] for i in after] == [second["comment"]]
    for query, expected in (
        ({"check": "links"}, first), ({"check": "shouting"}, second), ({"q": "loud 100%"}, second),
        ({"q": "ann"}, None), ({"thread": second["thread"]["id"]}, second),
        ({"author": first["author"]["id"]}, first), ({"site": "news", "q": "shop0"}, first),
    ):  # fmt: skip
        found = [item["comment"] for item in queue(client, bearer, **query)]
        both = [first["comment"], second["comment"]]
        assert found == ([expected["comment"]] if expected else both), query
    assert queue(client, bearer, q="10 0") == []
    decide(client, bearer, second, "approved")
    assert [i["comment"] for i in queue(client, bearer, state="approved")] == [second["comment"]]


def test_without_a_valid_token_nothing_is_told(client: FlaskClient, session: Session) -> None:
    token = credentials.create_token(
        session, name="old", scopes=["moderate"], site=None, days=1, by="t"
    )
    session.execute(update(Token).values(expires_at=now(-1)))
    session.commit()
    revoked = credentials.create_token(
        session, name="gone", scopes=["moderate"], site=None, days=None, by="t"
    )
    credentials.revoke_tokens(session, "gone", by="t")
    comment = f"/v1/comments/{new_id()}"
    guarded = [
        ("GET", "/v1/moderation/queue"),
        ("POST", "/v1/moderation/decisions"),
        ("POST", f"{comment}/decisions"),
        ("GET", comment.replace("/v1", "/v1/moderation")),
        ("GET", "/v1/moderation/sites/news/policy"),
        ("PUT", "/v1/moderation/sites/news/policy"),
        ("PUT", "/v1/moderation/threads"),
    ]
    for header in ("", "Bearer", "Bearer x", "Basic eDp5", f"Bearer {token}", f"Bearer {revoked}"):
        for method, path in guarded:
            answer = client.open(path, method=method, headers={"Authorization": header}, json={})
            assert answer.status_code == 401, (header, path)
            assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_sites_token_sees_that_site_alone(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    sites.add_site(session, key="other", name="Other", origins=[], by="test")
    token = credentials.create_token(
        session, name="o", scopes=["moderate"], site="other", days=None, by="t"
    )
    foreign = {"Authorization": f"Bearer {token}"}
    item = held(client, judge, bearer)
    assert queue(client, foreign) == []
    assert client.get("/v1/moderation/queue?site=news", headers=foreign).status_code == 404
    assert client.get("/v1/moderation/sites/news/policy", headers=foreign).status_code == 404
    assert (
        client.get(f"/v1/moderation/comments/{item['comment']}", headers=foreign).status_code == 404
    )
    assert decide(client, foreign, item, "approved")["outcome"] == "not-found"
    assert shown(client)["count"] == 0


def test_other_websites_cannot_use_a_token(client: FlaskClient, bearer: Bearer) -> None:
    answer = client.get("/v1/moderation/queue", headers=bearer | {"Origin": "https://evil.example"})
    assert answer.status_code == 403
    own = client.get("/v1/moderation/queue", headers=bearer | {"Origin": "https://localhost"})
    assert own.status_code == 200


def test_policies_are_versioned_and_validated(client: FlaskClient, bearer: Bearer) -> None:
    address = "/v1/moderation/sites/news/policy"
    first = client.get(address, headers=bearer).get_json()
    assert (first["version"], first["settings"]["mode"]) == (1, "open")
    change = {"version": 1, "settings": {"mode": "premoderated", "links": {"hold_above": 9}}}
    second = client.put(address, json=change, headers=bearer).get_json()
    assert (second["version"], second["by"]) == (2, "mod")
    assert second["settings"]["links"] == first["settings"]["links"] | {"hold_above": 9}
    assert client.put(address, json=change, headers=bearer).status_code == 409
    wrong_links = [{"links": {"hold_above": -1}}, {"links": {"hold_above": "3"}}, {"links": []}]
    wrong = [{"mode": "ajar"}, {"colour": "red"}, {"words": {"hold": [""]}}, {"edit_minutes": 1.5}]
    for bad in wrong + wrong_links:
        answer = client.put(address, json={"settings": bad}, headers=bearer)
        assert answer.status_code == 422, bad
        assert next(iter(answer.get_json()["errors"])).startswith("settings.")
    assert client.get(address, headers=bearer).get_json()["version"] == 2


def test_a_new_policy_rules_from_then_on(client: FlaskClient, judge: Judge, bearer: Bearer) -> None:
    words = {"settings": {"words": {"hold": ["viagra"]}}}
    client.put("/v1/moderation/sites/news/policy", json=words, headers=bearer)
    post(client, body="Cheap v1@gra here, dear readers.")
    judge()
    [item] = queue(client, bearer)
    assert (
        item["findings"][[f["check"] for f in item["findings"]].index("words")]["verdict"] == "hold"
    )


def test_times_and_ids_are_what_the_contract_says(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    item = held(client, judge, bearer)
    assert UUID(str(item["comment"])).version == 7
    assert str(item["created_at"]).endswith("Z")


def test_an_empty_queue_says_so(client: FlaskClient, bearer: Bearer) -> None:
    answer = client.get("/v1/moderation/queue", headers=bearer).get_json()
    assert answer == {"items": [], "next": None, "waiting": 0, "reported": 0, "reasons": {}}


def test_counts_of_decisions_are_exact(
    client: ContractClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    decide(client, bearer, held(client, judge, bearer), "approved")
    figures = client.get("/metrics").get_data(as_text=True)
    assert 'afterword_decisions_total{by="screening",to="held"} 1.0' in figures
    assert 'afterword_decisions_total{by="moderator",to="approved"} 1.0' in figures
    assert 'afterword_findings_total{check="links",verdict="hold"} 1.0' in figures
    assert "afterword_decision_seconds_count 1.0" in figures
    assert session.scalar(select(func.count(Decision.id))) == 2
