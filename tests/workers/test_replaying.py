"""Replays: past comments judged with another policy, asked for and read through the API."""

import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session

from service.actions import credentials, replaying, sites
from service.bell import SilentBell
from service.config import Settings
from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.replay import Cell, Comparison
from service.domain.states import State
from service.domain.submission import Facts, Submission
from service.store.claims import MAX_ATTEMPTS
from service.store.db import Base, now
from service.store.models import Revision
from service.store.replay_models import Replay, ReplayPiece
from tests.factories import (
    WITHOUT_FILTER,
    a_reader,
    a_text,
    decide,
    edit_header,
    post,
    queue,
    shown,
)
from workers.checks import CHECKS, Check
from workers.replaying import replay
from workers.screening import screen

URL = "/v1/moderation/replays"
NO_LINKS = {"links": {"hold_above": 0}}
HELD_NOW = Cell(State.APPROVED, State.HELD, None)
Header = dict[str, str]
Judge = Callable[..., int]


@pytest.fixture
def run(engine: Engine, session: Session, settings: Settings) -> Callable[..., None]:
    """The workers' round of replays, in this process."""

    def work(**options: Any) -> None:
        with Session(engine, expire_on_commit=False) as own:
            replay(own, settings, options.pop("checks", CHECKS), **options)

    return work


def after(pieces: int) -> Callable[[], bool]:
    """Somebody who wants the round to stop once so many pieces were judged."""
    left = iter([False] * pieces)
    return lambda: next(left, True)


def ask(client: FlaskClient, bearer: Header, **changes: Any) -> str:
    """Ask for a replay, which has to be taken; answers its address."""
    wish = {"site": "news", "last": 1000} | changes
    if "policy" in wish:
        wish["policy"] = WITHOUT_FILTER | wish["policy"]
    response = client.post(
        URL, headers=bearer, json={name: value for name, value in wish.items() if value is not None}
    )
    assert response.status_code == 202, response.data
    assert response.get_json()["state"] == "waiting"
    return response.headers["Location"]


def read(client: FlaskClient, bearer: Header, url: str) -> dict[str, Any]:
    response = client.get(url, headers=bearer)
    assert response.status_code == 200, response.data
    answer: dict[str, Any] = response.get_json()
    return answer


@pytest.fixture(autouse=True)
def without_filter(session: Session, news: str) -> None:
    """It learns from each decision, and what is counted here would depend on that."""
    settings = Policy.from_json(WITHOUT_FILTER).as_json()
    sites.set_policy(session, SilentBell(), news, seen=None, settings=settings, by="test")


def six_links(name: str) -> str:
    return " ".join(f"https://{name}{number}.example/{name[::-1]}" for number in range(6))


@pytest.fixture
def past(client: FlaskClient, bearer: Header, judge: Judge) -> dict[str, str]:
    """Five comments, of which moderators decided three; answers their ids by what became of them.

    With NO_LINKS, `one link` would be held; with six allowed, what is held would be approved.
    """
    bodies = {
        "plain": "I disagree with the author.",
        "one link": "Read https://a.example/report before you write.",
        "approved": "Useful: " + six_links("library"),
        "rejected": "Buy now: " + six_links("pills"),
        "waiting": "Cheap: " + six_links("watch"),
        "refused later": "A plain insult without any link.",
    }
    ids = {name: post(client, body=body)["id"] for name, body in bodies.items()}
    judge()
    by_comment = {item["comment"]: item for item in queue(client, bearer)}
    decide(client, bearer, by_comment[ids["approved"]], "approved")
    decide(client, bearer, by_comment[ids["rejected"]], "rejected")
    for item in queue(client, bearer, state="approved"):
        if item["comment"] == ids["refused later"]:
            decide(client, bearer, item, "rejected")
    return ids


def everything(session: Session) -> dict[str, list[Any]]:
    """All rows of all tables but those of replays."""
    rows = {
        table.name: sorted(map(str, session.execute(select(table)).all()))
        for table in Base.metadata.sorted_tables
        if table.name not in ("replays", "replay_pieces")
    }
    session.rollback()
    return rows


