"""Reasons for refusing a comment, and what authors are told with a decision."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.domain.ids import new_id
from tests.factories import SIX_LINKS, edit_header, post, queue

Judge = Callable[..., int]
Bearer = dict[str, str]
POLICY = "/v1/moderation/sites/news/policy"


def set_policy(client: FlaskClient, bearer: Bearer, settings: dict[str, Any]) -> TestResponse:
    return client.put(POLICY, headers=bearer, json={"settings": settings})


def decided(
    client: FlaskClient, judge: Judge, bearer: Bearer, **changes: Any
) -> tuple[TestResponse, dict[str, Any]]:
    """A held comment is rejected; the answer, and what its author gets then."""
    receipt = post(client, body=f"{SIX_LINKS} {new_id()}")
    judge()
    item = queue(client, bearer)[-1]
    line = {"revision": item["revision"], "seen": "held", "to": "rejected"} | changes
    address = f"/v1/comments/{item['comment']}/decisions"
    answer = client.post(address, json=line, headers=bearer)
    own = client.get(f"/v1/comments/{receipt['id']}", headers=edit_header(receipt)).get_json()
    return answer, own


def test_the_author_is_told_what_goes_with_the_reason(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    _, own = decided(client, judge, bearer, reason="off-topic")
    assert (own["state"], own["message"]) == (
        "rejected",
        "It is not about this article. Please post it where it fits.",
    )
    _, own = decided(client, judge, bearer, to="spam", reason="spam")
    assert own["message"] is None


def test_a_message_of_the_moderators_own_takes_its_place(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    _, own = decided(client, judge, bearer, reason="abuse", message="<b>Calm down</b>, please.")
    assert own["message"] == "<b>Calm down</b>, please."
    _, own = decided(client, judge, bearer, reason="abuse", message="")
    assert own["message"] is None
    _, own = decided(client, judge, bearer, to="approved", reason="fair", message="Thank you!")
    assert own["message"] == "Thank you!"
    everything = client.get(f"/v1/moderation/comments/{own['id']}", headers=bearer).get_json()
    assert everything["decisions"][-1]["message"] == "Thank you!"


def test_a_message_gives_no_state_away(client: FlaskClient, judge: Judge, bearer: Bearer) -> None:
    set_policy(client, bearer, {"rejected_sees": "waiting"})
    _, own = decided(client, judge, bearer, reason="abuse")
    assert (own["state"], own["message"]) == ("held", None)


def test_any_reason_is_taken_until_the_site_wants_its_own(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    answer, own = decided(client, judge, bearer, reason="Because!")
    assert (answer.status_code, own["message"]) == (201, None)
    mine = [{"code": "rude", "label": "Rude", "message": "That was rude."}]
    settings = {"decisions": {"reasons": mine, "other_reasons": "refuse"}}
    assert set_policy(client, bearer, settings).status_code == 200
    answer, own = decided(client, judge, bearer, reason="abuse")
    assert (answer.status_code, own["state"]) == (422, "held")
    assert answer.get_json()["errors"] == {
        "reason": ["This site's reasons are rude; 'abuse' is none of them."]
    }
    _, own = decided(client, judge, bearer, reason="rude")
    assert own["message"] == "That was rude."
    answer, _ = decided(client, judge, bearer)
    assert answer.status_code == 201, "a reason is never required"
    answer, _ = decided(client, judge, bearer, to="approved", reason="fine")
    assert answer.status_code == 201, "what speaks for a comment may be said in any word"


def test_the_queue_tells_which_reasons_there_are(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    post(client, body=SIX_LINKS)
    judge()
    answer = client.get("/v1/moderation/queue", headers=bearer).get_json()
    codes = [reason["code"] for reason in answer["reasons"]["news"]]
    assert codes[:3] == ["spam", "abuse", "hate"]


def test_a_list_of_reasons_is_validated(client: FlaskClient, bearer: Bearer) -> None:
    for reasons, said in (
        ([{"code": "Too Rude", "label": "x"}], "reasons.0.code"),
        ([{"label": "x"}], "reasons.0.code"),
        ([{"code": "x", "label": ""}], "reasons.0.label"),
        ([{"code": "x", "label": "x", "mesage": ""}], "reasons.0.mesage"),
        ([{"code": "x", "label": "x"}, {"code": "x", "label": "y"}], "reasons"),
    ):
        answer = set_policy(client, bearer, {"decisions": {"reasons": reasons}})
        assert answer.status_code == 422
        assert list(answer.get_json()["errors"]) == [f"settings.decisions.{said}"]
