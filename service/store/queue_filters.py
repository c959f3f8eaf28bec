"""What the queue is filtered by, as conditions on revisions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, TextClause, and_, or_

from service.domain import search_words
from service.domain.ids import first_id_of
from service.domain.risk import BANDS, Band
from service.domain.scripts import Script
from service.domain.states import State
from service.store import search
from service.store.db import AnySelect
from service.store.models import HELD, RAISED, Comment, Revision
from service.store.search_tables import SearchEntry

Condition = ColumnElement[bool] | TextClause


@dataclass(frozen=True, slots=True)
class Filters:
    sites: Collection[UUID] | None  # None: all
    state: State
    thread: UUID | None = None
    section: str | None = None  # the beginning of the path of the page's URL
    author: UUID | None = None
    text: str | None = None
    check: str | None = None
    band: Band | None = None
    script: Script | None = None
    campaign: UUID | None = None
    raised: bool = False  # by readers' reports
    since: datetime | None = None
    until: datetime | None = None


def joined(query: AnySelect, filters: Filters) -> AnySelect:
    """With the tables that the conditions are about, and no others."""
    if filters.author or filters.raised:
        query = query.join(Comment, Comment.id == Revision.comment_id)
    if filters.text or filters.section or filters.script:
        query = query.outerjoin(SearchEntry, SearchEntry.revision_id == Revision.id)
    return query


def base(filters: Filters, *, by_risk: bool) -> list[Condition]:
    """What the order's own index knows."""
    # The condition of partial indexes word for word: SQLite would not use them otherwise.
    of_state = HELD if filters.state is State.HELD else Revision.state == filters.state
    found: list[Condition] = [of_state]
    if filters.sites is not None and len(filters.sites) == 1:
        found.append(Revision.site_id == next(iter(filters.sites)))
    if filters.since:
        found.append(Revision.id >= first_id_of(filters.since))
    if filters.until:
        found.append(Revision.id < first_id_of(filters.until))
    if filters.band and by_risk:
        low, high = BANDS[filters.band]
        found.append(and_(Revision.risk >= low, Revision.risk < high))
    return found


def others(filters: Filters) -> list[Condition]:
    found: list[Condition] = [*search.conditions(terms(filters), marks(filters, few=False))]
    if filters.text and not terms(filters):
        found.append(Revision.id.is_(None))  # it has neither letters nor digits: nothing has it
    if filters.sites is not None and len(filters.sites) != 1:
        found.append(Revision.site_id.in_(filters.sites))
    if filters.raised:
        found += [RAISED, Comment.public_revision_id == Revision.id]
    if filters.thread:
        found.append(Revision.thread_id == filters.thread)
    if filters.author:
        found.append(Comment.author_id == filters.author)
    if filters.check:
        found.append(Revision.flags.contains(f",{filters.check},", autoescape=True))
    if filters.band:
        low, high = BANDS[filters.band]
        # The sum keeps databases from choosing the index by risk, and sorting all of the band.
        found.append(and_(Revision.risk + 0 >= low, Revision.risk + 0 < high))
    if filters.campaign:
        found.append(_in_campaign(filters.campaign))
    return found


def _in_campaign(campaign: UUID) -> ColumnElement[bool]:
    """The campaign is called by the first comment of it, which came before there was one."""
    return or_(Revision.campaign_id == campaign, Revision.comment_id == campaign)


def terms(filters: Filters) -> Sequence[search_words.Term]:
    return search_words.parse(filters.text) if filters.text else ()


def marks(filters: Filters, *, few: bool) -> list[list[str]]:
    """With `few` those, too, that a row has as columns."""
    found = []
    if filters.section:
        found.append([search_words.section_mark(filters.section)])
    if filters.script:
        found.append([search_words.script_mark(filters.script)])
    if few and filters.thread:
        found.append([search_words.thread_mark(filters.thread)])
    if few and filters.author:
        found.append([search_words.author_mark(filters.author)])
    if few and filters.check:
        found.append([search_words.check_mark(filters.check)])
    if few and filters.sites and (found or filters.text):
        found.append([search_words.site_mark(site) for site in filters.sites])
    return found