def test_a_replay_tells_what_would_have_changed(
    client: FlaskClient, bearer: Header, past: dict[str, str], run: Callable[..., None]
) -> None:
    url = ask(client, bearer, policy={"links": {"hold_above": 10}})
    run()
    answer = read(client, bearer, url)
    assert (answer["state"], answer["total"], answer["done"]) == ("done", 6, 6)
    assert answer["started_at"] <= answer["ended_at"]
    result = answer["result"]
    assert (result["compared"], result["changed"]) == (6, 3)
    assert result["outcomes"] == {"approved": {"approved": 3}, "held": {"approved": 3}}
    assert result["moderators"] == {
        "decided": 3,
        "would_agree": 1,
        "would_approve_refused": 2,
        "would_refuse_approved": 0,
        "would_hold": 0,
        "no_longer_needed": 2,
    }
    assert result["checks"] == {
        "links": {"then": 3, "then_overturned": 1, "now": 0, "now_overturned": 0}
    }


def test_each_change_has_examples_to_look_at(
    client: FlaskClient, bearer: Header, past: dict[str, str], run: Callable[..., None]
) -> None:
    url = ask(client, bearer, policy=NO_LINKS | {"words": {"reject": ["disagree"]}})
    run()
    changes = read(client, bearer, url)["result"]["changes"]
    told = {(one["then"], one["now"], one["moderator"]): one for one in changes}
    assert set(told) == {("approved", "rejected", None), ("approved", "held", None)}
    [example] = told["approved", "held", None]["examples"]
    assert example["comment"] == past["one link"]
    assert example["text"].startswith("Read https://a.example")
    assert example["then"] == []
    assert [(one["check"], one["verdict"]) for one in example["now"]] == [("links", "hold")]
    everything = client.get(f"/v1/moderation/comments/{example['comment']}", headers=bearer)
    assert everything.get_json()["revisions"][0]["revision"] == example["revision"]


def test_what_moderators_approved_and_would_be_rejected_is_told(
    client: FlaskClient, bearer: Header, past: dict[str, str], run: Callable[..., None]
) -> None:
    url = ask(client, bearer, policy={"words": {"reject": ["useful", "insult"]}})
    run()
    result = read(client, bearer, url)["result"]
    against = result["moderators"]
    assert (against["would_refuse_approved"], against["would_agree"]) == (1, 1)
    assert (against["would_hold"], against["no_longer_needed"]) == (1, 1)
    assert result["checks"]["words"]["now_overturned"] == 1
    [cell] = [one for one in result["changes"] if one["moderator"] == "approved"]
    assert (cell["then"], cell["now"], cell["count"]) == ("held", "rejected", 1)
    assert cell["examples"][0]["then"][0]["check"] == "links"


def test_a_replay_acts_on_nothing(
    client: FlaskClient,
    bearer: Header,
    past: dict[str, str],
    run: Callable[..., None],
    session: Session,
) -> None:
    public, before = shown(client), everything(session)
    ask(client, bearer, policy={"mode": "premoderated"})
    run()
    assert everything(session) == before
    assert shown(client) == public
    assert session.scalar(select(Replay.done)) == 6


def test_todays_policy_is_replayed_where_none_is_given(
    client: FlaskClient, bearer: Header, past: dict[str, str], run: Callable[..., None]
) -> None:
    unchanged = ask(client, bearer)
    run()
    assert read(client, bearer, unchanged)["result"]["changed"] == 0
    policy = {"settings": WITHOUT_FILTER | NO_LINKS}
    client.put("/v1/moderation/sites/news/policy", headers=bearer, json=policy)
    url = ask(client, bearer)
    run()
    answer = read(client, bearer, url)
    assert answer["policy"]["links"]["hold_above"] == 0
    assert (answer["policy_version"], answer["result"]["changed"]) == (3, 1)


