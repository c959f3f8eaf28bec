"""A site with a past: threads of approved comments, put straight into an empty database.

Everything is as if readers had posted it and the checks had approved it: states, decisions, counts,
replies. Only that texts repeat after some thousands: rendering a million takes minutes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pysqlite3
from sqlalchemy import Table, make_url, select

from benchmarks.texts import READERS, SITE, WORDS, Writer
from service.actions import sites
from service.domain import search_words
from service.domain.fingerprint import fingerprint
from service.domain.rendering import RENDER_VERSION, render
from service.domain.scripts import script_of
from service.domain.states import Actor, State
from service.store.db import session_at
from service.store.migrating import migrate
from service.store.models import Comment, Decision, Revision, Site, Thread
from service.store.search_tables import SearchEntry
from service.store.tallies import Tally

TEXTS = 5_000
REPLIED_TO = 0.4  # of the comments of a thread are at the top, at most a page of them
TOP_LEVEL_ON_A_PAGE = 100
DEEPEST = 6
AGE = timedelta(days=400)
APART = timedelta(seconds=20)  # between two comments: a million of them fit into the time since


@dataclass(frozen=True, slots=True)
class Place:
    """A thread to be filled."""

    page: str
    size: int


LONG, LONGER = Place("hundred", 100), Place("thousand", 1_000)
SHORT_ONES = tuple(Place(f"short-{number}", 20) for number in range(1_000))
LONG_ONES = tuple(Place(f"long-{number}", 100) for number in range(1_000))
HUNDRED_THOUSAND = (LONG, LONGER, *SHORT_ONES, *LONG_ONES)


def places(comments: int) -> tuple[Place, ...]:
    """So many comments and a few more: the threads that are read, and others beside them."""
    others = max(0, comments - sum(place.size for place in HUNDRED_THOUSAND)) // 100
    return (*HUNDRED_THOUSAND, *(Place(f"other-{number}", 100) for number in range(others)))


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment before it becomes rows."""

    number: int  # of the comment, in the order of age
    thread: int
    parent: int | None
    root: int | None
    depth: int
    children: int
    text: int
    score: int
    at: str


def remarks(where: Iterable[Place]) -> Iterator[Remark]:
    """Thread by thread: the top level first, then replies, each to one that is there already."""
    random = Random(7)
    began = datetime.now(UTC) - AGE
    number = 0
    for thread, place in enumerate(where):
        at_top = min(TOP_LEVEL_ON_A_PAGE, max(1, int(place.size * REPLIED_TO)))
        parents: list[int | None] = [None] * at_top
        depths, roots = [0] * at_top, list(range(at_top))
        children = [0] * place.size
        for _ in range(place.size - at_top):
            parent = random.randrange(len(parents))
            while depths[parent] == DEEPEST:
                parent = random.randrange(len(parents))
            parents.append(parent)
            depths.append(depths[parent] + 1)
            roots.append(roots[parent])
            children[parent] += 1
        for own, parent in enumerate(parents):
            yield Remark(
                number=number + own,
                thread=thread,
                parent=None if parent is None else number + parent,
                root=None if parent is None else number + roots[own],
                depth=depths[own],
                children=children[own],
                text=(number + own) % TEXTS,
                score=random.choice((0, 0, 0, 1, 2, 5, -1)),
                at=_clock(began + (number + own) * APART),
            )
        number += place.size


def _clock(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond:06d}"


def _id(kind: int, number: int) -> str:
    """Sorts by number, as ids sort by age, and is older than any made from now on."""
    return f"01800000{kind:04x}7{number >> 48 & 0xFFF:03x}8{number:015x}"


def comment_id(number: int) -> str:
    return str(UUID(_id(2, number)))


def revision_id(number: int) -> str:
    return str(UUID(_id(3, number)))


def seed(url: str, where: tuple[Place, ...]) -> None:
    """Fill the empty database at `url`, which nobody else may have open."""
    migrate(url)
    with session_at(url) as session:
        sites.add_site(session, key=SITE, name="The Harbour Gazette", origins=[], by="benchmarks")
        site = session.scalars(select(Site.id).where(Site.key == SITE)).one().hex
    tables = (
        (Thread, _threads(site, where)),
        (Comment, _comments(site, where)),
        (Revision, _revisions(site, where)),
        (Decision, _decisions(where)),
        (SearchEntry, _entries(site, where)),
        (Tally, [{"name": "decisions", "label": "screening approved", "count": _size(where)}]),
    )
    for model, rows in tables:
        table = model.__table__
        assert isinstance(table, Table)
        _insert(url, table, rows)
    _settle(url)


