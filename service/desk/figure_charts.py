"""The pictures of a site's figures, each with the same as a table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log
from urllib.parse import urlencode

from service.desk.charts import Chart, Column, Part, Series, bars, lines
from service.domain.figures import DAY, HOUR, MINUTE, Figures, Waiting, quantile
from service.domain.states import State

KINDS = {
    State.APPROVED: "approved at once",
    State.HELD: "held",
    State.REJECTED: "rejected at once",
    State.SPAM: "spam at once",
}
LONGEST = 30 * DAY


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with what happened in it."""

    name: str
    since: datetime
    until: datetime
    figures: Figures


Cell = tuple[str, str]  # what it says, and where its comments are, or nothing


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    chart: Chart
    legend: Sequence[tuple[str, str]]  # kind of bar or line, and what it stands for
    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def all_of(spans: Sequence[Span], site: str) -> list[Picture]:
    return [_volume(spans, site), _alone(spans), _times(spans), _waiting(spans)]


def queue_url(
    site: str, *, state: State, check: str | None = None, span: Span | None = None
) -> str:
    """Where the comments are that a number counts."""
    given = {
        "state": state.value,
        "site": site,
        "check": check,
        "since": f"{span.since:%Y-%m-%dT%H:%M:%SZ}" if span else None,
        "until": f"{span.until:%Y-%m-%dT%H:%M:%SZ}" if span else None,
    }
    return "/desk/?" + urlencode({name: value for name, value in given.items() if value})


def audit_url(person: str, *, since: datetime, until: datetime, state: State | None = None) -> str:
    """What somebody decided on these days."""
    given = {"kind": "decision", "by": person, "since": since.date(), "until": until.date()}
    given |= {"action": state.value} if state else {}
    return "/desk/audit?" + urlencode(given)


def duration(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds:.2g} s"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def joined(one: Waiting | None, other: Waiting | None) -> Waiting | None:
    """Of two sites, the longer ages: nobody knows those of both together."""
    if one is None or other is None:
        return one or other
    return Waiting(one.count + other.count, max(one.p50, other.p50), max(one.p95, other.p95))


def _volume(spans: Sequence[Span], site: str) -> Picture:
    columns = [
        Column(
            span.name,
            [
                Part(
                    state,
                    span.figures.screened[state],
                    f"{span.name}: {span.figures.screened[state]:,} {says}",
                    queue_url(site, state=state, span=span),
                )
                for state, says in KINDS.items()
            ],
        )
        for span in spans
    ]
    rows = [
        (
            span.name,
            [
                (f"{span.figures.received:,}", ""),
                *(
                    (f"{span.figures.screened[state]:,}", queue_url(site, state=state, span=span))
                    for state in KINDS
                ),
            ],
        )
        for span in spans
    ]
    return Picture(
        "Comments, by what screening made of them",
        bars(columns),
        [(state.value, says) for state, says in KINDS.items()],
        ["when", "came in", *KINDS.values()],
        rows,
    )


def _alone(spans: Sequence[Span]) -> Picture:
    shares = [span.figures.alone for span in spans]
    chart = lines(
        [span.name for span in spans],
        [Series("first", "without a person", shares)],
        ticks=(0.0, 0.5, 1.0),
        say=percent,
        place=float,
    )
    rows = [(span.name, [(percent(span.figures.alone), "")]) for span in spans]
    return Picture(
        "Share decided without a person", chart, [("first", "share")], ["when", "share"], rows
    )


def _times(spans: Sequence[Span]) -> Picture:
    kinds: Sequence[tuple[str, str, Callable[[Figures], float | None]]] = (
        ("first", "by hand, half within", lambda one: quantile(one.by_hand, 0.5)),
        ("second", "by hand, 95 % within", lambda one: quantile(one.by_hand, 0.95)),
        ("third", "by screening, 95 % within", lambda one: quantile(one.at_once, 0.95)),
    )
    series = [
        Series(kind, name, [find(span.figures) for span in spans]) for kind, name, find in kinds
    ]
    return _durations("Time to decision", spans, series)


def _waiting(spans: Sequence[Span]) -> Picture:
    ends = [span.figures.waiting for span in spans]
    series = [
        Series("first", "half at most", [end.p50 if end else None for end in ends]),
        Series("second", "95 % at most", [end.p95 if end else None for end in ends]),
    ]
    return _durations("Age of what waited at the end of the day", spans, series)


def _durations(title: str, spans: Sequence[Span], series: Sequence[Series]) -> Picture:
    chart = lines(
        [span.name for span in spans],
        series,
        ticks=(1.0, MINUTE, HOUR, DAY, 7 * DAY),
        say=duration,
        place=lambda seconds: min(1.0, log(1 + seconds) / log(1 + LONGEST)),
    )
    rows = [
        (span.name, [(duration(one.values[number]), "") for one in series])
        for number, span in enumerate(spans)
    ]
    legend = [(one.kind, one.name) for one in series]
    return Picture(title, chart, legend, ["when", *(one.name for one in series)], rows)