def test_last_and_since_say_which_comments(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None], session: Session
) -> None:
    for number in range(4):
        post(client, body=a_text(number))
    judge()
    oldest = select(Revision.id).order_by(Revision.id).limit(1)
    [old] = session.scalars(oldest)
    session.execute(update(Revision).where(Revision.id == old).values(created_at=now(-90_000)))
    yesterday = session.scalar(select(now(-86_400)))
    assert yesterday is not None
    session.commit()
    urls = [
        ask(client, bearer, last=2),
        ask(client, bearer, last=None, since=yesterday.isoformat()),
        ask(client, bearer, last=None, since="2020-01-01T00:00:00Z"),
        ask(client, bearer, last=None, since="2999-01-01T00:00:00Z"),
    ]
    run()
    answers = [read(client, bearer, url) for url in urls]
    assert [answer["state"] for answer in answers] == ["done"] * 4
    assert [answer["done"] for answer in answers] == [2, 3, 4, 0]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "since"),
        ({"last": 5, "since": "2026-01-01T00:00:00Z"}, "since"),
        ({"last": 0}, "last"),
        ({"last": 1_000_001}, "last"),
        ({"since": "2026-01-01T00:00:00"}, "since"),
        ({"last": 5, "policy": {"links": {"hold_above": -1}}}, "policy.links.hold_above"),
        ({"last": 5, "policy": {"linx": {}}}, "policy.linx"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_in_words(
    client: FlaskClient, bearer: Header, wish: dict[str, Any], field: str
) -> None:
    response = client.post(URL, headers=bearer, json={"site": "news", **wish})
    assert response.status_code == 422
    assert field in response.get_json()["errors"]


def test_foreign_replays_and_sites_look_missing(
    client: FlaskClient, bearer: Header, session: Session
) -> None:
    sites.add_site(session, key="other", name="O", origins=[], by="test")
    token = credentials.create_token(
        session, name="o", scopes=["moderate"], site="other", days=None, by="t"
    )
    stranger = {"Authorization": f"Bearer {token}"}
    url = ask(client, bearer)
    wish = {"site": "news", "last": 1}
    assert client.post(URL, headers=stranger, json=wish).status_code == 404
    assert client.get(url, headers=stranger).status_code == 404
    assert client.delete(url, headers=stranger).status_code == 404
    assert read(client, bearer, url)["state"] == "waiting"


def test_a_site_may_have_so_many_unfinished_replays(
    client: FlaskClient, bearer: Header, run: Callable[..., None]
) -> None:
    for _ in range(replaying.MOST_UNFINISHED):
        ask(client, bearer)
    response = client.post(URL, headers=bearer, json={"site": "news", "last": 1})
    assert (response.status_code, response.get_json()["type"]) == (
        409,
        "/problems/too-many-replays",
    )
    run()
    ask(client, bearer)


def test_progress_and_a_first_result_are_told_while_it_runs(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None]
) -> None:
    for number in range(7):
        post(client, body=a_text(number))
    judge()
    url = ask(client, bearer, policy={"mode": "premoderated"})
    run(is_stopping=after(2), piece_size=2)
    half = read(client, bearer, url)
    assert (half["state"], half["done"], half["total"]) == ("running", 4, 7)
    assert half["result"]["outcomes"] == {"approved": {"held": 4}}
    assert half["ended_at"] is None
    run()
    whole = read(client, bearer, url)
    assert (whole["state"], whole["done"]) == ("done", 7)
    assert whole["result"]["outcomes"] == {"approved": {"held": 7}}


def test_pieces_are_judged_newest_first_and_ten_examples_kept(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None]
) -> None:
    ids = [post(client, body=a_text(number))["id"] for number in range(13)]
    judge()
    url = ask(client, bearer, policy={"mode": "premoderated"})
    run(is_stopping=after(1), piece_size=4)
    [cell] = read(client, bearer, url)["result"]["changes"]
    assert [one["comment"] for one in cell["examples"]] == ids[:-5:-1]
    run()
    [cell] = read(client, bearer, url)["result"]["changes"]
    assert [one["comment"] for one in cell["examples"]] == ids[:-11:-1]
    assert cell["count"] == 13


