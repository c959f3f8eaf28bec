"""What is done is in the audit log, in one unbroken line, whoever does it at the same time."""

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from service.actions import claiming, credentials, deciding, editing, identities, sites, threads
from service.actions.deciding import Decided
from service.bell import SilentBell
from service.domain import chain
from service.domain.identity import Algorithm
from service.domain.policy import Policy
from service.domain.reader_tokens import read_key
from service.domain.states import State
from service.store import audit
from service.store.audit import AUDIT, Entry, Kind
from service.store.audit_tables import AuditEntry, AuditHead
from service.store.db import begin_write, now
from service.store.models import Decision, Revision, StoredPolicy
from tests.factories import SECRET, store

ENTRY = Entry(kind=Kind.PERSON, action="added", by="test")
TABLES = {"audit": AuditEntry, "decisions": Decision, "policies": StoredPolicy}


def entries(session: Session, *kinds: Kind) -> list[AuditEntry]:
    query = select(AuditEntry).order_by(AuditEntry.seq)
    found = session.scalars(query.where(AuditEntry.kind.in_(kinds)) if kinds else query).all()
    ensure_unbroken(session)
    return list(found)


def ensure_unbroken(session: Session) -> None:
    seq, last = 0, chain.START
    for row in session.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings():
        assert (row["seq"], row["prev"]) == (seq + 1, last)
        assert row["hash"] == chain.linked(last, row)
        seq, last = row["seq"], row["hash"]
    head = session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    assert tuple(head) == (seq, last)


def held(session: Session, *, count: int) -> list[Revision]:
    """Revisions that wait for a moderator."""
    ids = [store(session, site="news", body=f"Text {number}") for number in range(count)]
    claiming.claim_fresh(session, batch=count, lease_seconds=-1)
    session.execute(text("UPDATE revisions SET attempts = 3"))
    session.commit()
    assert deciding.hold_exhausted(session, batch=count, lease_seconds=60) == count
    return list(session.scalars(select(Revision).where(Revision.comment_id.in_(ids))))


def line(revision: Revision, to: State, note: str | None = None) -> Decided:
    return Decided(revision.comment_id, revision.id, revision.state, to, note=note)


def decide(session: Session, *lines: Decided, by: str = "ann@news.example") -> None:
    deciding.decide(session, SilentBell(), lines, by=by, sites=None)


@pytest.mark.usefixtures("news")
def test_every_decision_is_in_it(session: Session) -> None:
    first, second = held(session, count=2)
    decide(session, line(first, State.APPROVED), line(second, State.SPAM, note="Sells pills."))
    editing.delete_comment(session, SilentBell(), first.comment_id)
    decisions = {row.id: row for row in session.scalars(select(Decision))}
    logged = entries(session, Kind.DECISION)
    assert {entry.subject for entry in logged} == decisions.keys()
    assert [(one.action, one.by, one.actor) for one in logged] == [
        ("held", "screening", "screening"),
        ("held", "screening", "screening"),
        ("approved", "ann@news.example", "moderator"),
        ("spam", "ann@news.example", "moderator"),
        ("withdrawn", "author", "author"),
    ]
    assert not any("pills" in entry.details for entry in logged)
    for entry in logged:
        row = decisions[entry.subject]
        mapped = {column.name: getattr(row, key) for key, column in Decision.__mapper__.c.items()}
        assert entry.details == chain.details(audit.facts_of(mapped))
        assert entry.content == audit.content_of(mapped)
        assert entry.site_id == row.site_id


@pytest.mark.usefixtures("news")
def test_a_superseded_revision_is_in_it(session: Session) -> None:
    [first] = held(session, count=1)
    decide(session, line(first, State.APPROVED))
    editing.edit_comment(session, SilentBell(), first.comment_id, body="Another text")
    [second] = session.scalars(select(Revision).where(Revision.number == 2))
    session.execute(update(Revision).where(Revision.id == second.id).values(attempts=3))
    session.commit()
    deciding.hold_exhausted(session, batch=9, lease_seconds=60)
    session.refresh(second)
    decide(session, line(second, State.APPROVED))
    assert ("superseded", "superseding") in {
        (one.action, one.actor) for one in entries(session, Kind.DECISION)
    }


