"""A site's moderators teach its filter: at once, for good by a fit, and take it back."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.domain.policy import JudgedBy
from service.store import filters, sites
from service.store.filters import Kind
from tests.factories import decide, post, queue
from tests.teaching import TALK, WORDS, only_hold, teach
from workers import learning, site_filters

Judge = Callable[..., int]


@pytest.fixture(autouse=True)
def from_the_database() -> None:
    site_filters.forget()


@pytest.fixture
def taught(client: FlaskClient, bearer: dict[str, str], judge: Judge, session: Session) -> Judge:
    only_hold(session)
    teach(client, bearer, judge)
    return judge


def finding(client: FlaskClient, bearer: dict[str, str], judge: Judge, body: str) -> dict[str, Any]:
    """What the filter says of a new comment."""
    receipt = post(client, body=body, page="another")
    judge()
    [item] = [one for one in queue(client, bearer) if one["comment"] == receipt["id"]]
    return next(one for one in item["findings"] if one["check"] == "spam")


def test_a_site_learns_what_its_moderators_do_not_want(
    client: FlaskClient, bearer: dict[str, str], taught: Judge, session: Session
) -> None:
    before = finding(client, bearer, taught, "the tram museum opens on Monday")
    assert before["model"].startswith("shipped")
    assert learning.learn_all(session) == 2  # of spam, and of conduct
    after = finding(client, bearer, taught, "the tram museum opens on Tuesday")
    assert after["model"] == "site 1"
    assert after["score"] > 0.5 > before["score"]
    assert any("tram" in one["name"] for one in after["signals"])
    assert finding(client, bearer, taught, TALK[0])["score"] < 0.5
    assert learning.learn_all(session) == 0  # nothing is new


def test_the_policy_can_go_back_to_the_shipped_model(
    client: FlaskClient, bearer: dict[str, str], taught: Judge, session: Session
) -> None:
    before = finding(client, bearer, taught, "the tram museum opens on Monday")
    learning.learn_all(session)
    only_hold(session, judged_by=JudgedBy.SHIPPED)
    after = finding(client, bearer, taught, "the tram museum opens on Tuesday")
    assert after["model"] == before["model"]
    assert after["score"] == pytest.approx(before["score"], abs=0.1)


def test_contributions_in_a_finding_add_up_to_its_score(
    client: FlaskClient, bearer: dict[str, str], taught: Judge, session: Session
) -> None:
    learning.learn_all(session)
    found = finding(client, bearer, taught, "the old tram line at https://trams.example/free")
    total = sum(one["weight"] for one in found["signals"])
    assert 1 / (1 + 2.718281828459045**-total) == pytest.approx(found["score"], abs=1e-5)


def test_a_decision_takes_effect_before_any_fit(
    client: FlaskClient, bearer: dict[str, str], taught: Judge, session: Session
) -> None:
    learning.learn_all(session)
    text = "an entirely different matter: kettles, and how to mend them"
    before = finding(client, bearer, taught, text)
    [item] = [one for one in queue(client, bearer) if one["body"] == text]
    decide(client, bearer, item, "spam")
    assert finding(client, bearer, taught, f"{text} well")["score"] > before["score"]


def test_a_decision_taken_back_is_unlearnt_by_the_next_fit(
    client: FlaskClient, bearer: dict[str, str], taught: Judge, session: Session
) -> None:
    learning.learn_all(session)
    for item in queue(client, bearer, state="spam", limit=200):
        decide(client, bearer, item, "approved")
    assert learning.learn_all(session) == 2
    site = sites.find(session, "news")
    assert site is not None
    newest = filters.newest(session, site.id, Kind.SPAM)
    assert newest is not None
    assert (newest.version, newest.adopted, newest.content) == (2, True, None)
    assert "takes 30 decisions" in newest.why
    assert finding(client, bearer, taught, "the tram museum opens on Friday")["score"] < 0.5


def statements_of(session: Session, work: Callable[[], object]) -> list[str]:
    """What `work` asks the database, with END for each end of a transaction."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    def end(_connection: Any) -> None:
        said.append("END")

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "rollback", end)
    work()
    event.remove(engine, "before_cursor_execute", note)
    event.remove(engine, "rollback", end)
    return said


def test_no_transaction_is_open_while_a_model_is_fitted(
    client: FlaskClient, bearer: dict[str, str], taught: Judge, session: Session
) -> None:
    learning.learn_all(session)
    for item in queue(client, bearer, state="spam", limit=5):
        decide(client, bearer, item, "approved")
    said = statements_of(session, lambda: learning.learn_all(session))
    stored = next(n for n, one in enumerate(said) if "INSERT INTO filter_models" in one)
    ended = said.index("END")  # after all that the fit needs was read
    assert ended < stored
    assert not [one for one in said[ended:stored] if one.startswith("SELECT")]


def test_what_screening_decided_teaches_nothing(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    for number in range(40):
        post(client, body=f"{TALK[number % 4]} {WORDS[number % 12]} {number}", page=f"p{number}")
    judge()
    assert learning.learn_all(session) == 0


def test_other_reasons_than_spam_teach_a_second_score(
    client: FlaskClient, bearer: dict[str, str], judge: Judge, session: Session
) -> None:
    only_hold(session)
    for number in range(48):
        words = f"{WORDS[number % 12]} {WORDS[number * 5 % 12]} {number}"
        rude = f"You {WORDS[number % 12]} blockheads are all useless, {words}"
        post(client, body=rude if number % 2 else f"{TALK[number % 4]} {words}", page=f"p{number}")
    judge()
    lines = [
        {"comment": item["comment"], "revision": item["revision"], "seen": "held"}
        | (
            {"to": "rejected", "reason": "abuse"}
            if "blockheads" in item["body"]
            else {"to": "approved"}
        )
        for item in queue(client, bearer, limit=200)
    ]
    client.post("/v1/moderation/decisions", headers=bearer, json={"decisions": lines})
    assert learning.learn_all(session) == 2
    receipt = post(client, body="What useless blockheads you are", page="another")
    judge()
    [item] = [one for one in queue(client, bearer) if one["comment"] == receipt["id"]]
    found = {one["check"]: one for one in item["findings"]}
    assert found["conduct"]["score"] > 0.5
    assert found["conduct"]["verdict"] == "pass"
    assert "Only a hint" in found["conduct"]["reason"]
    assert found["spam"]["score"] < 0.5