def _size(where: tuple[Place, ...]) -> int:
    return sum(place.size for place in where)


Rows = Iterable[dict[str, Any]]


def _threads(site: str, where: tuple[Place, ...]) -> Rows:
    at = _clock(datetime.now(UTC) - AGE)
    for number, place in enumerate(where):
        yield {
            "id": _id(1, number), "site_id": site, "page": place.page, "title": place.page.title(),
            "comment_count": place.size, "created_at": at,
        }  # fmt: skip


def _comments(site: str, where: tuple[Place, ...]) -> Rows:
    for one in remarks(where):
        yield {
            "id": _id(2, one.number), "site_id": site, "thread_id": _id(1, one.thread),
            "parent_id": None if one.parent is None else _id(2, one.parent),
            "root_id": None if one.root is None else _id(2, one.root), "depth": one.depth,
            "author_name": WORDS[one.number % READERS].title(), "score": one.score,
            "public_revision_id": _id(3, one.number), "listed": True,
            "listed_children": one.children, "editable_until": one.at, "created_at": one.at,
        }  # fmt: skip


def _revisions(site: str, where: tuple[Place, ...]) -> Rows:
    writer = Writer("past")
    texts = [writer.text() for _ in range(TEXTS)]
    rendered = [(text, render(text), fingerprint(text)) for text in texts]
    for one in remarks(where):
        body, html, bits = rendered[one.text]
        yield {
            "id": _id(3, one.number), "site_id": site, "thread_id": _id(1, one.thread),
            "comment_id": _id(2, one.number), "body": body, "body_html": html,
            "render_version": RENDER_VERSION, "state": State.APPROVED.value, "fingerprint": bits,
            "attempts": 1, "created_at": one.at, "decided_at": one.at,
        }  # fmt: skip


def _decisions(where: tuple[Place, ...]) -> Rows:
    for one in remarks(where):
        yield {
            "id": _id(4, one.number), "comment_id": _id(2, one.number),
            "revision_id": _id(3, one.number), "from_state": State.RECEIVED.value,
            "to_state": State.APPROVED.value, "actor": Actor.SCREENING.value, "by": "screening",
            "policy_version": 1, "created_at": one.at,
        }  # fmt: skip


def _entries(site: str, where: tuple[Place, ...]) -> Rows:
    writer = Writer("past")
    texts = [writer.text() for _ in range(TEXTS)]
    for one in remarks(where):
        marks = search_words.marks(
            site=UUID(site), thread=UUID(_id(1, one.thread)), author=None, checks=(),
            script=script_of(texts[one.text]), addresses=(),
        )  # fmt: skip
        name = WORDS[one.number % READERS].title()
        words = search_words.entry(marks=marks, name=name, body=texts[one.text])
        yield {"number": one.number + 1, "revision_id": _id(3, one.number), "words": words}


def _insert(url: str, table: Table, rows: Rows) -> None:
    """All at once, in the driver's own way. Columns that no row names get their default."""
    constants = {c.name: _default(c) for c in table.columns}
    names = list(constants)
    values = (tuple({**constants, **row}.values()) for row in rows)
    columns = ", ".join(f'"{name}"' for name in names)
    if url.startswith("sqlite"):
        marks = ", ".join("?" * len(names))
        connection = _sqlite(url)
        with connection:
            connection.executemany(
                f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', values
            )
        connection.close()
        return
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone TO 'UTC'")
        # References are right by construction; to look each up takes longer than all the rest.
        connection.execute("SET session_replication_role TO replica")
        with connection.cursor().copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for value in values:
                copy.write_row(value)


def _default(column: Any) -> Any:
    return column.default.arg if column.default is not None and column.default.is_scalar else None


def _sqlite(url: str) -> Any:
    connection = pysqlite3.connect(make_url(url).database)
    connection.execute("PRAGMA journal_mode=OFF")  # a crash costs another run, nobody's words
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    return connection


def _settle(url: str) -> None:
    """What PostgreSQL's autovacuum would do within minutes, in the midst of the measurements."""
    if not url.startswith("sqlite"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT setval(pg_get_serial_sequence('search_entries', 'number'),"
                " (SELECT max(number) FROM search_entries))"
            )
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")
