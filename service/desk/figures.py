"""The desk's figures: what came in, how it was decided, how soon, and how rightly."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from uuid import UUID

from flask import Response, request, url_for
from marshmallow import EXCLUDE, Schema, fields

from service.actions.counting import KEPT_DAYS, day_begins
from service.api import access
from service.api.database import db
from service.desk import figure_charts
from service.desk.figure_charts import Span, audit_url, queue_url
from service.desk.showing import show
from service.domain.figures import Figures, Waiting, quantile
from service.domain.roles import READ
from service.domain.states import State
from service.store import claims, figures, sites


class Period(StrEnum):
    TODAY = "today"
    MONTH = "month"


class FiguresQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    site = fields.String(load_default="")
    period = fields.Enum(Period, by_value=True, load_default=Period.MONTH)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its first cell, and numbers with where their comments are."""

    name: str
    cells: Sequence[tuple[str, str]]  # text, address or nothing
    share: float | None = None


def show_figures() -> Response:
    query = FiguresQuery().load(request.args.to_dict())
    key, period = query["site"], query["period"]
    chosen = [access.moderated_site(key, READ).id] if key else None
    own = chosen if chosen is not None else access.holder().sites(READ)
    ids = [row.id for row in sites.known(db.session(), own)]
    clock = claims.clock(db.session())
    today = _today(ids, clock)
    spans = today if period is Period.TODAY else [*_month(ids, clock), _whole(today, clock)]
    total = _sum([span.figures for span in spans])
    return show(
        "desk/figures.html",
        site=key,
        period=period,
        numbers=_numbers(_whole(today, clock), figures.waiting(db.session(), ids), key),
        charts=figure_charts.all_of(spans, key),
        checks=_checks(total, key, spans),
        people=_people(total, spans),
        is_filter_known=bool(key),
    )


def _today(ids: Collection[UUID], clock: datetime) -> list[Span]:
    """By hours, up to the present one."""
    begin = day_begins(clock.date())
    hours = clock.hour + 1
    found = [
        figures.counted_by(db.session(), site_id, since=begin, step=timedelta(hours=1), steps=hours)
        for site_id in ids
    ]
    return [
        Span(
            f"{hour}:00",
            begin + timedelta(hours=hour),
            begin + timedelta(hours=hour + 1),
            _sum([one[hour] for one in found]),
        )
        for hour in range(hours)
    ]


def _whole(hours: Sequence[Span], clock: datetime) -> Span:
    begin = day_begins(clock.date())
    total = _sum([span.figures for span in hours])
    return Span(_day_name(begin), begin, begin + timedelta(days=1), total)


def _month(ids: Collection[UUID], clock: datetime) -> list[Span]:
    """The days before today; of one that no worker has counted yet, nothing."""
    first = clock.date() - timedelta(days=KEPT_DAYS - 1)
    days = {first + timedelta(days=n): Figures() for n in range(KEPT_DAYS - 1)}
    for day, _, found in figures.of_days(db.session(), ids, since=first):
        if day in days:
            days[day].add(found)
            days[day].waiting = figure_charts.joined(days[day].waiting, found.waiting)
    return [
        Span(
            _day_name(day_begins(day)),
            day_begins(day),
            day_begins(day + timedelta(days=1)),
            found,
        )
        for day, found in days.items()
    ]


def _day_name(day: datetime) -> str:
    return f"{day.day} {day:%b}"


def _sum(found: Sequence[Figures]) -> Figures:
    total = Figures()
    for one in found:
        total.add(one)
    return total


def _numbers(today: Span, waiting: Waiting, site: str) -> list[tuple[str, str, str]]:
    """What stands above the pictures: a name, a number in words, and where its comments are."""
    found, said = today.figures, figure_charts.duration
    held = queue_url(site, state=State.HELD)
    return [
        ("came in today", f"{found.received:,}", url_for(
            "desk.GET /figures", site=site, period=Period.TODAY, _anchor="pictures")),
        ("decided without a person", figure_charts.percent(found.alone), queue_url(
            site, state=State.APPROVED, span=today)),
        ("wait for a moderator", f"{waiting.count:,}", held),
        ("half of these wait at most", said(waiting.p50 if waiting.count else None), held),
        ("95 % of these wait at most", said(waiting.p95 if waiting.count else None), held),
        ("half were judged within", said(quantile(found.at_once, 0.5)), queue_url(
            site, state=State.APPROVED, span=today)),
        ("half were decided by hand within", said(quantile(found.by_hand, 0.5)), queue_url(
            site, state=State.APPROVED, span=today)),
    ]  # fmt: skip


def _checks(total: Figures, site: str, spans: Sequence[Span]) -> list[Row]:
    span = Span("", spans[0].since, spans[-1].until, total)
    return [
        Row(
            check,
            [
                (f"{count:,}", queue_url(site, check=check, state=State.HELD, span=span)),
                (f"{total.judged[check]:,}", ""),
                (
                    f"{total.overturned[check]:,}",
                    queue_url(site, check=check, state=State.APPROVED, span=span),
                ),
                (_rate(total, check), ""),
            ],
            share=total.overturned[check] / total.judged[check] if total.judged[check] else None,
        )
        for check, count in total.hits.most_common()
    ]


def _rate(total: Figures, check: str) -> str:
    if not total.judged[check]:
        return "–"
    return figure_charts.percent(total.overturned[check] / total.judged[check])


def _people(total: Figures, spans: Sequence[Span]) -> list[Row]:
    since, until = spans[0].since, spans[-1].until - timedelta(days=1)
    kinds = (State.APPROVED, State.REJECTED, State.SPAM)
    entries = partial(audit_url, since=since, until=until)
    most = max((counts.total() for counts in total.moderated.values()), default=1)
    rows = sorted(total.moderated.items(), key=lambda row: -row[1].total())
    return [
        Row(
            person,
            [
                *((f"{counts[kind]:,}", entries(person, state=kind)) for kind in kinds),
                (f"{counts.total():,}", entries(person)),
            ],
            share=counts.total() / most,
        )
        for person, counts in rows
    ]
