"""Reports on a site's filter: what was measured, on which bands it stands, what it has learnt."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.teaching import only_hold, teach
from workers import learning

Judge = Callable[..., int]
REPORT = "/v1/moderation/sites/news/filter"


@pytest.fixture
def taught(client: FlaskClient, bearer: dict[str, str], judge: Judge, session: Session) -> None:
    only_hold(session)
    teach(client, bearer, judge)
    learning.learn_all(session)


def report(client: FlaskClient, bearer: dict[str, str]) -> dict[str, Any]:
    response = client.get(REPORT, headers=bearer)
    assert response.status_code == 200
    answer: dict[str, Any] = response.get_json()
    return answer


def test_before_any_decision_it_says_so(client: FlaskClient, bearer: dict[str, str]) -> None:
    spam = report(client, bearer)["spam"]
    assert (spam["version"], spam["held_back"], spam["learning"]) == (None, None, [])
    assert "first 30" in spam["why"]
    assert spam["bands"]["reject_takes_good"] == 598


@pytest.mark.usefixtures("taught")
def test_figures_come_from_decisions_that_the_model_had_not_seen(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    found = report(client, bearer)
    spam = found["spam"]
    assert (spam["version"], spam["labels"]) == (1, 40)
    assert (spam["held_back"]["good"], spam["held_back"]["bad"]) == (20, 20)
    assert spam["held_back"]["recall"] > 0.8 > (spam["shipped"]["recall"] or 0)
    assert sum(bin["count"] for bin in spam["held_back"]["calibration"]) == 40
    assert spam["bands"]["good"] == 20
    assert spam["bands"]["reject_from"] is None
    assert [point["labels"] for point in spam["learning"]] == [40]
    assert found["against_moderators"] == [
        {"screening": "held", "moderator": "approved", "count": 20},
        {"screening": "held", "moderator": "spam", "count": 20},
    ]


def test_bands_are_proven_by_the_sites_own_good_comments(
    client: FlaskClient, bearer: dict[str, str], judge: Judge, session: Session
) -> None:
    only_hold(session, rejected_good=0.05, held_good=0.05)
    teach(client, bearer, judge, count=130)
    learning.learn_all(session)
    bands = report(client, bearer)["spam"]["bands"]
    assert bands["reject_takes_good"] == 59 <= bands["good"]
    assert 0.899 <= bands["reject_from"] < 1
    assert 0.05 <= bands["hold_from"] <= 0.5
    only_hold(session, rejected_good=0.005)
    assert report(client, bearer)["spam"]["bands"]["reject_from"] is None


@pytest.mark.usefixtures("taught")
def test_it_can_be_looked_at(client: FlaskClient, bearer: dict[str, str]) -> None:
    response = client.get(f"{REPORT}.svg", headers=bearer)
    assert response.content_type == "image/svg+xml"
    picture = ElementTree.fromstring(response.data)
    lines = [node for node in picture.iter() if node.tag.endswith("polyline")]
    assert len(lines) >= 4
    assert "unwanted comments" in picture.attrib["aria-label"]


def test_other_sites_and_strangers_see_nothing(client: FlaskClient, bearer: dict[str, str]) -> None:
    assert client.get(REPORT).status_code == 401
    assert client.get("/v1/moderation/sites/none/filter", headers=bearer).status_code == 404
