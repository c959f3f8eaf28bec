"""Reading the audit log: a page of it, or all that was asked for, as far as one may see it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from service.store.audit import AUDIT, HEAD, HEAD_ID, Kind
from service.store.audit_tables import BY_SOMEBODY, RARE
from service.store.db import AnyRow, AnySelect

# Who is let in, and by what: for those who administrate.
OF_ACCESS = (Kind.PERSON, Kind.ROLE, Kind.TOKEN, Kind.SESSION)
SCREENING = "screening"
AT_ONCE = 1000
Sites = Collection[UUID] | None  # None: all of them, and what belongs to none


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """`readable`: the sites of which the asker may see entries; `administrated`: all entries."""

    readable: Sites
    administrated: Sites
    kind: Kind | None = None
    action: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def newest(
    session: Session, filters: Filters, *, before: int | None, limit: int
) -> Sequence[AnyRow]:
    query = _matching(filters).order_by(AUDIT.c.seq.desc()).limit(limit)
    if before is not None:
        query = query.where(AUDIT.c.seq < before)
    return session.execute(query).all()


def oldest_first(session: Session, filters: Filters) -> Iterator[AnyRow]:
    """All of them, however many: no transaction stays open while they are used."""
    query = _matching(filters).order_by(AUDIT.c.seq).limit(AT_ONCE)
    after = 0
    while rows := session.execute(query.where(AUDIT.c.seq > after)).all():
        session.rollback()
        after = rows[-1].seq
        yield from rows
    session.rollback()


def head(session: Session) -> AnyRow | None:
    return session.execute(select(HEAD.c.seq, HEAD.c.hash).where(HEAD.c.id == HEAD_ID)).first()


def _matching(filters: Filters) -> AnySelect:
    query: AnySelect = select(AUDIT).where(_is_visible(filters))
    if filters.kind is not None:
        query = query.where(AUDIT.c.kind == filters.kind)
        if filters.kind is not Kind.DECISION:
            query = query.where(RARE)  # for the index
    if filters.action is not None:
        query = query.where(AUDIT.c.action == filters.action)
    if filters.by is not None:
        query = query.where(AUDIT.c.by == filters.by)
        if filters.by != SCREENING:
            query = query.where(BY_SOMEBODY)
    # The order of numbers is that of times, so that the times bound the numbers.
    if filters.since is not None:
        first = select(AUDIT.c.seq).where(AUDIT.c.at >= filters.since).order_by(AUDIT.c.at).limit(1)
        query = query.where(AUDIT.c.at >= filters.since, AUDIT.c.seq >= first.scalar_subquery())
    if filters.until is not None:
        query = query.where(AUDIT.c.at < filters.until)
    return query


def _is_visible(filters: Filters) -> ColumnElement[bool]:
    at_readable, at_administrated = _at(filters.readable), _at(filters.administrated)
    if filters.readable == filters.administrated:
        return at_readable
    return or_(and_(at_readable, AUDIT.c.kind.not_in(OF_ACCESS)), at_administrated)


def _at(sites: Sites) -> ColumnElement[bool]:
    if sites is None:
        return true()
    return AUDIT.c.site_id.in_(sites) if sites else false()
