"""Comments in the queue, put straight into the database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.domain import search_words
from service.domain.ids import new_id
from service.domain.scripts import script_of
from service.domain.states import State
from service.store import search, sites
from service.store.models import Author, Comment, Revision, Thread

AGE = {"editable_until": datetime(2026, 1, 1, tzinfo=UTC)}


@dataclass(frozen=True, slots=True)
class Queued:
    """A comment as it is to be stored, and found."""

    body: str = "An ordinary comment."
    name: str = "Ann"
    state: State = State.HELD
    risk: float = 0.0
    checks: tuple[str, ...] = ()
    page: str = "https://news.example/sport/derby"
    author: UUID | None = None
    id: UUID = field(default_factory=new_id)


def site_of(session: Session, key: str = "news") -> UUID:
    site = sites.find(session, key)
    assert site is not None
    return site.id


def fill(session: Session, site: UUID, comments: Sequence[Queued]) -> list[UUID]:
    """Stored as if screening had held or approved them; answers their revisions."""
    threads = {one.page: new_id() for one in comments}
    authors = {one.author for one in comments} - {None}
    _insert(session, Thread, [
        {"id": id, "site_id": site, "page": page, "url": page} for page, id in threads.items()
    ])  # fmt: skip
    _insert(session, Author, [{"id": id, "site_id": site, "identity": str(id)} for id in authors])
    _insert(session, Comment, [
        {"id": one.id, "site_id": site, "thread_id": threads[one.page], "author_name": one.name,
         "author_id": one.author, **AGE}
        for one in comments
    ])  # fmt: skip
    rows = [_revision(one, site, threads[one.page]) for one in comments]
    _insert(session, Revision, rows)
    search.enter(session, {
        row["id"]: _words(one, row) for one, row in zip(comments, rows, strict=True)
    })  # fmt: skip
    session.commit()
    return [row["id"] for row in rows]


def _revision(one: Queued, site: UUID, thread: UUID) -> dict[str, Any]:
    return {
        "id": new_id(), "site_id": site, "thread_id": thread, "comment_id": one.id,
        "body": one.body, "body_html": "", "render_version": 1, "state": one.state,
        "risk": one.risk, "flags": "".join(f",{check}" for check in one.checks) + ",",
    }  # fmt: skip


def _words(one: Queued, row: dict[str, Any]) -> str:
    marks = search_words.marks(
        site=row["site_id"], thread=row["thread_id"], author=one.author, checks=one.checks,
        script=script_of(one.body), addresses=(None, one.page),
    )  # fmt: skip
    return search_words.entry(marks=marks, name=one.name, body=one.body)


def _insert(session: Session, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(model), list(rows))