def test_what_is_set_up_is_in_it(session: Session, news: str) -> None:
    bell = SilentBell()
    sites.set_origins(session, bell, news, ["https://b.example"], by="ann")
    sites.set_policy(session, bell, news, seen=1, settings=Policy().as_json(), by="ann")
    threads.set_up(session, bell, news, page="p", settings={"mode": None}, by="ann")
    key = read_key(Algorithm.HS256, b"0123456789abcdef0123456789abcdef")
    identities.set_key(session, news, key, secret=SECRET, by="ann")
    identities.forget_keys(session, news, but_newest=False, by="ann")
    credentials.add_moderator(session, "Bob@news.example", site=news, days=1, by="ann")
    credentials.revoke_tokens(session, "bob@news.example", by="ann")
    logged = entries(session)
    assert [(one.kind, one.action) for one in logged if one.by == "ann"] == [
        ("site", "origins set"),
        ("policy", "version made"),
        ("thread", "set up"),
        ("identity", "key added"),
        ("identity", "key removed"),
        ("person", "added"),
        ("token", "created"),
        ("token", "revoked"),
    ]
    assert [(one.kind, one.action) for one in logged if one.by == "test"] == [
        ("site", "added"),
        ("policy", "version made"),
        ("site", "origins set"),
    ]
    [mode] = entries(session, Kind.THREAD)
    assert orjson.loads(mode.details) == {"page": "p", "mode": None}


def test_what_was_rolled_back_is_not_in_it(session: Session) -> None:
    audit.note(session, ENTRY)
    session.rollback()
    begin_write(session)
    session.commit()
    audit.note(session, ENTRY)
    session.close()
    begin_write(session)
    audit.note(session, ENTRY)
    session.commit()
    assert len(entries(session)) == 1


def test_what_stays_open_is_not_written_yet(session: Session) -> None:
    with session.begin():
        with session.begin_nested():
            audit.note(session, ENTRY)
        assert session.scalar(select(func.count(AuditEntry.seq))) == 0
    assert len(entries(session)) == 1


@pytest.mark.usefixtures("news")
def test_fifty_deciders_at_once_leave_one_line(session: Session, engine: Engine) -> None:
    revisions = held(session, count=50)
    lines = [line(one, State.APPROVED) for one in revisions]
    before = len(entries(session))

    def moderate(number: int) -> int:
        """Two at a time want the same one; whoever comes late goes on to the next."""
        start = number // 2 * 2
        for one in [*lines[start:], *lines[:start]]:
            if ask(one, by=f"m{number}") is deciding.Outcome.MOVED:
                return 1
        return 0

    def ask(one: Decided, *, by: str) -> deciding.Outcome:
        """Until there is an answer: where 50 wait for a connection, some are told to come back."""
        while True:
            try:
                with Session(engine, expire_on_commit=False) as own:
                    [result] = deciding.decide(own, SilentBell(), [one], by=by, sites=None)
            except (TimeoutError, OperationalError):
                continue
            return result.outcome

    with ThreadPoolExecutor(50) as pool:
        moved = sum(pool.map(moderate, range(50)))
    session.rollback()
    logged = entries(session)
    assert len(logged) - before == moved == 50
    decided = set(session.scalars(select(Decision.id)))
    assert {one.subject for one in logged if one.kind == Kind.DECISION} == decided


@pytest.mark.usefixtures("news")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_changes(session: Session, table: str) -> None:
    held(session, count=1)
    session.commit()
    columns = [column.name for column in TABLES[table].__table__.columns]
    for attempt in [*(f'UPDATE {table} SET "{name}" = NULL' for name in columns),
                    f"DELETE FROM {table}"]:  # fmt: skip
        with pytest.raises(DBAPIError, match="never changed"):
            session.execute(text(attempt))
        session.rollback()


@pytest.mark.usefixtures("news")
def test_what_was_said_may_be_erased_and_nothing_else_with_it(session: Session) -> None:
    held(session, count=1)
    content = [name for name in (*audit.CONTENT, "salt") if name in Decision.__table__.columns]
    erased = ", ".join(f"{name} = NULL" for name in content)
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text(f"UPDATE decisions SET {erased}, reason = 'x'"))
    session.rollback()
    session.execute(text(f"UPDATE decisions SET {erased}"))
    session.commit()
    [decision] = session.scalars(select(Decision))
    assert (decision.note, decision.findings, decision.salt) == (None, None, None)


def test_every_column_of_a_decision_is_covered() -> None:
    """Else it could be altered and the log would not tell."""
    columns = {column.name for column in Decision.__table__.columns}
    covered = {*audit.FACTS, *audit.CONTENT, "salt", "id", "site_id", "actor", "by"}
    assert columns <= covered, "Add these to FACTS or CONTENT in service/store/audit.py."


def test_the_clock_is_the_databases(session: Session) -> None:
    audit.note(session, ENTRY)
    session.commit()
    [entry] = entries(session)
    assert abs((session.scalar(select(now())) - entry.at).total_seconds()) < 60
