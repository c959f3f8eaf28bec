"""The raid switch: on by itself, off by itself, and by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.actions import claiming, deciding, raids, sites
from service.actions.errors import NotFound
from service.bell import SilentBell
from service.config import Settings
from service.domain.policy import FloodPolicy, Policy
from service.domain.raids import BY_ITSELF, RaidPolicy
from service.store import raids as stored
from service.store.audit_tables import AuditEntry
from service.store.models import Comment, Revision, Site, Thread
from service.store.raids import Raid
from service.store.sites import find_by_id
from tests.factories import PAGE, WITHOUT_FILTER, a_text, post, queue, shown
from workers import screening
from workers.checks import CHECKS

LINE = RaidPolicy(window_minutes=5, comments=6, site_comments=9, newcomers_share=0.8)
Judge = Callable[..., int]


@pytest.fixture
def site_id(session: Session, client: FlaskClient) -> UUID:
    policy = Policy(raid=LINE, flood=FloodPolicy(window_minutes=0)).as_json() | WITHOUT_FILTER
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=policy, by="test")
    found = session.execute(select(Site.id)).scalar_one()
    session.rollback()  # or SQLite would show what there was now
    return found


def watch(session: Session, site_id: UUID) -> int:
    return raids.watch(session, SilentBell(), site_id, LINE)


@pytest.fixture
def judge_now(session: Session, settings: Settings) -> Callable[[], int]:
    """As `judge`, but with limits, and without waiting until it may look for raids again."""

    def run() -> int:
        screening._watched.clear()
        return screening.screen(session, SilentBell(), replace(settings, limits=True), CHECKS)

    return run


def calm_down(session: Session) -> int:
    return raids.calm_down(session, SilentBell(), lambda policy: policy)


def arrive(client: FlaskClient, number: int, *, page: str = PAGE, start: int = 0) -> None:
    """Each by somebody else."""
    for n in range(start, start + number):
        author = {"name": f"New {n}", "email": f"new{n}@example.org"}
        post(client, page=page, body=a_text(n), author=author)


def grow_older(session: Session, minutes: float) -> None:
    for column in (Comment.created_at, Revision.created_at):
        ages = dict(session.execute(select(column.class_.id, column)).all())
        for key, at in ages.items():
            earlier = at - timedelta(minutes=minutes)
            session.execute(
                update(column.class_).where(column.class_.id == key).values(created_at=earlier)
            )
    session.execute(update(Raid).values(seen_at=datetime.now(UTC) - timedelta(minutes=minutes)))
    session.commit()


def test_a_crowd_of_newcomers_turns_premoderation_on(
    client: FlaskClient, session: Session, site_id: UUID, judge_now: Judge, bearer: dict[str, str]
) -> None:
    arrive(client, 5)
    assert watch(session, site_id) == 0
    arrive(client, 1, start=5)
    assert watch(session, site_id) == 1
    assert shown(client)["mode"] == "premoderated"
    assert shown(client, page="other")["mode"] == "open"
    judge_now()
    assert shown(client)["count"] == 0, "what had come and was not judged is held, too"
    held = queue(client, bearer)
    assert len(held) == 6
    [finding] = [one for one in held[0]["findings"] if one["check"] == "raid"]
    assert "a raid: 6 comments in 5 minutes, 100% by newcomers" in finding["reason"]


def test_screening_looks_for_raids_by_itself(
    client: FlaskClient, session: Session, site_id: UUID, judge_now: Judge
) -> None:
    arrive(client, 6)
    judge_now()
    assert (shown(client)["mode"], shown(client)["count"]) == ("premoderated", 0)


def test_what_was_being_judged_when_it_began_is_held_as_well(
    client: FlaskClient, session: Session, site_id: UUID, bearer: dict[str, str]
) -> None:
    arrive(client, 3)
    claimed = claiming.claim_fresh(session, batch=10, lease_seconds=60)
    site = find_by_id(session, site_id)
    judged = screening.judged(session, site, claimed, policy=site.policy, checks=CHECKS)
    assert {one.findings[0].verdict for one in judged} == {"pass"}
    raids.switch_on(session, SilentBell(), site_id, thread_id=None, by="ann@news")
    assert deciding.record(session, SilentBell(), judged) == 3
    assert shown(client)["count"] == 0
    held = queue(client, bearer, check="raid")
    assert len(held) == 3


def test_load_tests_are_no_raid(
    client: FlaskClient, session: Session, site_id: UUID, judge: Judge
) -> None:
    arrive(client, 6)
    judge()  # with limits off
    assert shown(client)["count"] == 6


def test_known_people_are_no_raid(
    client: FlaskClient, session: Session, site_id: UUID, judge: Judge
) -> None:
    arrive(client, 6)
    judge()
    grow_older(session, 10)
    for n in range(6):
        author = {"name": f"New {n}", "email": f"new{n}@example.org"}
        post(client, body=a_text(100 + n), author=author)
    assert watch(session, site_id) == 0


def test_who_gives_no_address_is_known_by_where_they_write_from(
    client: FlaskClient, session: Session, site_id: UUID, judge: Judge
) -> None:
    post(client, body="The first of today.")
    judge()
    grow_older(session, 10)
    for n in range(6):
        post(client, body=a_text(n), author={"name": f"Guest {n}"})
    assert watch(session, site_id) == 0


def test_a_raid_on_many_threads_is_one_on_the_site(
    client: FlaskClient, session: Session, site_id: UUID
) -> None:
    for n in range(3):
        arrive(client, 3, page=f"p{n}", start=10 * n)
    assert watch(session, site_id) == 1
    assert shown(client, page="nobody-wrote-here")["mode"] == "premoderated"
    assert watch(session, site_id) == 0, "it is on"


def test_it_ends_when_it_was_calm_for_long_enough(
    client: FlaskClient, session: Session, site_id: UUID
) -> None:
    arrive(client, 6)
    watch(session, site_id)
    assert calm_down(session) == 0, "the line is still crossed"
    grow_older(session, 14)
    assert calm_down(session) == 0
    grow_older(session, 16)
    assert calm_down(session) == 1
    assert shown(client)["mode"] == "open"
    entries = session.scalars(select(AuditEntry).where(AuditEntry.kind == "thread")).all()
    assert [(one.action, one.by) for one in entries] == [
        ("raid began", BY_ITSELF),
        ("raid ended", BY_ITSELF),
    ]
    [raid] = session.scalars(select(Raid)).all()
    assert (raid.by, raid.ended_by) == (BY_ITSELF, None)


def test_a_policy_without_the_switch_ends_it_at_once(
    client: FlaskClient, session: Session, site_id: UUID
) -> None:
    arrive(client, 6)
    watch(session, site_id)
    policy = Policy(raid=RaidPolicy(window_minutes=0)).as_json()
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=policy, by="test")
    assert calm_down(session) == 1


def test_by_hand_it_stays_on_until_it_is_switched_off(
    client: FlaskClient, session: Session, site_id: UUID, judge: Judge
) -> None:
    raids.switch_on(session, SilentBell(), site_id, thread_id=None, by="ann@news")
    grow_older(session, 60)
    assert calm_down(session) == 0
    post(client)
    judge()
    assert (shown(client)["mode"], shown(client)["count"]) == ("premoderated", 0)
    [row] = stored.on(session, [site_id])
    raids.switch_off(session, SilentBell(), row.Raid.id, by="ann@news")
    assert shown(client)["mode"] == "open"
    with pytest.raises(NotFound):
        raids.switch_off(session, SilentBell(), row.Raid.id, by="ben@news")


def test_what_a_moderator_switched_off_stays_off_for_a_while(
    client: FlaskClient, session: Session, site_id: UUID
) -> None:
    arrive(client, 6)
    watch(session, site_id)
    [row] = stored.on(session, None)
    raids.switch_off(session, SilentBell(), row.Raid.id, by="ann@news")
    assert watch(session, site_id) == 0
    earlier = datetime.now(UTC) - timedelta(minutes=LINE.calm_minutes + 1)
    session.execute(update(Raid).values(ended_at=earlier))
    session.commit()
    assert watch(session, site_id) == 1


def test_a_moderator_takes_over_a_raid_that_is_on(
    client: FlaskClient, session: Session, site_id: UUID
) -> None:
    arrive(client, 6)
    watch(session, site_id)
    thread_id = session.execute(select(Thread.id)).scalar_one()
    raids.switch_on(session, SilentBell(), site_id, thread_id=thread_id, by="ann@news")
    [row] = stored.on(session, None)
    assert (row.Raid.by, row.Raid.comments) == ("ann@news", None)


def test_no_raid_begins_twice(client: FlaskClient, session: Session, site_id: UUID) -> None:
    session.rollback()
    begun = [stored.begin(session, site_id=site_id, thread_id=None, by="test") for _ in range(2)]
    session.commit()
    assert begun[0] is not None
    assert begun[1] is None
