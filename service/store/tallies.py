"""Counters for operators, kept where what they count is kept."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from service.store.comments import upsert
from service.store.models import Tally


def add(session: Session, name: str, counts: Mapping[str, int]) -> None:
    """Count up in one order for everybody, so that two workers cannot deadlock."""
    for label, count in sorted(counts.items()):
        statement = upsert(session, Tally).values(name=name, label=label, count=count)
        session.execute(
            statement.on_conflict_do_update(
                index_elements=[Tally.name, Tally.label],
                set_={"count": Tally.count + statement.excluded.count},
            )
        )
