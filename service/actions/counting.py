"""Counting what happened on days that are over, so that nobody has to count it again."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from service.store import claims, figures
from service.store.db import begin_write

KEPT_DAYS = 30  # that pictures show


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def uncounted_days(session: Session, site_id: UUID) -> list[date]:
    """Days of the last thirty that are over, the newest first."""
    today = claims.clock(session).date()
    days = [today - timedelta(days=back) for back in range(1, KEPT_DAYS + 1)]
    counted = figures.counted_days(session, site_id, since=days[-1])
    return [day for day in days if day not in counted]


def count_day(session: Session, site_id: UUID, day: date) -> None:
    """Of a day that is over. What waits is noted of yesterday; of earlier days nobody knows."""
    today = claims.clock(session).date()
    found = figures.counted(
        session, site_id, since=day_begins(day), until=day_begins(day + timedelta(days=1))
    )
    if day == today - timedelta(days=1):
        found.waiting = figures.waiting(session, [site_id])
    session.rollback()  # reading ends before writing begins
    begin_write(session)
    figures.add_day(session, site_id, day, found)
    session.commit()
