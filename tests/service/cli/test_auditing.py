"""afterword audit, as it is typed."""

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from service.store.audit import AUDIT
from tests.tampering import tampering

pytestmark = pytest.mark.usefixtures("news")


def test_a_sound_log_is_told_with_its_head(run) -> None:
    head = run("audit", "head").output.strip()
    verified = run("audit", "verify", "--head", head)
    assert verified.exit_code == 0, verified.output
    told = f"3 entries are as they were written. The head is {head}\n"
    assert verified.stdout == told
    assert run("audit", "verify", "--head", "beef").exit_code == 1
    assert "No entry has the hash" in run("audit", "verify", "--head", "ab" * 32).output


def test_an_altered_log_ends_with_1(run, session: Session, engine: Engine) -> None:
    session.rollback()
    with tampering(engine) as connection:
        connection.execute(update(AUDIT).where(AUDIT.c.seq == 2).values(by="nobody"))
    verified = run("audit", "verify")
    assert verified.exit_code == 1
    assert verified.stdout == "Entry 2 was altered; it now says: policy version made by nobody.\n"
    assert "The audit log is not as it was written: 1 problem(s)." in verified.stderr
