"""Counters for operators, kept where what they count is kept."""

from collections.abc import Mapping
from typing import cast

from sqlalchemy import BigInteger, String, Table
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.db import Base, upserts


class Tally(Base):
    """A counter for /metrics, moved in the transaction that it counts, so that it cannot drift."""

    __tablename__ = "tallies"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    label: Mapped[str] = mapped_column(String(128), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger, default=0)


TALLIES = cast(Table, Tally.__table__)
COUNT_UP = {
    name: insert.on_conflict_do_update(
        index_elements=[TALLIES.c.name, TALLIES.c.label],
        set_={"count": TALLIES.c.count + insert.excluded.count},
    )
    for name, insert in upserts(TALLIES).items()
}


def add(session: Session, counts: Mapping[tuple[str, str], int]) -> None:
    """Count up in one order for everybody, so that two workers cannot deadlock."""
    if not counts:
        return
    rows = [
        {"name": name, "label": label, "count": count}
        for (name, label), count in sorted(counts.items())
    ]
    connection = session.connection()
    connection.execute(COUNT_UP[connection.dialect.name], rows)
