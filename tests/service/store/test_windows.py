"""How many comments came shortly before each, counted for a whole batch at once."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.store import sites
from service.store.claims import Claimed
from service.store.models import Author, Comment, Thread
from service.store.windows import look_back

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=5)
ADDRESSES = ("office", "home", None)


def seconds(number: float) -> datetime:
    return NOON + timedelta(seconds=number)


@pytest.fixture
def write(session: Session, news: str) -> Callable[..., list[Claimed]]:
    """Makes comments at given times, by some author, from some address, in some thread."""
    site = sites.find(session, news)
    assert site is not None
    threads, authors = [new_id() for _ in range(2)], [new_id() for _ in range(2)]
    session.execute(
        insert(Thread), [{"id": t, "site_id": site.id, "page": str(t)} for t in threads]
    )
    session.execute(
        insert(Author), [{"id": a, "site_id": site.id, "identity": str(a)} for a in authors]
    )
    chance = random.Random(11)

    def make(times: Sequence[datetime], address: str | None = "") -> list[Claimed]:
        rows = [
            a_row(
                site.id,
                at,
                thread=chance.choice(threads),
                author=chance.choice([*authors, None]),
                address=chance.choice(ADDRESSES) if address == "" else address,
            )
            for at in times
        ]
        session.execute(insert(Comment), [stored(row) for row in rows])
        session.commit()
        return rows

    return make


def a_row(
    site: UUID, at: datetime, *, thread: UUID, author: UUID | None, address: str | None
) -> Claimed:
    return Claimed(
        id=new_id(), comment_id=new_id(), site_id=site, thread_id=thread, number=1, body="Hi",
        form_trap_filled=False, form_seconds=None, created_at=at, posted_at=at, author_id=author,
        author_name="A", address_hash=address, page="p", page_url=None, page_title=None,
        thread_mode=None,
    )  # fmt: skip


def stored(row: Claimed) -> dict[str, object]:
    names = ("site_id", "thread_id", "author_id", "author_name", "address_hash", "created_at")
    same = {name: getattr(row, name) for name in names}
    return {"id": row.comment_id, "editable_until": row.created_at, **same}


def counted(row: Claimed, everything: Sequence[Claimed], name: str) -> int:
    """The meaning, comment by comment."""
    value = getattr(row, name)
    if value is None:
        return 0
    return sum(
        getattr(other, name) == value
        and other.posted_at >= row.posted_at - MINUTES
        and (other.posted_at, other.comment_id) < (row.posted_at, row.comment_id)
        for other in everything
    )


@pytest.mark.parametrize("name", ["author_id", "address_hash", "thread_id"])
@pytest.mark.parametrize("span", [0, 10, 200, 300, 2_000])
def test_each_is_counted_as_if_alone(session: Session, write, name: str, span: int) -> None:
    """Also those of the same moment, and those that are just as old as the window is long."""
    chance = random.Random(span)
    others = write([seconds(chance.randrange(-700, span + 100)) for _ in range(300)])
    edges = write([seconds(edge) for edge in (-300, span - 300, 0, span) * 3])
    batch = [row for row in (*others, *edges) if NOON <= row.posted_at <= seconds(span)]
    windows = look_back(session, name, batch, MINUTES)
    for row in batch:
        assert windows.before(row) == counted(row, [*others, *edges], name)


def test_a_busy_address_is_counted_and_not_read(session: Session, write) -> None:
    write([seconds(-number / 10) for number in range(10, 2_000)], "office")
    batch = write([seconds(0), seconds(2)], "office")
    windows = look_back(session, "address_hash", batch, MINUTES)
    assert [windows.before(row) for row in batch] == [1_990, 1_991]
    assert sum(map(len, windows.moments.values())) < 10


def test_without_a_window_nothing_is_counted(session: Session, write) -> None:
    [_, row] = write([seconds(-1), seconds(0)], "office")
    assert look_back(session, "address_hash", [row], timedelta()).before(row) == 0
