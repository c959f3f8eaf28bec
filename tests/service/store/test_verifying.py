"""Whatever is altered in the audit log, or in what it tells of, is found and named."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, LargeBinary, Uuid, delete, func, insert, select, text, update
from sqlalchemy.orm import Session

from service.actions import editing, sites
from service.bell import SilentBell
from service.domain import chain
from service.domain.ids import new_id
from service.domain.policy import Policy
from service.domain.states import State
from service.store import audit
from service.store.audit import AUDIT, HEAD, linked
from service.store.db import UtcTime, begin_write
from service.store.erasing import blank_decisions
from service.store.recorded import DECISIONS, POLICIES
from service.store.verifying import verify
from tests.factories import store
from tests.service.store.test_audit import ENTRY, decide, held, line
from tests.tampering import tampering

TABLES = {"audit": AUDIT, "audit_head": HEAD, "decisions": DECISIONS, "policies": POLICIES}
PLACES = st.sampled_from([(name, c.name) for name, table in TABLES.items() for c in table.columns])


@pytest.fixture
def log(session: Session, news: str) -> Session:
    """A log with something of each kind."""
    first, second, third = held(session, count=3)
    decide(session, line(first, State.APPROVED), line(second, State.SPAM, note="Sells pills."))
    decide(session, line(third, State.REJECTED, note="1e16"))
    editing.delete_comment(session, SilentBell(), first.comment_id)
    sites.set_policy(
        session, SilentBell(), news, seen=1, settings=Policy().as_json(), by="ann@news.example"
    )
    assert found(session) == []
    return session


def found(session: Session, **options: Any) -> list[str]:
    session.rollback()
    return [problem.in_words() for problem in verify(session, **options)]


def entry(session: Session, seq: int) -> dict[str, Any]:
    row = session.execute(select(AUDIT).where(AUDIT.c.seq == seq)).mappings().one()
    return dict(row)


def newest(session: Session) -> int:
    return session.scalar(select(func.max(AUDIT.c.seq)))


def other(value: Any, kind: Any, number: int) -> Any:
    """Another value that the column could hold."""
    if isinstance(kind, Uuid):
        return new_id()
    if isinstance(kind, UtcTime):
        return (value or datetime.now().astimezone()) + timedelta(milliseconds=1 + number)
    if isinstance(kind, LargeBinary):
        changed = bytearray(value or b"salt")
        changed[number % len(changed)] ^= 1 + number % 255
        return bytes(changed)
    if isinstance(value, int):
        return value + 1000 + number
    if isinstance(value, str):
        return f"{value}?" if len(value) < 16 else f"?{value[1:]}" if value[0] != "?" else "!"
    if isinstance(value, dict):
        return {**value, "mode": str(number)}
    if isinstance(value, list):
        return [*value, number]
    return number if kind.python_type is int else "?"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=PLACES, row=st.integers(0, 50), number=st.integers(0, 1000))
def test_whatever_column_of_whatever_row_is_altered(
    log: Session, engine: Engine, place: tuple[str, str], row: int, number: int
) -> None:
    table, column = TABLES[place[0]], TABLES[place[0]].c[place[1]]
    log.rollback()
    rows = log.execute(select(table).order_by(*table.primary_key.columns)).mappings().all()
    before = dict(rows[row % len(rows)])
    after = {**before, column.name: other(before[column.name], column.type, number)}
    with tampering(engine) as connection:
        replace(connection, table, before, after)
    try:
        assert found(log), f"{column}: {before[column.name]!r} became {after[column.name]!r}"
    finally:
        with tampering(engine) as connection:
            replace(connection, table, after, before)
    assert found(log) == []


def replace(connection: Any, table: Any, old: dict[str, Any], new: dict[str, Any]) -> None:
    keys = [column == old[column.name] for column in table.primary_key.columns]
    changed = {name: value for name, value in new.items() if value != old[name]}
    assert connection.execute(update(table).where(*keys).values(changed)).rowcount == 1


@pytest.mark.parametrize("seq", [1, 5, 9])
def test_an_entry_that_was_taken_out(log: Session, engine: Engine, seq: int) -> None:
    with tampering(engine) as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq == seq))
    assert f"Entry {seq} is missing." in found(log)


def test_entries_that_changed_places(log: Session, engine: Engine) -> None:
    first, second = entry(log, 5), entry(log, 6)
    with tampering(engine) as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq.in_([5, 6])))
        connection.execute(insert(AUDIT), [{**first, "seq": 6}, {**second, "seq": 5}])
    assert found(log)[:2] == [
        "Entry 5 stands in the wrong place: it is entry 6.",
        "Entry 6 stands in the wrong place: it is entry 5.",
    ]


def test_an_entry_that_was_written_anew_with_a_right_hash(log: Session, engine: Engine) -> None:
    altered = entry(log, 5) | {"by": "nobody"}
    altered["hash"] = chain.linked(altered["prev"], altered)
    with tampering(engine) as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.seq == 5).values(altered))
    problems = found(log)
    assert any(one.startswith("Entry 6 does not follow the entry before it") for one in problems)
    assert any(one.startswith("Entry 5 tells of the decision") for one in problems)


def test_a_tail_that_was_cut(log: Session, engine: Engine) -> None:
    last = newest(log)
    with tampering(engine) as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq > last - 2))
    assert f"Entry {last - 1} is missing, and so are all up to {last}." in found(log)


def test_a_tail_that_was_added(log: Session, engine: Engine) -> None:
    last = entry(log, newest(log))
    [forged] = linked([ENTRY], seq=last["seq"], last=last["hash"], at=last["at"])
    with tampering(engine) as connection:
        connection.execute(insert(AUDIT), forged)
    assert found(log) == [f"Entry {forged['seq']} was added, and all up to {forged['seq']}."]


def test_a_log_that_was_cut_with_its_head_is_known_by_a_hash_noted_earlier(
    log: Session, engine: Engine
) -> None:
    last = newest(log)
    noted, before = entry(log, last)["hash"], entry(log, last - 1)
    assert found(log, known=noted) == found(log, known=before["hash"]) == []
    with tampering(engine) as connection:
        connection.execute(delete(AUDIT).where(AUDIT.c.seq == last))
        connection.execute(update(HEAD).values(seq=last - 1, hash=before["hash"]))
        connection.execute(delete(POLICIES).where(POLICIES.c.version == 2))
    assert found(log, known=before["hash"]) == []
    [problem] = found(log, known=noted)
    assert problem.startswith(f"No entry has the hash {noted.hex()}")


def test_a_head_that_is_gone(log: Session, engine: Engine) -> None:
    head = log.execute(select(HEAD)).mappings().one()
    with tampering(engine) as connection:
        connection.execute(delete(HEAD))
    assert found(log) == ["The row that says where the log ends is gone."]
    audit.note(log, ENTRY)
    with pytest.raises(RuntimeError, match="head is gone"):
        log.commit()
    log.rollback()
    with tampering(engine) as connection:
        connection.execute(insert(HEAD), dict(head))


def test_decisions_that_were_added_or_deleted(log: Session, engine: Engine) -> None:
    row = dict(log.execute(select(DECISIONS).limit(1)).mappings().one())
    added = row | {"id": new_id()}
    with tampering(engine) as connection:
        connection.execute(insert(DECISIONS), added)
        connection.execute(insert(DECISIONS), added | {"id": (second := new_id())})
        connection.execute(delete(DECISIONS).where(DECISIONS.c.id == row["id"]))
    problems = found(log)
    assert f"The decision {added['id']} was added: no entry tells of it." in problems
    assert f"The decision {second} was added: no entry tells of it." in problems
    assert any(f"tells of the decision {row['id']}, which is gone." in one for one in problems)
    assert len(problems) == 3


def test_a_policy_that_was_added_or_deleted(log: Session, engine: Engine) -> None:
    [second] = log.execute(select(POLICIES).where(POLICIES.c.version == 2)).mappings()
    with tampering(engine) as connection:
        connection.execute(delete(POLICIES).where(POLICIES.c.version == 2))
        connection.execute(insert(POLICIES), dict(second) | {"version": 3})
    problems = " ".join(found(log))
    assert f"tells of the policy 2 of site {second['site_id']}, which is gone." in problems
    assert f"The policy 3 of site {second['site_id']} was added" in problems


def test_it_says_which_columns_of_a_decision(log: Session, engine: Engine) -> None:
    id = log.scalar(select(DECISIONS.c.id).where(DECISIONS.c.note == "Sells pills."))
    with tampering(engine) as connection:
        altered = {"by": "bob@news.example", "to_state": "approved", "note": "Sells books."}
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == id).values(altered))
    problems = [one.partition(" ")[2].partition(" ")[2] for one in found(log)]
    assert problems == [
        f"tells of the decision {id}, which was altered: by, to_state.",
        f"tells of the decision {id}, which was altered: note, findings, message.",
    ]


def test_what_was_erased_with_an_entry_is_no_problem(log: Session, engine: Engine) -> None:
    ids = log.scalars(select(DECISIONS.c.id).order_by(DECISIONS.c.id)).all()
    begin_write(log)
    blank_decisions(log, ids[:2], by="ann@news.example")
    log.commit()
    assert found(log) == []
    with tampering(engine) as connection:
        blank = {"note": None, "findings": text("NULL"), "message": None, "salt": None}
        connection.execute(update(DECISIONS).where(DECISIONS.c.id == ids[2]).values(blank))
    [problem] = found(log)
    assert problem.endswith(f"the decision {ids[2]}, whose texts are gone without an entry.")


@pytest.mark.parametrize("column", ["at", "site_id", "subject", "prev", "content", "by"])
def test_what_nobody_can_read_is_found_too(log: Session, engine: Engine, column: str) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL takes no value of another type")
    with tampering(engine) as connection:
        connection.exec_driver_sql(f"UPDATE audit SET \"{column}\" = '' WHERE seq = 5")
        connection.exec_driver_sql(f"UPDATE audit SET \"{column}\" = x'ff' WHERE seq = 7")
    assert {one[: len("Entry 5")] for one in found(log)} >= {"Entry 5", "Entry 7"}


def test_it_looks_at_more_than_one_batch(session: Session, news: str, engine: Engine) -> None:
    begin_write(session)
    audit.note(session, *[ENTRY] * 1200)
    session.commit()
    told: list[tuple[int, int]] = []
    assert list(verify(session, tell=lambda done, of: told.append((done, of)))) == []
    total = newest(session)
    assert told == [(500, total), (1000, total), (total, total)]
    with tampering(engine) as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.seq == 1100).values(by="x"))
    [problem] = found(session)
    assert problem.startswith("Entry 1100 was altered; it now says: person added by x.")
    assert store(session, site=news, body="Still taken.")


def test_an_empty_log_is_sound(session: Session) -> None:
    assert found(session) == []
