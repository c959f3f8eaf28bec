"""Readers who post from several threads at once, and the book that is kept of what was accepted."""

import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select

from service.domain.states import Actor, State
from service.store.db import session_at
from service.store.models import Comment, Decision, Revision, Thread
from tests.e2e.running import PAGE, SITE, Started, call, until

CLIENTS = 8
PACE = 0.3  # seconds between two posts of one client, so that the faults fall among them
DECIDED_WITHIN = 60
TEXTS = (
    "The library should open on Mondays as well, said number {}.",
    "Não concordo com a autora: às segundas também. ({})",
    "Двести книг за день — и это только начало, {}.",
    "两百本书,一天之内。{}",
    "**Well** put 👏🏽\n\n> forty people\n\nand a _wheelbarrow_ {}",
    "ארבעים איש עמדו בתור {}",
)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Ledger:
    """What was answered with 202: the comment's id and the hash of what was sent."""

    accepted: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    slowest: float = 0.0
    posted: threading.Event = field(default_factory=threading.Event)

    def post(self, address: str, body: str, *, name: str = "Ann") -> str | None:
        """Post one comment and write down what came of it; answers its id."""
        comment = {"site": SITE, "page": PAGE, "body": body, "author": {"name": name}}
        try:
            answer = call("POST", f"{address}/v1/comments", body=comment)
        except OSError as error:
            self.refused.append(repr(error))
            return None
        self.slowest = max(self.slowest, answer.seconds)
        if answer.status != 202:
            self.refused.append(answer.text)
            return None
        comment_id: str = answer.json["id"]
        self.accepted[comment_id] = digest(body)
        return comment_id


@contextmanager
def readers(web: Started, ledger: Ledger, *, seed: int, each: int = 25) -> Iterator[None]:
    """Meanwhile, every client posts so many comments; when this ends, they are all through."""

    def post_all(client: int) -> None:
        chance = random.Random(seed + client)
        for turn in range(each):
            number = client * each + turn
            ledger.post(
                web.address, TEXTS[number % len(TEXTS)].format(number), name=f"Ann {number}"
            )
            time.sleep(chance.uniform(0, 2 * PACE))

    threads = [threading.Thread(target=post_all, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


@dataclass(frozen=True)
class Stored:
    comment: str
    digest: str
    state: State
    attempts: int
    screened: Sequence[str]  # the states to which screening moved it, one for each decision
    reasons: Sequence[str]
    decisions: int


def stored(database_url: str) -> list[Stored]:
    """Every revision as the database has it, with its decisions."""
    with session_at(database_url) as session:
        decisions = session.scalars(select(Decision)).all()
        revisions = session.scalars(select(Revision)).all()
    by_screening = [one for one in decisions if one.actor == Actor.SCREENING]
    counts = Counter(one.revision_id for one in decisions)
    return [
        Stored(
            comment=str(revision.comment_id),
            digest=digest(revision.body),
            state=State(revision.state),
            attempts=revision.attempts,
            screened=[one.target for one in by_screening if one.revision_id == revision.id],
            reasons=[
                finding["reason"]
                for one in by_screening
                if one.revision_id == revision.id
                for finding in one.findings or []
            ],
            decisions=counts[revision.id],
        )
        for revision in revisions
    ]


def undecided(database_url: str) -> int:
    with session_at(database_url) as session:
        query = select(func.count()).where(Revision.state == State.RECEIVED)
        return session.execute(query).scalar_one()


def wait_until_decided(database_url: str, *, seconds: float = DECIDED_WITHIN) -> float:
    """Answers how long it took until no comment was waiting for screening."""
    began = time.monotonic()
    until(lambda: undecided(database_url) == 0, "every comment decided", seconds=seconds)
    return time.monotonic() - began


def ensure_nothing_was_lost(database_url: str, ledger: Ledger) -> list[Stored]:
    """What was accepted is there, word for word, and was decided on by screening exactly once."""
    rows = stored(database_url)
    assert {row.comment: row.digest for row in rows} == ledger.accepted
    assert len(rows) == len(ledger.accepted), "a comment has two revisions"
    assert [row for row in rows if len(row.screened) != 1 or row.decisions != 1] == []
    assert [row for row in rows if row.screened != [row.state]] == []
    public = sum(row.state == State.APPROVED for row in rows)
    with session_at(database_url) as session:
        assert session.scalars(select(Thread.comment_count)).all() == [public]
        listed = select(func.count()).where(Comment.public_revision_id.is_not(None))
        assert session.execute(listed).scalar_one() == public
    return rows
