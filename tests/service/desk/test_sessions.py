"""How long somebody stays signed in, and what the log says of who may do what."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.actions import inviting
from service.actions import people as actions
from service.domain.roles import Role
from service.store import people
from service.store.access_tables import DeskSession
from service.store.audit_tables import AuditEntry
from tests.service.desk.people import (
    ASKER,
    OPERATOR,
    OTHER,
    PASSWORD,
    is_out,
    set_up_app,
    signed_in,
    site_id,
)

ANN = "ann@news.example"


@pytest.mark.parametrize(
    ("column", "ago", "is_over"),
    [("seen_at", timedelta(hours=11, minutes=50), False), ("seen_at", timedelta(hours=12), True),
     ("expires_at", timedelta(seconds=1), True)],
)  # fmt: skip
def test_a_session_ends_when_it_is_idle_and_at_its_end(
    app: Flask, session: Session, column: str, ago: timedelta, is_over: bool
) -> None:
    ann = signed_in(app, session, ANN)
    session.execute(update(DeskSession).values({column: datetime.now(UTC) - ago}))
    session.commit()
    assert is_out(ann) == is_over


def test_a_session_lasts_a_week_however_much_it_is_used(app: Flask, session: Session) -> None:
    ann = signed_in(app, session, ANN)
    ends = select(DeskSession.expires_at).order_by(DeskSession.created_at.desc())
    before = session.scalars(ends).first()
    assert before is not None
    assert abs(before - datetime.now(UTC) - timedelta(days=7)) < timedelta(minutes=5)
    session.execute(update(DeskSession).values(seen_at=datetime.now(UTC) - timedelta(hours=3)))
    session.commit()
    ann.get("/desk/")
    assert session.scalars(ends).first() == before
    seen = session.scalar(select(DeskSession.seen_at).order_by(DeskSession.created_at.desc()))
    assert seen is not None
    assert datetime.now(UTC) - seen < timedelta(minutes=5)


def test_the_log_has_whatever_changes_who_may_do_what(
    app: Flask, session: Session, news: str
) -> None:
    chief = signed_in(app, session, "chief@news.example", role=Role.ADMIN)
    set_up_app(chief)
    ann = signed_in(app, session, ANN, site="news")
    person = people.by_email(session, ANN)
    assert person is not None
    form = {"person": str(person.id), "site": str(site_id(session, "news"))}
    chief.get("/desk/people")
    chief.send("/desk/people/role", **form, role="viewer")
    chief.send("/desk/people/sessions/end", **form)
    chief.send("/desk/people/reset", **form)
    chief.send("/desk/people/removal", **form)
    chief.send("/desk/tokens", name="robot", scopes=["read"], site="")
    assert is_out(ann)
    session.rollback()
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
    by_chief = [one for one in entries if one.by == "chief@news.example"]
    assert [(one.kind, one.action) for one in by_chief] == [
        ("person", "password chosen"), ("person", "second factor set up"), ("role", "changed"),
        ("session", "ended"), ("person", "reset link made"), ("role", "removed"),
        ("token", "created"),
    ]  # fmt: skip
    told = Counter((one.kind, one.action) for one in entries if one.by == OPERATOR.by)
    assert told == {("person", "invited"): 2, ("person", "added"): 2, ("role", "given"): 2}
    assert not any("plum" in one.details or "argon2" in one.details for one in entries)


def test_what_is_refused_leaves_no_trace_of_having_happened(
    app: Flask, session: Session, news: str
) -> None:
    ann = signed_in(app, session, ANN, site="news")
    before = session.scalars(select(AuditEntry.seq)).all()
    session.rollback()
    assert ann.send("/desk/people/role", role="admin").status_code == 403
    assert ann.send("/desk/account/password", present="x", new=OTHER).status_code == 422
    assert session.scalars(select(AuditEntry.seq)).all() == before


def test_removing_a_person_is_told_role_by_role(session: Session, news: str) -> None:
    link = inviting.invite(session, OPERATOR, ANN, site_id=None, role=Role.EDITOR)
    inviting.accept_with_password(session, link, PASSWORD, asker=ASKER)
    person = people.by_email(session, ANN)
    assert person is not None
    people.grant(session, person.id, site_id=site_id(session, news), role=Role.ADMIN, by="t")
    session.commit()
    actions.remove_person(session, OPERATOR, person.id)
    removed = session.scalars(select(AuditEntry.details).where(AuditEntry.action == "removed"))
    assert sorted(removed) == ['{"role":"admin"}', '{"role":"editor"}']
