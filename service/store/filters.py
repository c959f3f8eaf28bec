"""What the spam filter keeps: a site's own models, what taught them, and traces of its texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, defer, mapped_column

from service.domain.states import Actor, State
from service.store.db import AnySelect, Base, UtcTime, now, upserts
from service.store.decided import is_undone
from service.store.models import (
    MODERATED,
    TRACED,
    Comment,
    Decision,
    JsonValue,
    Revision,
    Site,
    clock,
)


class Kind(StrEnum):
    """What a model judges: whether it is spam, or what else a site does not want."""

    SPAM = "spam"
    CONDUCT = "conduct"


class FilterModel(Base):
    """A version of a site's own model. The newest adopted one is in effect.

    Without content, it is the shipped model that judges, within bounds proven on this site.
    Older versions lose their content, and in time most of them go: `thin_out`.
    """

    __tablename__ = "filter_models"
    site_id: Mapped[UUID] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    kind: Mapped[Kind] = mapped_column(String(16), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = clock()
    taught_until: Mapped[datetime] = mapped_column(UtcTime)
    labels: Mapped[int]
    adopted: Mapped[bool]
    why: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    good: Mapped[dict[str, Any] | None] = mapped_column(JsonValue)  # what good comments scored
    figures: Mapped[dict[str, Any]] = mapped_column(JsonValue)


Place = tuple[datetime, UUID]  # of a decision among all: many may share a moment
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD: Place = (datetime(2200, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class Lesson:
    """A moderator's decision, with what was decided on."""

    decision_id: UUID
    decided_at: datetime
    target: str
    reason: str | None
    revision_id: UUID
    comment_id: UUID
    body: str
    author_name: str
    facts_logit: float | None

    @property
    def is_good(self) -> bool:
        return self.target == State.APPROVED

    @property
    def is_spam(self) -> bool:
        """Whoever gives no reason for a rejection may well mean spam."""
        return self.target == State.SPAM or (
            self.target == State.REJECTED and self.reason in (None, "spam")
        )


@dataclass(frozen=True, slots=True)
class Traced:
    """A text that was screened, as far as others like it are found by it."""

    comment_id: UUID
    trace: bytes
    campaign_id: UUID | None
    state: str
    decided_at: datetime


KEPT = 100  # versions, with their figures
REVISIONS = cast(Table, Revision.__table__)
MODELS = cast(Table, FilterModel.__table__)
LESSONS: AnySelect = (
    select(
        Decision.id, Decision.created_at, Decision.target, Decision.reason, Revision.id,
        Revision.comment_id, Revision.body, Comment.author_name, Revision.facts_logit,
    )
    .join(Revision, Revision.id == Decision.revision_id)
    .join(Comment, Comment.id == Revision.comment_id)
    .where(
        MODERATED,
        ~is_undone(),
        Comment.erased_at.is_(None),
        Decision.site_id == bindparam("site"),
        Decision.created_at > bindparam("after"),
        Decision.created_at <= bindparam("before"),
        (Decision.created_at < bindparam("before")) | (Decision.id < bindparam("before_id")),
    )
    .order_by(Decision.created_at.desc(), Decision.id.desc())
    .limit(bindparam("most"))
)  # fmt: skip
NEW_TRACES: AnySelect = (
    select(
        REVISIONS.c.comment_id, REVISIONS.c.trace, REVISIONS.c.campaign_id, REVISIONS.c.state,
        REVISIONS.c.decided_at,
    )
    .where(
        TRACED, REVISIONS.c.site_id == bindparam("site"),
        REVISIONS.c.decided_at > bindparam("after"),
    )
    .order_by(REVISIONS.c.decided_at.desc())
    .limit(bindparam("most"))
)  # fmt: skip
IN_EFFECT: AnySelect = (
    select(MODELS.c.kind, func.max(MODELS.c.version))
    .where(MODELS.c.site_id == bindparam("site"), MODELS.c.adopted)
    .group_by(MODELS.c.kind)
)


