"""Figures are what the decisions say, on both databases."""

from datetime import UTC, datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from service.actions import counting
from service.actions import sites as site_actions
from service.domain.figures import quantile
from service.store import claims, figures, sites
from service.store.models import Revision
from tests.factories import SIX_LINKS, WITHOUT_FILTER, a_text, decide, post, queue


def test_a_day_is_counted_from_its_decisions(client: FlaskClient, session: Session, bearer, judge):
    set_policy(client, bearer)
    for number in range(3):
        post(client, body=a_text(number))
    for number in range(2):
        post(client, body=f"{a_text(number + 3)} {SIX_LINKS}")
    judge()
    one, other = queue(client, bearer)
    decide(client, bearer, one, "approved")
    decide(client, bearer, other, "spam")
    site = sites.find(session, "news")
    assert site is not None
    until = claims.clock(session) + timedelta(seconds=1)
    found = figures.counted(session, site.id, since=until - timedelta(hours=1), until=until)
    assert found.received == 5
    assert found.screened == {"approved": 3, "held": 2}
    assert found.moderated == {"mod": {"approved": 1, "spam": 1}}
    assert found.hits["links"] == found.judged["links"] == 2
    assert found.overturned["links"] == 1
    assert found.alone == 0.6
    assert found.by_hand.total() == 2
    assert (quantile(found.at_once, 0.95) or 99) < 60


def set_policy(client: FlaskClient, bearer) -> None:
    url = "/v1/moderation/sites/news/policy"
    settings = client.get(url, headers=bearer).get_json()["settings"]
    client.put(url, headers=bearer, json={"settings": {**settings, **WITHOUT_FILTER}})


def test_what_waits_has_an_age(client: FlaskClient, session: Session, judge):
    for number in range(3):
        post(client, body=f"{a_text(number)} {SIX_LINKS}")
    judge()
    site = sites.find(session, "news")
    assert site is not None
    clock = claims.clock(session)
    oldest = session.query(Revision).order_by(Revision.id).first()
    assert oldest is not None
    session.execute(
        update(Revision)
        .where(Revision.id == oldest.id)
        .values(created_at=clock - timedelta(hours=5))
    )
    session.commit()
    found = figures.waiting(session, [site.id])
    assert found.count == 3
    assert found.p50 < 600
    assert abs(found.p95 - 5 * 3600) < 600
    assert figures.waiting(session, None).count == 3
    assert figures.waiting(session, []).count == 0


def test_days_that_are_over_are_counted_once(client: FlaskClient, session: Session, judge):
    post(client, body=a_text(1))
    judge()
    site = sites.find(session, "news")
    assert site is not None
    days = counting.uncounted_days(session, site.id)
    assert len(days) == 30
    noon = counting.day_begins(days[0]) + timedelta(hours=12)
    # As if it had been sent yesterday. When it was decided cannot be changed.
    session.execute(update(Revision).values(created_at=noon))
    session.commit()
    counting.count_day(session, site.id, days[0])
    counting.count_day(session, site.id, days[0])
    assert counting.uncounted_days(session, site.id) == days[1:]
    [(day, site_id, found)] = figures.of_days(session, [site.id], since=days[-1])
    assert (day, site_id, found.received) == (days[0], site.id, 1)
    assert found.waiting is not None


def test_other_sites_do_not_count(client: FlaskClient, session: Session, judge):
    other = site_actions.add_site(session, key="blog", name="Blog", origins=[], by="test")
    post(client, body=a_text(1))
    judge()
    since = datetime.now(UTC) - timedelta(hours=1)
    found = figures.counted(session, other, since=since, until=since + timedelta(hours=2))
    assert found.received == found.screened.total() == 0