def test_the_filter_can_be_tried_before_it_is_switched_on(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None], session: Session
) -> None:
    spam = "EARN $5000 weekly from home!!! Free followers, click http://win-cash-now.example/?id=7"
    comment = post(client, body=spam)["id"]
    judge()
    assert session.scalars(select(Revision.state)).all() == [State.APPROVED]
    session.rollback()
    url = ask(client, bearer, policy={"spam": {"power": "hold"}})
    run()
    result = read(client, bearer, url)["result"]
    assert result["outcomes"] == {"approved": {"held": 1}}
    [example] = result["changes"][0]["examples"]
    assert (example["comment"], example["now"][0]["check"]) == (comment, "spam")
    assert example["now"][0]["signals"]


class Died(BaseException):
    """Stands for a process that ended in the middle of a check."""


def check_deadly(submission: Submission, _policy: Policy) -> Finding:
    raise Died


def end_leases(session: Session) -> None:
    session.rollback()
    session.execute(update(ReplayPiece).values(lease_until=now(-1)))
    session.commit()


def test_a_piece_whose_judge_died_is_judged_by_another_and_counted_once(
    client: FlaskClient,
    bearer: Header,
    judge: Judge,
    run: Callable[..., None],
    session: Session,
) -> None:
    for number in range(5):
        post(client, body=a_text(number))
    judge()
    url = ask(client, bearer)
    with pytest.raises(Died):
        run(checks=(check_deadly,), piece_size=2)
    session.rollback()
    run()  # the others; that one is still its judge's, as far as anybody knows
    answer = read(client, bearer, url)
    assert (answer["state"], answer["done"]) == ("running", 3)
    end_leases(session)
    run()
    answer = read(client, bearer, url)
    assert (answer["state"], answer["done"], answer["result"]["compared"]) == ("done", 5, 5)


def test_a_piece_that_was_judged_twice_counts_once(
    client: FlaskClient, bearer: Header, judge: Judge, session: Session, run: Callable[..., None]
) -> None:
    for number in range(4):
        post(client, body=a_text(number))
    judge()
    url = ask(client, bearer)
    run(is_stopping=after(1), piece_size=2)
    slow = replaying.claim(session, lease_seconds=60)
    end_leases(session)
    run()
    assert slow is not None
    before = read(client, bearer, url)
    replaying.record(session, slow, Comparison(Counter({HELD_NOW: 2})))
    assert read(client, bearer, url) == before
    assert before["done"] == 4


def test_what_breaks_off_again_and_again_fails_with_a_reason(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None], session: Session
) -> None:
    post(client)
    judge()
    url = ask(client, bearer)
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Died):
            run(checks=(check_deadly,))
        end_leases(session)
    run()
    answer = read(client, bearer, url)
    assert (answer["state"], answer["done"]) == ("failed", 0)
    assert "three times" in answer["detail"]
    assert session.scalar(select(func.count()).select_from(ReplayPiece)) == 0


def test_a_cancelled_replay_ends_and_keeps_what_it_found(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None], session: Session
) -> None:
    for number in range(6):
        post(client, body=a_text(number))
    judge()
    url = ask(client, bearer)
    run(is_stopping=after(1), piece_size=2)
    in_hand = replaying.claim(session, lease_seconds=60)
    assert in_hand is not None
    for _ in range(2):
        assert client.delete(url, headers=bearer).status_code == 204
    replaying.record(session, in_hand, Comparison(Counter({HELD_NOW: 2})))
    run()
    answer = read(client, bearer, url)
    assert (answer["state"], answer["done"], answer["total"]) == ("cancelled", 2, 6)
    assert answer["result"]["compared"] == 2
    assert answer["ended_at"] is not None


def test_what_has_ended_cannot_be_cancelled_any_more(
    client: FlaskClient, bearer: Header, run: Callable[..., None]
) -> None:
    url = ask(client, bearer)
    run()
    assert client.delete(url, headers=bearer).status_code == 204
    assert read(client, bearer, url)["state"] == "done"


