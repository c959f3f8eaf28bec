"""Whether it lives, whether it can work, and figures for those who are paged."""

import hmac
from collections.abc import Iterator

from flask import Response, current_app, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from redis import Redis, RedisError
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.actions.errors import Unauthenticated
from service.actions.tallying import TIMES
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.lane.lane import Lane
from service.store import claims, queue, reports
from service.store.tallies import Tally


def livez() -> Response:
    return answer({"status": "ok"})


def readyz() -> Response:
    """Without Redis comments are taken and judged, only later; without the database nothing is."""
    redis = "ok" if _redis_answers() else "away"
    try:
        db.session().execute(text("SELECT 1 FROM sites LIMIT 1"))
    except SQLAlchemyError:
        data = {"status": "unavailable", "database": "away", "redis": redis}
        return answer(data, 503, {"Retry-After": "2"})
    status = "ok" if redis == "ok" else "degraded"
    return answer({"status": status, "database": "ok", "redis": redis})


def metrics() -> Response:
    _ensure_for_operators()
    registry = CollectorRegistry()
    lane: Lane | None = current_app.extensions.get("afterword.lane")
    figures = Figures(
        db.session(),
        redis_up=_redis_answers(),
        lane_bytes=lane.shelf.bytes if lane is not None else None,
    )
    registry.register(figures)
    response = Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def _ensure_for_operators() -> None:
    """Raises Unauthenticated without the token; without one in the settings, to other machines."""
    expected = access.settings().metrics_token
    given = request.headers.get("Authorization", "")
    if expected:
        if not hmac.compare_digest(given.encode(), f"Bearer {expected}".encode()):
            raise Unauthenticated
    elif not access.is_from_this_machine():
        raise Unauthenticated("Set AFTERWORD_METRICS_TOKEN, and send it: Authorization: Bearer …")


def _redis_answers() -> bool:
    redis: Redis = current_app.extensions["afterword.redis"]
    try:
        return bool(redis.ping())
    except RedisError:
        return False


class Figures(Collector):
    """Read from the database when asked, so that they are the same in every process."""

    def __init__(self, session: Session, *, redis_up: bool, lane_bytes: int | None) -> None:
        self._session = session
        self._redis_up = redis_up
        self._lane_bytes = lane_bytes

    def collect(self) -> Iterator[Metric]:
        depth, age = claims.depth(self._session)
        yield _gauge("screening_queue_depth", "Comments that screening has not decided.", depth)
        yield _gauge("screening_oldest_seconds", "Age of the oldest of them.", age)
        held, oldest = queue.held(self._session)
        yield _gauge("held", "Comments that wait for a moderator.", held)
        yield _gauge("held_oldest_seconds", "Age of the oldest of them.", oldest)
        raised = reports.raised(self._session, None)
        yield _gauge("reported", "Public comments that readers' reports raise.", raised)
        yield _gauge("redis_up", "Whether Redis answers.", int(self._redis_up))
        counts = {(t.name, t.label): t.count for t in self._session.scalars(select(Tally))}
        yield _counter(counts, "decisions", ["by", "to"], "Decisions, by who made them.")
        yield _counter(counts, "reports", ["reason"], "Reports of readers.")
        yield _counter(counts, "findings", ["check", "verdict"], "Findings of each check.")
        yield _counter(counts, "jobs_refused", [], "Jobs in Redis that are none of ours.")
        yield _counter(counts, "lane_events", ["event"], "Public answers from memory, and purges.")
        meaning = "Requests that were refused unread: too many at once, or sent too slowly."
        yield _counter(counts, "turned_away", ["why"], meaning)
        if self._lane_bytes is not None:
            meaning = "What the public answers take that this process keeps ready."
            yield _gauge("lane_bytes", meaning, self._lane_bytes)
        yield _times(counts)


Counts = dict[tuple[str, str], int]


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"afterword_{name}", meaning, value=value)


def _counter(counts: Counts, name: str, labels: list[str], meaning: str) -> Metric:
    family = CounterMetricFamily(f"afterword_{name}", meaning, labels=labels)
    for (tally, label), count in sorted(counts.items()):
        if tally == name:
            family.add_metric(label.split(), count)
    return family


def _times(counts: Counts) -> Metric:
    bounds = [*map(str, TIMES), "+Inf"]
    return HistogramMetricFamily(
        "afterword_decision_seconds",
        "From post to screening's decision.",
        buckets=[(bound, counts.get(("decision_seconds", bound), 0)) for bound in bounds],
        sum_value=counts.get(("decision_milliseconds_sum", ""), 0) / 1000,
    )
