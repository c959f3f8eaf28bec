"""The verdict: what the ledger says, held against the database, the decisions and what was read."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.states import FINAL, Actor, State
from service.store.db import session_at
from service.store.models import Comment, Decision, Revision, Thread
from service.store.verifying import verify
from tests.torture.ledger import MARK, Ledger, Seen, Text, digest

CLOCKS_APART = 0.1  # seconds: SQLite cuts milliseconds off
# A page may be given for a while after something on it was hidden: see docs/operations.md. Time
# between the decision and its commit, on a machine that is busy with faults, comes on top.
LINGERS = 15.0


@dataclass(frozen=True)
class Stored:
    """A revision as the database has it, with its decisions in their order."""

    id: UUID
    comment: str
    body: str
    state: State
    attempts: int
    decisions: Sequence[Decision]

    @property
    def marks(self) -> list[str]:
        return MARK.findall(self.body)


@dataclass(frozen=True)
class Verdict:
    """What was broken, by promise; each an example in words."""

    broken: dict[str, list[str]]
    accepted: int
    rows: Sequence[Stored]

    def of(self, promise: str) -> list[str]:
        return self.broken.get(promise, [])


def judged(database_url: str, ledger: Ledger, *, apart: float = CLOCKS_APART) -> Verdict:
    """To be asked when everything has come to rest. So far apart were the database's clock and ours
    at most."""
    with session_at(database_url) as session:
        rows = _stored(session)
        broken = {
            "P1": [*_lost(ledger, rows), *ledger.strange],
            "P2": [f"{row.comment} is {row.state}" for row in rows if row.state == State.RECEIVED],
            "P3": list(_doubled(ledger, rows)),
            "P4": [*_shown(ledger, rows, apart), *_miscounted(session)],
            "P5": [*_unrecorded(ledger, rows), *_altered_records(session)],
        }
    return Verdict(broken, ledger.accepted, rows)


def undecided(database_url: str) -> int:
    with session_at(database_url) as session:
        waiting = select(func.count()).where(Revision.state == State.RECEIVED)
        return session.execute(waiting).scalar_one()


def _stored(session: Session) -> list[Stored]:
    decisions: dict[UUID, list[Decision]] = defaultdict(list)
    for one in session.scalars(select(Decision).order_by(Decision.id)):
        decisions[one.revision_id].append(one)
    session.expunge_all()  # they are looked at when the session is over, too
    columns = (
        Revision.id, Revision.comment_id, Revision.body, Revision.state, Revision.attempts,
    )  # fmt: skip
    return [
        Stored(row[0], str(row[1]), row[2], State(row[3]), row[4], decisions[row[0]])
        for row in session.execute(select(*columns))
    ]


def _lost(ledger: Ledger, rows: Sequence[Stored]) -> Iterator[str]:
    """What was accepted is there, word for word, under the id that was answered."""
    kept = {mark: row for row in rows for mark in row.marks}
    for text in ledger.texts:
        row = kept.get(text.mark)
        if row is None:
            if text.is_accepted:
                yield f"lost: {_told(text)}"
        elif digest(row.body) != text.digest:
            yield f"altered: {_told(text)}"
        elif text.is_accepted and text.ids != {row.comment}:
            yield f"answered as {text.ids}, stored as {row.comment}: {_told(text)}"


def _told(text: Text) -> str:
    calls = [(round(call.began, 3), call.status) for call in text.calls]
    return f"{text.mark}, key {text.key}, sent and answered {calls}"


def _doubled(ledger: Ledger, rows: Sequence[Stored]) -> Iterator[str]:
    """As many rows as texts; and nothing that nobody sent."""
    sent = {text.mark for text in ledger.texts}
    counts = Counter(mark for row in rows for mark in row.marks)
    yield from (f"{mark} is stored {n} times" for mark, n in counts.items() if n > 1)
    yield from (f"nobody sent {mark}" for mark in counts.keys() - sent)
    yield from (f"{text.mark} has ids {text.ids}" for text in ledger.texts if len(text.ids) > 1)


def _shown(ledger: Ledger, rows: Sequence[Stored], apart: float) -> Iterator[str]:
    """Nothing was seen before it was approved, or long after that was taken back."""
    kept = {mark: row for row in rows for mark in row.marks}
    for mark, seen in ledger.seen.items():
        row = kept.get(mark)
        if row is None:
            yield f"{mark} was shown at {seen.where} and is not stored"
        elif (why := _too_early_or_late(row, seen, apart)) is not None:
            yield f"{mark}, which is {row.state}, was shown at {seen.where}: {why}"


def _too_early_or_late(row: Stored, seen: Seen, apart: float) -> str | None:
    approvals = [one for one in row.decisions if one.target == State.APPROVED]
    if not approvals:
        return "nobody approved it"
    approved = approvals[0].created_at.timestamp()
    if seen.first < approved - apart:
        return f"{approved - seen.first:.3f} s before it was approved"
    last = row.decisions[-1]
    hidden = last.created_at.timestamp()
    if last.target != State.APPROVED and seen.last > hidden + LINGERS + apart:
        return f"{seen.last - hidden:.1f} s after it was hidden"
    return None


def _miscounted(session: Session) -> Iterator[str]:
    public = Comment.public_revision_id.is_not(None)
    shown = dict(
        session.execute(
            select(Comment.thread_id, func.count()).where(public).group_by(Comment.thread_id)
        ).all()
    )
    for thread in session.scalars(select(Thread)):
        if thread.comment_count != shown.get(thread.id, 0):
            yield f"{thread.page} says {thread.comment_count}, shows {shown.get(thread.id, 0)}"
    wrong = (
        select(func.count())
        .select_from(Comment)
        .join(Revision, Revision.id == Comment.public_revision_id)
        .where(Revision.state != State.APPROVED)
    )
    if count := session.execute(wrong).scalar_one():
        yield f"{count} public texts are not approved"


def _unrecorded(ledger: Ledger, rows: Sequence[Stored]) -> Iterator[str]:
    """Each state follows from the decisions, and every decision that was answered is there."""
    for row in rows:
        screened = [one for one in row.decisions if one.actor == Actor.SCREENING]
        if len(screened) > 1:
            yield f"{row.comment} was judged {len(screened)} times"
        if not screened and row.state not in (State.RECEIVED, *FINAL):
            yield f"{row.comment} is {row.state}, and nobody judged it"
        steps = [State.RECEIVED, *[one.target for one in row.decisions]]
        if steps[-1] != row.state:
            yield f"{row.comment} is {row.state}; its last decision says {steps[-1]}"
        starts = [one.start for one in row.decisions]
        if starts != steps[:-1]:
            yield f"{row.comment}: decisions do not follow each other: {list(pairwise(steps))}"
    made = {
        str(one.id): one.target
        for row in rows
        for one in row.decisions
        if one.actor == Actor.MODERATOR
    }
    for id, to in ledger.decided.items():
        if made.get(id) != to:
            yield f"decision {id} was answered as {to}, stored as {made.get(id)}"
    if len(made) > len(ledger.decided) + ledger.undecided_calls:
        yield f"{len(made)} decisions are stored, {len(ledger.decided)} were answered"


def _altered_records(session: Session) -> Iterator[str]:
    for problem in verify(session):
        yield f"audit log: {problem.in_words()}"
