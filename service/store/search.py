"""Finding revisions by words and marks, with the index that each database has for them.

Who deletes a revision deletes its entry with it; who blanks a text calls `forget`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Table,
    Text,
    delete,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from service.domain import search_words
from service.domain.scripts import script_of
from service.domain.search_words import LEAST_PREFIX, Term
from service.store.claims import Claimed
from service.store.models import Comment, Thread
from service.store.search_tables import Backfill, SearchEntry

ENTRIES = cast(Table, SearchEntry.__table__)
ENTER = insert(ENTRIES)
IN_FTS = (
    "SELECT revision_id FROM search_entries WHERE number IN"
    " (SELECT rowid FROM search_index WHERE search_index MATCH :words LIMIT :most)"
)
IN_GIN = (
    "SELECT revision_id FROM search_entries WHERE"
    " array_to_tsvector(string_to_array(btrim(words), ' ')) @@ CAST(:words AS tsquery)"
)
FOUND = {
    "sqlite": text(IN_FTS).columns(ENTRIES.c.revision_id),
    "postgresql": text(f"{IN_GIN} LIMIT :most").columns(ENTRIES.c.revision_id),
}
EXPECTED = text(f"EXPLAIN (FORMAT JSON) {IN_GIN}")
BACKFILL = "search"

Groups = Sequence[Sequence[str]]  # of marks, of each group one at least


def words_of(row: Claimed, checks: Iterable[str]) -> str:
    """What a revision is found by, with the checks that it did not pass."""
    marks = search_words.marks(
        site=row.site_id,
        thread=row.thread_id,
        author=row.author_id,
        checks=checks,
        script=script_of(row.body),
        addresses=(row.page_url, row.page),
    )
    return search_words.entry(marks=marks, name=row.author_name, body=row.body)


def words_of_rest(comment: Comment, thread: Thread, body: str) -> str:
    """The same of what a moderator left of a text, which no check has judged."""
    marks = search_words.marks(
        site=comment.site_id,
        thread=comment.thread_id,
        author=comment.author_id,
        checks=(),
        script=script_of(body),
        addresses=(thread.url, thread.page),
    )
    return search_words.entry(marks=marks, name=comment.author_name, body=body)


def enter(session: Session, words: Mapping[UUID, str | None]) -> None:
    rows = [{"revision_id": id, "words": line} for id, line in words.items() if line is not None]
    if rows:
        session.connection().execute(ENTER, rows)


def forget(session: Session, revision_ids: Collection[UUID]) -> None:
    session.execute(delete(SearchEntry).where(SearchEntry.revision_id.in_(revision_ids)))


def is_complete(session: Session) -> bool:
    """Whether all that came before the index did is in it."""
    query = select(Backfill.name).where(Backfill.name == BACKFILL)
    return session.scalar(query) is None


def few(
    session: Session, terms: Sequence[Term], groups: Groups, *, most: int
) -> Sequence[UUID] | None:
    """All that may have these terms and marks; None where that is more than `most`.

    May have: which words stand together, and which are unwanted, has to be looked at.
    """
    wanted = [(word, False) for term in terms for word in _whole(term)]
    wanted += [(term.words[-1], True) for term in terms if _can_begin(term)]
    if not wanted and not groups:
        return None
    dialect = session.get_bind().dialect.name
    words = (_fts if dialect == "sqlite" else _tsquery)(wanted, groups)
    if dialect == "postgresql" and _expected(session, words) > most:
        return None
    given = {"words": words, "most": most + 1}
    found = session.connection().execute(FOUND[dialect], given).scalars().all()
    return None if len(found) > most else found


def _whole(term: Term) -> Sequence[str]:
    if term.is_unwanted:
        return ()
    return term.words[:-1] if term.is_prefix else term.words


def _can_begin(term: Term) -> bool:
    return term.is_prefix and not term.is_unwanted and len(term.words[-1]) >= LEAST_PREFIX


def _fts(wanted: Sequence[tuple[str, bool]], groups: Groups) -> str:
    parts = [f'"{word}"{"*" if begins else ""}' for word, begins in wanted]
    for group in groups:
        any_of = " OR ".join(f'"{mark}"' for mark in group)
        parts.append(f"({any_of})")
    return " AND ".join(parts)


def _tsquery(wanted: Sequence[tuple[str, bool]], groups: Groups) -> str:
    parts = [f"'{word}'{':*' if begins else ''}" for word, begins in wanted]
    for group in groups:
        any_of = " | ".join(f"'{mark}'" for mark in group)
        parts.append(f"({any_of})")
    return " & ".join(parts)


def _expected(session: Session, words: str) -> float:
    """How many PostgreSQL thinks there are: to count what is frequent would take too long."""
    plan: Any = session.connection().execute(EXPECTED, {"words": words}).scalar_one()
    return float(plan[0]["Plan"]["Plan Rows"])


class place_in(FunctionElement[int]):
    """Where some text contains another, from 1 on; 0: nowhere."""

    type = Integer()
    inherit_cache = True


@compiles(place_in, "sqlite")
def _place_in_sqlite(element: place_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(place_in, "postgresql")
def _place_in_postgresql(element: place_in, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


def conditions(terms: Sequence[Term], groups: Groups) -> list[ColumnElement[bool]]:
    """Of the terms and marks, exactly. Needs the entry beside each row, or none."""
    words = func.coalesce(ENTRIES.c.words, "")
    found: list[ColumnElement[bool]] = []
    for term in terms:
        has = _has(words, term.contained)
        found.append(not_(has) if term.is_unwanted else has)
    found += [or_(*(_has(words, f" {mark} ") for mark in group)) for group in groups]
    return found


def _has(words: ColumnElement[str], part: str) -> ColumnElement[bool]:
    return place_in(words, literal(part, Text())) > 0
