"""How pages are read from the database. What they say is tested through the API."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event, insert, select, text
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.store import pages, sites
from service.store.models import Comment, Thread
from service.store.pages import FIRST, FOLLOWING, Cursor, Sort

AGE = {"editable_until": datetime(2026, 1, 1, tzinfo=UTC)}


def fill(session: Session, site_id: UUID, page: str, *, top_level: int, replies: int) -> None:
    """A thread with so many public comments at the top and so many replies to each."""
    thread_id = new_id()
    ids = {"site_id": site_id, "thread_id": thread_id}
    session.execute(insert(Thread), [{"id": thread_id, "site_id": site_id, "page": page}])
    common = {**ids, "author_name": "A", "listed": True, "public_revision_id": new_id()}
    # Ids at random, so that the threads' comments lie among each other as they would in time.
    roots = [{**common, "id": uuid4(), "score": n % 7, **AGE} for n in range(top_level)]
    session.execute(insert(Comment), roots)
    below = [
        {**common, "id": new_id(), "parent_id": root["id"], "root_id": root["id"], **AGE}
        for root in roots
        for _ in range(replies)
    ]
    if below:
        session.execute(insert(Comment), below)
    session.commit()


@pytest.fixture
def site_id(session: Session, news: str) -> UUID:
    site = sites.find(session, news)
    assert site is not None
    return site.id


@pytest.fixture
def queries(engine: Engine) -> Iterator[list[str]]:
    """What the database is asked from now on."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("sort", Sort)
def test_a_page_of_a_thousand_takes_three_queries(session, queries, site_id, sort):
    fill(session, site_id, "p", top_level=100, replies=9)
    queries.clear()
    page = pages.listed(session.connection(), site_id, "p", sort=sort, limit=100, after=None)
    assert len(page.top_level) + len(page.replies) == 1_000
    assert len(queries) == 3


@pytest.mark.parametrize("sort", Sort)
def test_paging_gives_each_comment_once_in_order(session, site_id, sort):
    fill(session, site_id, "p", top_level=23, replies=1)
    found, after = [], None
    while page := pages.listed(session.connection(), site_id, "p", sort=sort, limit=5, after=after):
        assert len(page.replies) == len(page.top_level) <= 5
        found += page.top_level
        after = page.next
        if after is None:
            break
    assert len({row.id for row in found}) == len(found) == 23
    keys = {
        Sort.OLDEST: [row.id for row in found],
        Sort.NEWEST: [row.id for row in reversed(found)],
        Sort.TOP: [(row.score, row.id) for row in reversed(found)],
    }
    assert keys[sort] == sorted(keys[sort])


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("statements", [FIRST, FOLLOWING], ids=["first", "following"])
def test_a_page_is_read_in_the_order_of_an_index(session, site_id, sort, statements):
    """So that a thread of a hundred thousand serves a page as fast as one of a hundred."""
    for page in "pqrstuvwxy":
        fill(session, site_id, page, top_level=500, replies=0)
    session.execute(text("ANALYZE"))
    thread = pages.thread(session.connection(), site_id, "t")
    assert thread is not None
    in_order = select(Comment.id).where(Comment.thread_id == thread.id).order_by(Comment.id)
    middle = session.scalars(in_order.offset(250).limit(1)).one()
    after = Cursor(middle, 3)
    values = {"thread_id": thread.id, "most": 51, "after_id": after.id, "after_score": after.score}
    plan = explain(session, statements[sort][0], values)
    index = "ix_comments_by_score" if sort is Sort.TOP else "ix_comments_by_age"
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_replies_are_found_by_their_index(session, site_id):
    """However many there are elsewhere; from SQLite in its order, too."""
    for page in "pqrstuvwxy":
        fill(session, site_id, page, top_level=100, replies=2)
    session.execute(text("ANALYZE"))
    thread = pages.thread(session.connection(), site_id, "t")
    assert thread is not None
    values = {"thread_id": thread.id, "limit": 50, "after_id": UUID(int=0), "after_score": 9}
    for statements in (FIRST, FOLLOWING):
        for sort in Sort:
            plan = explain(session, statements[sort][1], values)
            assert "ix_comments_replies" in plan
            assert "TEMP B-TREE" not in plan


def explain(session: Session, statement: object, values: dict[str, object]) -> str:
    connection = session.connection()
    compiled = statement.compile(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    prefix = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    given = compiled.construct_params(values)
    processors = compiled._bind_processors
    given = {key: processors[key](v) if key in processors else v for key, v in given.items()}
    if is_sqlite:
        given = tuple(given[name] for name in compiled.positiontup)
    rows = connection.exec_driver_sql(prefix + str(compiled), given)
    return "\n".join(str(row[-1]) for row in rows)
