"""What happened at a site in a stretch of time, and the figures of days that are over."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Table, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from service.domain.figures import Event, Figures, Waiting
from service.domain.ids import first_id_of
from service.domain.states import Actor, State
from service.store.db import AnySelect, Base, now, upserts
from service.store.models import Decision, JsonValue, Revision

CHUNK = 1_000
CLOCKS_APART = timedelta(hours=2)  # of the hosts that make ids, and of the database


class DayFigures(Base):
    """A day that is over, by UTC, at one site. Never changed."""

    __tablename__ = "day_figures"
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JsonValue)


DAYS = cast(Table, DayFigures.__table__)
ADD = {name: insert.on_conflict_do_nothing() for name, insert in upserts(DAYS).items()}


def counted(session: Session, site_id: UUID, *, since: datetime, until: datetime) -> Figures:
    """From the first moment up to the last, without it."""
    [figures] = counted_by(session, site_id, since=since, step=until - since, steps=1)
    return figures


def counted_by(
    session: Session, site_id: UUID, *, since: datetime, step: timedelta, steps: int
) -> list[Figures]:
    """The same in so many steps, each as long as the other."""
    found = [Figures() for _ in range(steps)]
    until = since + steps * step
    for sent_at in _received(session, site_id, since=since, until=until):
        found[(sent_at - since) // step].received += 1
    for at, event in _events(session, site_id, since=since, until=until):
        found[(at - since) // step].count(event)
    return found


def _received(
    session: Session, site_id: UUID, *, since: datetime, until: datetime
) -> Iterator[datetime]:
    query = select(Revision.created_at).where(
        Revision.site_id == site_id, Revision.created_at >= since, Revision.created_at < until
    )
    yield from session.scalars(query.execution_options(yield_per=CHUNK))


def _events(
    session: Session, site_id: UUID, *, since: datetime, until: datetime
) -> Iterator[tuple[datetime, Event]]:
    screened = aliased(Decision)
    query: AnySelect = (
        select(
            Decision.actor, Decision.start, Decision.target, Decision.by, Decision.created_at,
            Revision.created_at.label("sent_at"), Revision.flags, screened.target.label("screened"),
        )
        .join(Revision, Revision.id == Decision.revision_id)
        .outerjoin(
            screened,
            (screened.revision_id == Decision.revision_id)
            & (screened.actor == Actor.SCREENING)
            & (Decision.actor == Actor.MODERATOR),
        )
        .where(
            # Ids sort by age, so that no index by time is needed beside that of the key.
            Decision.id >= first_id_of(since - CLOCKS_APART),
            Decision.id < first_id_of(until + CLOCKS_APART),
            Decision.created_at >= since,
            Decision.created_at < until,
            Revision.site_id == site_id,
        )
    )  # fmt: skip
    for row in session.execute(query.execution_options(yield_per=CHUNK)):
        yield (
            row.created_at,
            Event(
                actor=Actor(row.actor),
                start=State(row.start),
                target=State(row.target),
                by=row.by,
                seconds=(row.created_at - row.sent_at).total_seconds(),
                checks=row.flags.strip(",").split(",") if row.flags else (),
                screened=State(row.screened) if row.screened else None,
            ),
        )


def waiting(session: Session, sites: Collection[UUID] | None) -> Waiting:
    """What waits at this moment."""
    held: AnySelect = select(Revision.created_at, now().label("clock")).where(
        Revision.state == State.HELD
    )
    if sites is not None:
        held = held.where(Revision.site_id.in_(sites))
    count = session.execute(select(func.count()).select_from(held.subquery())).scalar_one()
    return Waiting(count, _age(session, held, count, 0.5), _age(session, held, count, 0.95))


def _age(session: Session, held: AnySelect, count: int, share: float) -> float:
    """How long that share of them has waited at most; ids sort by age."""
    if not count:
        return 0.0
    place = round((1 - share) * (count - 1))
    row = session.execute(held.order_by(Revision.id).offset(place).limit(1)).one()
    return max(0.0, float((row.clock - row.created_at).total_seconds()))


def of_days(
    session: Session, sites: Collection[UUID], *, since: date
) -> Sequence[tuple[date, UUID, Figures]]:
    rows = session.execute(
        select(DayFigures.day, DayFigures.site_id, DayFigures.figures)
        .where(DayFigures.site_id.in_(sites), DayFigures.day >= since)
        .order_by(DayFigures.day)
    )
    return [(row.day, row.site_id, Figures.from_json(row.figures)) for row in rows]


def counted_days(session: Session, site_id: UUID, *, since: date) -> set[date]:
    return set(
        session.scalars(
            select(DayFigures.day).where(DayFigures.site_id == site_id, DayFigures.day >= since)
        )
    )


def add_day(session: Session, site_id: UUID, day: date, figures: Figures) -> None:
    """Whoever comes second leaves what is there."""
    connection = session.connection()
    row = {"site_id": site_id, "day": day, "figures": figures.as_json()}
    connection.execute(ADD[connection.dialect.name], row)
