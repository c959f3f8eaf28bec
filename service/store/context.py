"""What a moderator wants to know beside a text, for a whole page of texts in a few queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from service.domain.fingerprint import letters, near, similarity
from service.domain.states import FINAL, Actor, State
from service.store.db import AnyRow
from service.store.models import Author, Comment, Decision, Revision

EXCERPT = 280  # characters
MOST_COUNTED = 1_000  # comments of one author, the newest
MOST_COMPARED = 5_000  # texts of a site, the newest
LEAST_ALIKE = 0.86  # of the bits of a fingerprint
LEAST_LETTERS = 20  # shorter texts, such as "I agree", are alike by chance
MOST_ALIKE = 5
MOST_DECISIONS = 10


@dataclass(frozen=True, slots=True)
class Campaign:
    """Comments that are like a given one."""

    id: UUID
    others: int
    waiting: int  # of the others, those that are held


def campaigns(session: Session, revision_ids: Collection[UUID]) -> dict[UUID, Campaign]:
    """By revision, for those that have others like them."""
    rows = session.execute(
        select(Revision.id, Revision.comment_id, Revision.campaign_id, Revision.state).where(
            Revision.id.in_(revision_ids)
        )
    ).all()
    own: dict[UUID, UUID] = {row.id: row.campaign_id or row.comment_id for row in rows}
    counts: Counter[tuple[UUID | None, str]] = Counter()
    for column in (Revision.campaign_id, Revision.comment_id):
        found = session.execute(
            select(column, Revision.state, func.count())
            .where(column.in_(set(own.values())), Revision.state.not_in(FINAL))
            .group_by(column, Revision.state)
        )
        for id, state, count in found:
            counts[id, state] += count
    sizes: Counter[UUID | None] = Counter()
    for (id, _), count in counts.items():
        sizes[id] += count
    return {
        row.id: Campaign(
            own[row.id],
            sizes[own[row.id]] - 1,
            counts[own[row.id], State.HELD] - (row.state == State.HELD),
        )
        for row in rows
        if sizes[own[row.id]] > 1
    }


@dataclass(frozen=True, slots=True)
class Answered:
    """The comment that another one answers."""

    comment: UUID
    author: str
    state: str
    excerpt: str


def answered(session: Session, comment_ids: Collection[UUID]) -> dict[UUID, Answered]:
    """As it is public, or else its newest version."""
    if not comment_ids:
        return {}
    rows = session.execute(
        select(
            Comment.id, Comment.author_name, Revision.state,
            func.substr(Revision.body, 1, EXCERPT).label("excerpt"),
        )
        .join(Revision, Revision.comment_id == Comment.id)
        .where(Comment.id.in_(comment_ids))
        .order_by(Revision.id == func.coalesce(Comment.public_revision_id, Revision.id),
                  Revision.number)
    )  # fmt: skip
    return {row.id: Answered(row.id, row.author_name, row.state, row.excerpt) for row in rows}


@dataclass(frozen=True, slots=True)
class History:
    """An author at this site: how many of their newest thousand comments are what."""

    first_seen: datetime
    states: Counter[str] = field(default_factory=Counter)


def histories(session: Session, author_ids: Collection[UUID]) -> dict[UUID, History]:
    if not author_ids:
        return {}
    seen = session.execute(select(Author.id, Author.created_at).where(Author.id.in_(author_ids)))
    found = {row.id: History(row.created_at) for row in seen}
    newest = [
        select(Comment.id, Comment.author_id)
        .where(Comment.author_id == author)
        .order_by(Comment.created_at.desc())
        .limit(MOST_COUNTED)
        .subquery()
        for author in found
    ]
    if not newest:
        return {}
    comments = union_all(*(select(one.c.id, one.c.author_id) for one in newest)).subquery()
    counted = session.execute(
        select(comments.c.author_id, Revision.state, func.count())
        .join(Revision, Revision.comment_id == comments.c.id)
        .where(Revision.state.not_in(FINAL))
        .group_by(comments.c.author_id, Revision.state)
    )
    for author, state, count in counted:
        found[author].states[state] = count
    return found


@dataclass(frozen=True, slots=True)
class Alike:
    """A text that is nearly the same as a given one."""

    comment: UUID
    revision: UUID
    author: str
    state: str
    similarity: float
    created_at: datetime


def alike(session: Session, revisions: Sequence[Revision]) -> dict[UUID, list[Alike]]:
    """Among the newest texts of the site, the newest of those like each, by fingerprint."""
    by_site: dict[UUID, dict[int, list[Revision]]] = defaultdict(lambda: defaultdict(list))
    for one in revisions:
        if one.fingerprint is not None and letters(one.body) >= LEAST_LETTERS:
            by_site[one.site_id][one.fingerprint].append(one)
    found: dict[UUID, list[Alike]] = {}
    for site_id, prints in by_site.items():
        others = _others_like(session, site_id, prints)
        for fingerprint, ours in prints.items():
            for one in ours:
                found[one.id] = _alike(one, fingerprint, others)
    return found


def _others_like(session: Session, site_id: UUID, prints: Mapping[int, Any]) -> Sequence[AnyRow]:
    printed = (Revision.site_id == site_id) & Revision.fingerprint.is_not(None)
    newest = session.execute(
        select(Revision.id, Revision.fingerprint)
        .where(printed)
        .order_by(Revision.created_at.desc())
        .limit(MOST_COMPARED)
    ).all()
    like = near(prints, [row.fingerprint for row in newest], least=LEAST_ALIKE)
    ids = [row.id for row in newest if row.fingerprint in like][:FETCHED]
    return session.execute(
        select(
            Revision.id, Revision.comment_id, Revision.fingerprint, Revision.state,
            Revision.created_at, Comment.author_name,
        )
        .join(Comment, Comment.id == Revision.comment_id)
        .where(Revision.id.in_(ids))
        .order_by(Revision.id.desc())
    ).all()  # fmt: skip


FETCHED = 500  # of a raid of thousands, the newest tell enough


def _alike(one: Revision, fingerprint: int, others: Sequence[AnyRow]) -> list[Alike]:
    found = []
    for row in others:
        likeness = similarity(fingerprint, row.fingerprint)
        if likeness >= LEAST_ALIKE and row.comment_id != one.comment_id:
            found.append(
                Alike(row.comment_id, row.id, row.author_name, row.state, likeness, row.created_at)
            )
    return found[:MOST_ALIKE]


def approved_texts(session: Session, comment_ids: Collection[UUID]) -> dict[UUID, str]:
    """What is public of each comment."""
    if not comment_ids:
        return {}
    rows = session.execute(
        select(Comment.id, Revision.body)
        .join(Revision, Revision.id == Comment.public_revision_id)
        .where(Comment.id.in_(comment_ids))
    )
    return {comment: body for comment, body in rows}  # noqa: C416 - rows are not pairs to mypy


def earlier_decisions(
    session: Session, comment_ids: Collection[UUID]
) -> dict[UUID, list[Decision]]:
    """What anybody but screening decided about each comment, in whatever version, oldest first."""
    rows = session.scalars(
        select(Decision)
        .where(Decision.comment_id.in_(comment_ids), Decision.actor != Actor.SCREENING)
        .order_by(Decision.id)
    )
    found: dict[UUID, list[Decision]] = defaultdict(list)
    for decision in rows:
        found[decision.comment_id].append(decision)
    return {comment: decisions[-MOST_DECISIONS:] for comment, decisions in found.items()}
