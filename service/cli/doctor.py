"""afterword doctor: says what is wrong and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click
import pysqlite3
from redis import Redis, RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service import redis_server
from service.config import Settings, SettingsError
from service.domain.policy import Identity
from service.store import claims, identities, sites
from service.store.access_tables import Grant, Token
from service.store.db import session_at
from service.store.migrating import missing
from service.store.models import Comment, Site, Thread
from service.store.reader_tables import Vote

OLDEST_ACCEPTABLE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    wrong: str = ""
    mend: str = ""


@click.command()
def doctor() -> None:
    """Check settings, connections, migrations and counts."""
    findings = list(_examine())
    for finding in findings:
        if not finding.wrong:
            click.echo(f"ok     {finding.what}")
            continue
        click.echo(f"WRONG  {finding.what}: {finding.wrong}")
        click.echo(f"       {finding.mend}")
    if any(finding.wrong for finding in findings):
        raise SystemExit(1)


def _examine() -> Iterator[Finding]:
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        yield Finding("settings", str(error), "See docs/configuration.md.")
        return
    yield Finding("settings")
    yield _redis(settings)
    try:
        with session_at(settings.database_url) as session:
            for examine in DATABASE:
                finding = examine(session)
                yield finding
                if finding.wrong and examine is _migrations:
                    return
    except SQLAlchemyError as error:
        mend = "Check AFTERWORD_DATABASE_URL, and that the server runs and lets this machine in."
        yield Finding("database", f"it does not answer ({type(error).__name__}).", mend)


def _redis(settings: Settings) -> Finding:
    redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        wrong = redis_server.fault(redis, settings)
        policy = str(redis.info("memory").get("maxmemory_policy"))
    except RedisError as error:
        mend = "Check AFTERWORD_REDIS_URL. Until then comments are judged by the sweep alone."
        return Finding("Redis", f"it does not answer ({type(error).__name__}).", mend)
    if wrong:
        return Finding("Redis", wrong, "Until then workers do not start.")
    if policy != "noeviction":
        return Finding(
            "Redis", f"it may throw jobs away ({policy}).", "Set maxmemory-policy noeviction."
        )
    return Finding("Redis")


def _version(session: Session) -> Finding:
    kind = session.get_bind().dialect.name
    return Finding(
        f"database: SQLite {pysqlite3.sqlite_version}" if kind == "sqlite" else f"database: {kind}"
    )


def _migrations(session: Session) -> Finding:
    steps = missing(session.connection())
    if steps:
        return Finding("migrations", f"{', '.join(steps)} not applied.", "Run: afterword migrate")
    return Finding("migrations")


def _sites(session: Session) -> Finding:
    if not session.scalar(select(func.count(Site.id))):
        mend = "Run: afterword site add KEY --name NAME --origin https://www.example.org"
        return Finding("sites", "there are none.", mend)
    return Finding("sites")


def _moderators(session: Session) -> Finding:
    valid = select(func.count(Token.id)).where(Token.revoked_at.is_(None))
    if not session.scalar(valid) and not session.scalar(select(func.count(Grant.id))):
        return Finding("moderators", "nobody can moderate.", "Run: afterword moderator add EMAIL")
    return Finding("moderators")


def _queue(session: Session) -> Finding:
    depth, age = claims.depth(session)
    if age > OLDEST_ACCEPTABLE_SECONDS:
        wrong = f"{depth} comments wait to be judged, the oldest for {age:.0f} s."
        return Finding("workers", wrong, "Start: afterword worker. If it runs, look at its log.")
    return Finding(f"workers ({depth} comments wait to be judged)")


def _counts(session: Session) -> Finding:
    public = (
        select(func.count(Comment.id))
        .where(Comment.thread_id == Thread.id, Comment.public_revision_id.is_not(None))
        .scalar_subquery()
    )
    drifted = session.scalar(select(func.count(Thread.id)).where(Thread.comment_count != public))
    if drifted:
        mend = "This is a fault in Afterword: please report it, with the log of the time it began."
        return Finding("counts", f"{drifted} threads show a wrong number.", mend)
    return Finding("counts")


def _votes(session: Session) -> Finding:
    cast = (
        select(func.count())
        .where(Vote.comment_id == Comment.id)
        .correlate(Comment)
        .scalar_subquery()
    )
    counted = Comment.ups + Comment.downs
    drifted = session.scalar(select(func.count(Comment.id)).where(counted > 0, counted != cast))
    if drifted:
        mend = "This is a fault in Afterword: please report it, with the log of the time it began."
        return Finding("votes", f"{drifted} comments show a wrong number.", mend)
    return Finding("votes")


def _identities(session: Session) -> Finding:
    """Where only signed-in readers may write, somebody must be able to sign them in."""
    for key in sites.all_keys(session):
        site = sites.find(session, key)
        if site is None or site.policy.identity is not Identity.REQUIRED:
            continue
        if not identities.keys(session, site.id):
            wrong = f"{key} takes comments from signed-in readers alone, and has no key for them."
            return Finding("identities", wrong, f"Run: afterword site identity {key} --help")
    return Finding("identities")


DATABASE: tuple[Callable[[Session], Finding], ...] = (
    _version, _migrations, _sites, _moderators, _identities, _queue, _counts, _votes,
)  # fmt: skip
