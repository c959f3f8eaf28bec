"""Campaigns are recognised across threads, by every worker, and after a restart."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import sites as actions
from service.bell import SilentBell
from service.domain.policy import Policy, RepetitionPolicy
from tests.factories import decide, post, queue
from workers import site_filters

Judge = Callable[..., int]
OFFER = (
    "Hello friends, I lost all hope until Doctor Wonder cured my back with his herbs, "
    "write to him at wonder@cures.example or see https://wonder-cures.example/back"
)
VARIANTS = (
    OFFER.replace("Wonder", "Marvel").replace("wonder", "marvel"),
    OFFER.replace("friends", "everybody").replace("herbs", "roots"),
    OFFER.replace("wonder-cures.example/back", "other-cures.example/9"),
)
INNOCENT = "The harbour was never for sale, and the council knew that very well last year."


@pytest.fixture(autouse=True)
def begun_anew(news: str, session: Session) -> None:
    """No other check looks for texts alike here."""
    site_filters.forget()
    policy = Policy(repetition=RepetitionPolicy(window_minutes=0))
    actions.set_policy(session, SilentBell(), news, seen=None, settings=policy.as_json(), by="test")


def send(client: FlaskClient, judge: Judge, *bodies: str) -> None:
    """Each in a thread of its own, judged one by one."""
    for number, body in enumerate(bodies):
        post(client, body=body, page=f"{number} {hash(body)}", author={"name": f"Reader {number}"})
        judge()


def found(item: dict[str, Any]) -> dict[str, Any]:
    finding: dict[str, Any] = next(one for one in item["findings"] if one["check"] == "campaign")
    return finding


def listed(client: FlaskClient, bearer: dict[str, str], **query: Any) -> list[str]:
    return [item["body"] for item in queue(client, bearer, **query)]


def test_variants_of_a_rejected_comment_are_rejected_in_other_threads(
    client: FlaskClient, bearer: dict[str, str], judge: Judge
) -> None:
    send(client, judge, OFFER)
    [item] = queue(client, bearer)
    decide(client, bearer, item, "spam")
    send(client, judge, *VARIANTS, INNOCENT)
    assert set(listed(client, bearer, state="spam")) == {OFFER, *VARIANTS}
    assert listed(client, bearer, state="approved") == [INNOCENT]
    variant = queue(client, bearer, state="spam")[0]
    assert item["comment"] in found(variant)["reason"]
    assert variant["campaign"]["id"] == item["comment"]


def test_a_process_that_begins_knows_what_was_rejected_before(
    client: FlaskClient, bearer: dict[str, str], judge: Judge
) -> None:
    send(client, judge, OFFER)
    decide(client, bearer, queue(client, bearer)[0], "spam")
    site_filters.forget()
    send(client, judge, VARIANTS[0])
    assert len(listed(client, bearer, state="spam")) == 2


def test_a_rejection_taken_back_catches_nothing_any_more(
    client: FlaskClient, bearer: dict[str, str], judge: Judge
) -> None:
    send(client, judge, OFFER)
    decide(client, bearer, queue(client, bearer)[0], "spam")
    decide(client, bearer, queue(client, bearer, state="spam")[0], "approved")
    send(client, judge, VARIANTS[0])
    assert listed(client, bearer, state="spam") == []


BURST = tuple(
    f"{name} says that the new {what} of the town hall took away all her wrinkles, just try it"
    for name, what in (("Ann", "cream"), ("Bea", "cream"), ("Cleo", "cream"), ("Dora", "cream"))
)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_burst_is_held_before_anybody_has_decided(
    client: FlaskClient, bearer: dict[str, str], judge: Judge, restarted: bool
) -> None:
    send(client, judge, *BURST[:2])
    if restarted:
        site_filters.forget()
    send(client, judge, *BURST[2:])
    held = queue(client, bearer)
    assert [item["body"] for item in held if found(item)["verdict"] == "hold"] == list(BURST[2:])
    assert held[-1]["campaign"] == {
        "id": found(held[-1])["reason"].rpartition(" ")[2].rstrip("."),
        "others": 3,
        "waiting": len(held) - 1,
    }


def test_deciding_one_offers_the_others(
    client: FlaskClient, bearer: dict[str, str], judge: Judge
) -> None:
    send(client, judge, *BURST, INNOCENT)
    item = queue(client, bearer)[-1]
    result = decide(client, bearer, item, "spam")
    assert result["campaign"]["others"] == 3
    campaign = result["campaign"]["id"]
    others = [
        *listed(client, bearer, campaign=campaign),
        *listed(client, bearer, campaign=campaign, state="approved"),
    ]
    assert sorted(others) == sorted(BURST[:3])


def test_an_edit_is_no_variant_of_what_it_replaces(
    client: FlaskClient, bearer: dict[str, str], judge: Judge
) -> None:
    send(client, judge, INNOCENT)
    assert listed(client, bearer, state="approved") == [INNOCENT]
    receipt = post(client, body=INNOCENT.replace("harbour", "market"), page="edited")
    judge()
    headers = {"Authorization": f"Edit {receipt['edit_token']}"}
    for word in ("old", "fish", "cattle"):
        body = INNOCENT.replace("harbour", f"{word} market")
        answer = client.patch(f"/v1/comments/{receipt['id']}", json={"body": body}, headers=headers)
        assert answer.status_code == 202
        judge()
    assert listed(client, bearer) == []
