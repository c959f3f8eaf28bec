"""What the queue finds, in which order, and at what cost."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from service.actions import sites
from service.domain.ids import new_id
from service.domain.risk import Band
from service.domain.scripts import Script
from service.domain.search_words import parse
from service.domain.states import State
from service.store import queue, search
from service.store.models import Revision
from service.store.queue import Order
from service.store.queue_filters import Filters
from service.store.search_tables import Backfill, SearchEntry
from tests.factories import WORDS
from tests.service.store.queued import Queued, fill, site_of

ALL = Filters(sites=None, state=State.HELD)
# By the index alone, by looking through rows alone, and in windows that are smaller than a page.
WAYS = [{"few": 1_000}, {"few": 0}, {"few": 0, "window": 7}]


def everything(session: Session, filters: Filters, **how: object) -> list[UUID]:
    """Page after page, to the end."""
    found: list[UUID] = []
    after = None
    for _ in range(1_000):
        page, after = queue.ids(session, filters, after=after, limit=5, **how)
        found += page
        if after is None:
            return found
    raise AssertionError("The queue has no end.")


@pytest.fixture
def site(session: Session, news: str) -> UUID:
    return site_of(session)


def test_what_is_held_comes_by_age_or_by_risk(session: Session, site: UUID) -> None:
    risks = [0.0, 3.5, -1.0, 3.5, 12.0, 0.0, 0.1]
    ids = fill(session, site, [Queued(risk=risk) for risk in risks])
    assert everything(session, ALL) == ids
    by_risk = everything(session, ALL, order=Order.RISK)
    assert by_risk == [ids[place] for place in (4, 3, 1, 6, 5, 0, 2)]
    decided = [Queued(state=State.SPAM, page="other") for _ in range(7)]
    spam = fill(session, site, decided)
    assert everything(session, replace(ALL, state=State.SPAM), order=Order.RISK) == spam[::-1]


@pytest.mark.parametrize("how", WAYS)
def test_every_filter_finds_what_it_says(session: Session, site: UUID, how: dict[str, int]) -> None:
    author = uuid4()
    ids = fill(
        session,
        site,
        [
            Queued(page="https://news.example/sport/football/derby", checks=("links", "words")),
            Queued(page="https://news.example/sports/derby", risk=5.0),
            Queued("Это комментарий", author=author, page="an-id"),
            Queued("Harbour first", name="Harry", page="https://news.example/Sport/a"),
        ],
    )
    thread = session.get_one(Revision, ids[0]).thread_id
    for changes, expected in (
        ({"section": "/sport"}, [0, 3]),
        ({"section": "sport/football"}, [0]),
        ({"section": "/"}, []),
        ({"check": "words"}, [0]),
        ({"check": "word"}, []),
        ({"band": Band.CERTAIN}, [1]),
        ({"script": Script.CYRILLIC}, [2]),
        ({"author": author}, [2]),
        ({"thread": thread}, [0]),
        ({"text": "harry harb*"}, [3]),
        ({"text": "-harbour"}, [0, 1, 2]),
        ({"text": "?!"}, []),
        ({"text": "ordinary", "section": "/sport"}, [0]),
        ({"since": datetime.now(UTC) + timedelta(hours=1)}, []),
        ({"since": datetime.now(UTC) - timedelta(hours=1), "script": Script.LATIN}, [0, 1, 3]),
        ({"until": datetime.now(UTC) - timedelta(hours=1)}, []),
        ({"sites": [site, uuid4()], "check": "links"}, [0]),
        ({"sites": [], "check": "links"}, []),
    ):
        found = everything(session, replace(ALL, **changes), **how)
        assert found == [ids[place] for place in expected], changes


@pytest.mark.parametrize("how", WAYS)
def test_searches_find_what_one_would_find_by_reading(
    session: Session, site: UUID, how: dict[str, int]
) -> None:
    """The same on both databases, by index or not: against a count in this language."""
    random = Random(11)
    words = [*WORDS[:12], "東京都", "o'clock", "ΑΘΗΝΑ", "naïve", "ไทย"]
    bodies = [" ".join(random.choices(words, k=6)) for _ in range(60)]
    ids = fill(session, site, [Queued(body) for body in bodies])
    entries = {one.revision_id: one.words for one in session.scalars(select(SearchEntry))}
    for _ in range(60):
        parts = [_a_part(random, words) for _ in range(random.randint(1, 3))]
        terms = parse(" ".join(parts))
        expected = [
            id
            for id in ids
            if terms and all((term.contained in entries[id]) != term.is_unwanted for term in terms)
        ]
        assert everything(session, replace(ALL, text=" ".join(parts)), **how) == expected, parts


def _a_part(random: Random, words: list[str]) -> str:
    kind = random.choice(["word", "prefix", "phrase", "unwanted", "noise"])
    if kind == "prefix":
        return random.choice(words)[: random.randint(1, 4)] + "*"
    if kind == "phrase":
        return f'"{random.choice(words)} {random.choice(words)}"'
    if kind == "noise":
        return random.choice(["AND", "OR", "NEAR(", '"', "*", "-", "'; --", ":*", "&|!", "\\"])
    return ("-" if kind == "unwanted" else "") + random.choice(words)


def test_what_is_blanked_or_deleted_is_not_found_any_more(session: Session, site: UUID) -> None:
    ids = fill(session, site, [Queued("secret harbour"), Queued("harbour")])
    search.forget(session, ids[:1])
    assert everything(session, replace(ALL, text="harbour")) == ids[1:]
    assert search.few(session, parse("secret"), [], most=10) == []


def test_until_older_comments_are_entered_they_are_found_the_slow_way(
    session: Session, site: UUID
) -> None:
    [id] = fill(session, site, [Queued(checks=("links",))])
    search.forget(session, [id])
    assert everything(session, replace(ALL, check="links")) == []
    session.add(Backfill(name=search.BACKFILL, before=new_id()))
    session.flush()
    assert everything(session, replace(ALL, check="links")) == [id]


@pytest.fixture
def asked(engine: Engine) -> Iterator[list[tuple[str, object]]]:
    """What the database is asked from now on."""
    seen: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, given: object, *_: object):
        seen.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize(
    "changes",
    [
        {}, {"sites": "one"}, {"check": "links"}, {"sites": "one", "text": "harbour"},
        {"sites": "one", "band": Band.CERTAIN}, {"section": "/sport"}, {"text": "zebra"},
    ],
    ids=str,
)  # fmt: skip
def test_no_query_reads_a_whole_table(
    session: Session, site: UUID, engine: Engine, asked, order: Order, changes
) -> None:
    comments = [
        Queued(state=State.HELD if number % 50 == 0 else State.APPROVED) for number in range(3_000)
    ]
    for key in "abcdefgh":
        sites.add_site(session, key=key, name=key, origins=[], by="test")
    fill(session, site, [replace(one, page=f"page-{n % 99}") for n, one in enumerate(comments)])
    session.execute(text("ANALYZE"))
    session.commit()
    asked.clear()
    filters = replace(ALL, **changes)
    if changes.get("sites"):
        filters = replace(filters, sites=[site])
    queue.page(session, filters, after=None, limit=25, order=order)
    for statement, given in list(asked):
        if engine.dialect.name == "sqlite" and statement.startswith("SELECT"):
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            steps = [row[3] for row in plan]
            assert not [s for s in steps if re.match(r"SCAN \w+$", s)], steps
            are_few = " IN (" in statement
            assert are_few or "USE TEMP B-TREE FOR ORDER BY" not in steps, steps