def test_facts_are_those_of_the_time_at_which_a_comment_was_sent(
    client: FlaskClient, bearer: Header, session: Session, settings: Settings
) -> None:
    """What was approved, rejected or sent since was not known then."""
    limited = replace(settings, limits=True)  # so that floods are counted
    live: dict[Any, Facts] = {}
    replayed: dict[Any, Facts] = {}

    def judge() -> None:
        screen(session, SilentBell(), limited, [noting(live)])

    ann = {"name": "Ann", "email": "ann@example.org"}
    text = "The very same long text about the harbour, posted again and again."
    changed = post(client, body=f"{text} Hold this.", author=ann, page="one")
    judge()
    [item] = queue(client, bearer)
    decide(client, bearer, item, "rejected")
    change = {"body": "Hold this, too."}
    client.patch(f"/v1/comments/{changed['id']}", headers=edit_header(changed), json=change)
    judge()
    post(client, body=text, author=ann, page="two")
    judge()
    post(client, body=a_text(1), author=ann, page="one")
    judge()
    for item in queue(client, bearer, state="approved"):
        decide(client, bearer, item, "rejected")
    post(client, body=text, author=ann, page="one")
    judge()
    for item in queue(client, bearer):
        decide(client, bearer, item, "approved")
    ask(client, bearer)
    replay(session, limited, [noting(replayed)])
    assert [facts.author_approved for facts in live.values()] == [0, 0, 0, 1, 0]
    assert [facts.author_rejected for facts in live.values()] == [0, 1, 1, 1, 3]
    assert [facts.rejected_before for facts in live.values()] == [False, True, False, False, False]
    assert [len(facts.earlier) for facts in live.values()] == [0, 0, 1, 0, 2]
    assert [facts.author_in_window for facts in live.values()] == [0, 0, 1, 2, 3]
    assert replayed == live


def test_an_edit_of_what_reports_held_is_one_in_a_replay_too(
    client: FlaskClient, bearer: Header, judge: Judge, run: Callable[..., None], session: Session
) -> None:
    settings = Policy.from_json(WITHOUT_FILTER | {"reports": {"hold_at": 1}}).as_json()
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=settings, by="test")
    receipt = post(client)
    judge()
    reported = client.post(
        f"/v1/comments/{receipt['id']}/reports", json={"reason": "abuse"}, headers=a_reader(1)
    )
    assert reported.status_code == 202
    change = {"body": "Milder."}
    client.patch(f"/v1/comments/{receipt['id']}", headers=edit_header(receipt), json=change)
    judge()
    url = ask(client, bearer)
    run()
    result = read(client, bearer, url)["result"]
    assert (result["compared"], result["changed"]) == (2, 0)
    assert result["checks"]["history"]["now"] == 1


def noting(seen: dict[Any, Facts]) -> Check:
    """Holds what asks for it, and notes what was known of each."""

    def check_noting(submission: Submission, _policy: Policy) -> Finding:
        key = submission.page, submission.body, submission.revision_number
        seen[key] = submission.facts
        return Finding("noting", Verdict.HOLD if "Hold" in submission.body else Verdict.PASS)

    return check_noting


def test_replays_are_forgotten_after_a_month(
    client: FlaskClient, bearer: Header, run: Callable[..., None], session: Session
) -> None:
    urls = [ask(client, bearer) for _ in range(2)]
    run()
    old = UUID(urls[0].rpartition("/")[2])
    month = now(-replaying.KEPT_DAYS * 86_400 - 60)
    session.execute(update(Replay).where(Replay.id == old).values(ended_at=month))
    session.commit()
    assert replaying.forget(session) == 1
    assert [client.get(url, headers=bearer).status_code for url in urls] == [404, 200]


def test_a_round_without_replays_writes_nothing(
    engine: Engine, session: Session, run: Callable[..., None], news: str
) -> None:
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    event.listen(engine, "commit", note)
    run()
    event.remove(engine, "commit", note)
    assert commits == []


def test_a_replay_leaves_no_alarm_behind(
    client: FlaskClient, bearer: dict[str, str], judge: Judge, session: Session, settings: Settings
) -> None:
    """It would kill whoever goes on living in this process."""
    post(client, body=a_text(1))
    judge()
    ask(client, bearer)
    replay(session, settings, CHECKS)
    assert signal.alarm(0) == 0
