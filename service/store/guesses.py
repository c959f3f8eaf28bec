"""How often somebody guessed lately; in the database, so that it holds without Redis."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete, update
from sqlalchemy.orm import Session

from service.store.db import now, upserts
from service.store.people_tables import GuessCount

WINDOW_SECONDS = 15 * 60
COUNTS = cast(Table, GuessCount.__table__)


def note(session: Session, key: str, *, most: int) -> float | None:
    """Count a guess before it is judged; None when there were `most` within the window already.

    The row is locked until the transaction ends, so that guesses at the same time are counted one
    after the other. What is done is the same either way, and takes the same time.
    """
    times, at = _locked(session, key)
    # Nor from long after: where the clock was set back, they would keep somebody out until then.
    recent = [one for one in times if abs(at - one) < WINDOW_SECONDS]
    is_counted = len(recent) < most
    _set(session, key, [*recent, at] if is_counted else recent)
    return at if is_counted else None


def take_back(session: Session, key: str, noted: float) -> None:
    """It was right."""
    times, _ = _locked(session, key)
    _set(session, key, [one for one in times if one != noted])


def forget(session: Session, keys: Iterable[str]) -> None:
    session.execute(delete(GuessCount).where(GuessCount.key.in_(list(keys))))


def forget_old(session: Session) -> None:
    session.execute(delete(GuessCount).where(GuessCount.changed_at < now(-2 * WINDOW_SECONDS)))


def _locked(session: Session, key: str) -> tuple[list[float], float]:
    insert = upserts(COUNTS)[session.get_bind().dialect.name]
    row = session.execute(
        insert.values(key=key, times=[], changed_at=now())
        .on_conflict_do_update(index_elements=["key"], set_={"changed_at": now()})
        .returning(COUNTS.c.times, COUNTS.c.changed_at)
    ).one()
    at: datetime = row.changed_at
    return row.times, at.timestamp()


def _set(session: Session, key: str, times: list[float]) -> None:
    session.execute(update(GuessCount).where(GuessCount.key == key).values(times=times))
