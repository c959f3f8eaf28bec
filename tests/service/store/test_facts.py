"""What checks are told of the past, against a count by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from service.actions import claiming, sites
from service.domain.policy import FloodPolicy, Policy
from service.store import facts
from service.store.claims import Claimed
from service.store.models import Comment
from tests.factories import store

WINDOW = 10
NEWEST = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "minutes_ago",
    [
        [25, 10.5, 10, 9.5, 9, 5, 4, 3, 0.5, 0.25, 0],
        [30, 22, 21, 19, 14, 12, 11, 10, 4, 2, 0],  # the last four span more than one window allows
        [10, 10, 10, 5, 5, 1, 0, 0, 0, 0, 0],
        [40, 30, 20, 19, 18, 17, 16, 15, 12, 6, 0],
    ],
)
@pytest.mark.parametrize("size", [1, 4, 11])
def test_floods_are_counted_as_one_would_by_hand(
    session: Session, minutes_ago: Sequence[float], size: int
) -> None:
    sites.add_site(session, key="s", name="S", origins=[], by="test")
    for number, minutes in enumerate(minutes_ago):
        comment = store(session, site="s", body=f"Comment {number}")
        at = NEWEST - timedelta(minutes=minutes)
        session.execute(update(Comment).where(Comment.id == comment).values(created_at=at))
    session.commit()
    everything = claiming.claim_fresh(session, batch=50, lease_seconds=60)
    assert len(everything) == len(minutes_ago)
    batch = everything[-size:]
    policy = replace(Policy(), flood=FloodPolicy(window_minutes=WINDOW))
    found = facts.gather(session, batch, policy, {row.id: 0 for row in batch})
    assert [found[row.id].thread_in_window for row in batch] == [
        sum(is_before(other, row) for other in everything) for row in batch
    ]


def is_before(other: Claimed, row: Claimed) -> bool:
    is_recent = row.posted_at - timedelta(minutes=WINDOW) <= other.posted_at
    return is_recent and (other.posted_at, other.comment_id) < (row.posted_at, row.comment_id)