def lessons(
    session: Session, site_id: UUID, *, after: datetime = LONG_AGO, before: Place = AHEAD, most: int
) -> list[Lesson]:
    """The newest moderators' decisions between the two, oldest first."""
    at, id = before
    given = {"site": site_id, "after": after, "before": at, "before_id": id, "most": most}
    rows = session.connection().execute(LESSONS, given).all()
    return [Lesson(*row) for row in reversed(rows)]


def traced(session: Session, site_id: UUID, *, after: datetime, most: int) -> list[Traced]:
    """The newest texts that were decided on since, oldest first."""
    given = {"site": site_id, "after": after, "most": most}
    rows = session.connection().execute(NEW_TRACES, given).all()
    return [Traced(*row) for row in reversed(rows)]


def in_effect(session: Session, site_id: UUID) -> dict[Kind, int]:
    """The versions by which a site judges."""
    rows = session.connection().execute(IN_EFFECT, {"site": site_id}).all()
    return {Kind(kind): version for kind, version in rows}


def model(session: Session, site_id: UUID, kind: Kind, version: int) -> FilterModel:
    return session.get_one(FilterModel, (site_id, kind, version))


def newest(session: Session, site_id: UUID, kind: Kind) -> FilterModel | None:
    """The last version that was made, adopted or not."""
    return session.scalars(
        select(FilterModel)
        .where(FilterModel.site_id == site_id, FilterModel.kind == kind)
        .order_by(FilterModel.version.desc())
        .limit(1)
    ).first()


def versions(session: Session, site_id: UUID, kind: Kind, *, most: int) -> Sequence[FilterModel]:
    """The newest versions, oldest first, without what they consist of."""
    rows = session.scalars(
        select(FilterModel)
        .where(FilterModel.site_id == site_id, FilterModel.kind == kind)
        .order_by(FilterModel.version.desc())
        .limit(most)
        .options(defer(FilterModel.content))
    ).all()
    return rows[::-1]


def add(session: Session, made: FilterModel) -> bool:
    """Store a version; False when another process was first with one of its number."""
    values = {column.name: getattr(made, column.name) for column in MODELS.columns}
    values.pop("created_at")
    statement = upserts(MODELS)[session.get_bind().dialect.name].values(**values, created_at=now())
    done = session.execute(statement.on_conflict_do_nothing().returning(MODELS.c.version))
    return done.first() is not None


def thin_out(session: Session, site_id: UUID, kind: Kind, *, below: int) -> None:
    """Of versions before `below`, only the figures are kept; of much older ones every tenth."""
    own = (MODELS.c.site_id == site_id) & (MODELS.c.kind == kind)
    session.execute(
        update(MODELS).where(own, MODELS.c.version < below).values(content=None, good=None)
    )
    session.execute(
        delete(MODELS).where(own, MODELS.c.version < below - KEPT, MODELS.c.version % 10 != 0)
    )


def untaught(session: Session, site_id: UUID, *, after: datetime) -> tuple[int, datetime | None]:
    """How many decisions moderators have made since then, and when the first of them."""
    since = (Decision.site_id == site_id) & (Decision.created_at > after)
    row = session.execute(
        select(func.count(), func.min(Decision.created_at))
        .join(Comment, Comment.id == Decision.comment_id)
        .where(MODERATED, since, Comment.erased_at.is_(None))
    ).one()
    return row[0], row[1]


def against_moderators(
    session: Session, site_id: UUID, *, seconds: float
) -> dict[tuple[str, str], int]:
    """What screening made of comments, and moderators of the same in the last so many seconds."""
    screened = aliased(Decision)
    rows = session.execute(
        select(screened.target, Decision.target, func.count())
        .join(screened, screened.revision_id == Decision.revision_id)
        .where(
            Decision.actor == Actor.MODERATOR,
            Decision.site_id == site_id,
            Decision.created_at > now(-seconds),
            screened.actor == Actor.SCREENING,
        )
        .group_by(screened.target, Decision.target)
    )
    return {(str(before), str(after)): count for before, after, count in rows}


def site_ids(session: Session) -> Sequence[UUID]:
    return session.scalars(select(Site.id)).all()
