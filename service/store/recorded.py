"""Whether decisions and policies are still what the audit log says they were."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from sqlalchemy import Table, exists, func, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from service.domain import chain
from service.store.audit import AUDIT, CONTENT, Kind, content_of, facts_of
from service.store.models import Decision, StoredPolicy

DECISIONS, POLICIES = cast(Table, Decision.__table__), cast(Table, StoredPolicy.__table__)
IS_ITS_DECISION = (AUDIT.c.kind == Kind.DECISION) & (DECISIONS.c.id == AUDIT.c.subject)
IS_LOGGED = exists().where(IS_ITS_DECISION)
COUNTS = select(
    select(func.count()).select_from(DECISIONS).scalar_subquery(),
    select(func.count()).where(AUDIT.c.kind == Kind.DECISION).scalar_subquery(),
)
ERASED = select(AUDIT.c.subject).where(AUDIT.c.kind == Kind.ERASURE)
UNREADABLE = (ValueError, TypeError, AttributeError, StatementError)
SHOWN = 1000  # at most so many additions are named

Row = Mapping[str, Any]
Pair = tuple[Row, Row | None]  # an entry, and the decision that it tells of, if there is one


@dataclass(frozen=True, slots=True)
class Problem:
    """What is not as it was written; with an entry's number, words that go on from "Entry 7"."""

    what: str
    seq: int | None = None

    def in_words(self) -> str:
        return self.what if self.seq is None else f"Entry {self.seq} {self.what}"


def differences(session: Session, pairs: Sequence[Pair]) -> Iterator[Problem]:
    """Of entries that are as they were written: where what they tell of is not."""
    said_otherwise = []
    for entry, decision in pairs:
        if entry["kind"] != Kind.DECISION:
            continue
        if decision is None:
            yield Problem(f"tells of the decision {entry['subject']}, which is gone.", entry["seq"])
            continue
        try:
            names, is_said = _differing(entry, decision), content_of(decision) == entry["content"]
        except UNREADABLE:
            names, is_said = ["nobody can read it any more"], True
        if names:
            yield _altered(entry, f"decision {decision['id']}", names)
        if not is_said:
            said_otherwise.append((entry, decision))
    yield from _unless_erased(session, said_otherwise)
    for entry, _ in pairs:
        if entry["kind"] == Kind.POLICY:
            yield from _of_policy(session, entry)


def _differing(entry: Row, decision: Row) -> list[str]:
    names = [name for name in ("site_id", "by", "actor") if entry[name] != decision[name]]
    facts = chain.details(facts_of(decision))
    if facts != entry["details"]:
        now, then = orjson.loads(facts), orjson.loads(entry["details"])
        names += sorted(name for name in now | then if now.get(name) != then.get(name))
    return names


def _altered(entry: Row, what: str, names: Sequence[str]) -> Problem:
    return Problem(f"tells of the {what}, which was altered: {', '.join(names)}.", entry["seq"])


def _unless_erased(session: Session, pairs: Sequence[tuple[Row, Row]]) -> Iterator[Problem]:
    """What was said may be erased, if all of it is and an entry tells of that."""
    ids = [decision["id"] for _, decision in pairs]
    erased = session.scalars(ERASED.where(AUDIT.c.subject.in_(ids))).all() if ids else ()
    for entry, decision in pairs:
        is_blank = all(decision.get(name) is None for name in (*CONTENT, "salt"))
        if not is_blank:
            yield _altered(entry, f"decision {decision['id']}", CONTENT)
        elif decision["id"] not in erased:
            what = f"tells of the decision {decision['id']}, whose texts are gone without an entry."
            yield Problem(what, entry["seq"])


def _of_policy(session: Session, entry: Row) -> Iterator[Problem]:
    said = orjson.loads(entry["details"])
    name = f"policy {said['version']} of site {entry['site_id']}"
    where = (POLICIES.c.site_id == entry["site_id"]) & (POLICIES.c.version == said["version"])
    try:
        row = session.execute(select(POLICIES).where(where)).mappings().one_or_none()
        is_same = row is not None and {
            "by": row["by"] == entry["by"],
            "created_at": chain.details(said | {"created_at": row["created_at"]})
            == entry["details"],
            "settings": chain.digest(row["settings"]) == entry["content"],
        }
    except UNREADABLE:
        is_same = {"nobody can read it any more": False}
    if not is_same:
        yield Problem(f"tells of the {name}, which is gone.", entry["seq"])
    elif names := [name for name, same in is_same.items() if not same]:
        yield _altered(entry, name, names)


def additions(session: Session, *, gone: int) -> Iterator[Problem]:
    """Decisions and policies of which no entry tells. `gone`: how many have an entry and no row."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))  # it may have to read all of them
    decisions, entries = session.execute(COUNTS).one()
    try:
        if decisions != entries - gone:
            for id in session.scalars(select(DECISIONS.c.id).where(~IS_LOGGED).limit(SHOWN)).all():
                yield Problem(f"The decision {id} was added: no entry tells of it.")
        yield from _added_policies(session)
    except UNREADABLE:
        yield Problem("There are decisions or policies whose keys nobody can read any more.")


def _added_policies(session: Session) -> Iterator[Problem]:
    made = session.execute(select(POLICIES.c.site_id, POLICIES.c.version)).all()
    logged = session.execute(
        select(AUDIT.c.site_id, AUDIT.c.details).where(AUDIT.c.kind == Kind.POLICY)
    ).all()
    known = {(row.site_id, _version(row.details)) for row in logged}
    for site_id, version in made:
        if (site_id, version) not in known:
            what = f"The policy {version} of site {site_id} was added: no entry tells of it."
            yield Problem(what)


def _version(details: str) -> int | None:
    """None where the entry itself was altered, of which is told elsewhere."""
    try:
        version: int | None = orjson.loads(details).get("version")
    except UNREADABLE:
        return None
    return version
