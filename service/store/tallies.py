"""Counters for operators, kept where what they count is kept."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from service.store.comments import upsert
from service.store.models import Tally

TALLIES = cast(Table, Tally.__table__)


def add(session: Session, counts: Mapping[tuple[str, str], int]) -> None:
    """Count up in one order for everybody, so that two workers cannot deadlock."""
    if not counts:
        return
    statement = upsert(session, TALLIES)
    rows = [
        {"name": name, "label": label, "count": count}
        for (name, label), count in sorted(counts.items())
    ]
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=[TALLIES.c.name, TALLIES.c.label],
            set_={"count": TALLIES.c.count + statement.excluded.count},
        ),
        rows,
    )
