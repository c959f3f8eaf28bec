"""Invitations and resets: whoever looks at one changes nothing, and each is good once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from service.actions import inviting, passwords
from service.actions.errors import AlreadyExists, NotFound
from service.domain.roles import Role
from service.store import people
from service.store.access_tables import DeskSession
from service.store.people_tables import AccessLink
from tests.factories import SECRET
from tests.service.desk.people import (
    ASKER,
    OPERATOR,
    OTHER,
    PASSWORD,
    a_person,
    enter,
    is_out,
    link_on,
    set_up_app,
    signed_in,
    site_id,
    waiting_on,
)
from tests.service.desk.visiting import Visitor

ANN = "ann@news.example"
pytestmark = pytest.mark.usefixtures("news")


def invitation(session: Session, email: str = ANN, *, role: Role = Role.VIEWER) -> str:
    site = site_id(session, "news")
    return f"/desk/invitation/{inviting.invite(session, OPERATOR, email, site_id=site, role=role)}"


def reset(session: Session, email: str = ANN) -> str:
    person = people.by_email(session, email)
    assert person is not None
    return f"/desk/reset/{inviting.make_reset(session, OPERATOR, person.id)}"


def test_an_invitation_gives_a_role_once_a_password_is_chosen(
    visitor: Visitor, session: Session
) -> None:
    link = invitation(session)
    for _ in range(3):  # as mail scanners do
        assert visitor.get(link).status_code == 200
        assert visitor.client.head(link).status_code == 200
    assert people.by_email(session, ANN) is None
    answer = visitor.send(link, new=PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert visitor.get("/desk/").status_code == 200
    session.rollback()
    assert people.listed(session, None)[0].role == Role.VIEWER
    assert visitor.get(link).status_code == 404
    assert visitor.send(link, new=OTHER).status_code == 404


@pytest.mark.parametrize(
    ("password", "told"), [("short", "at least 12"), ("password2026!", "first guesses")]
)
def test_a_poor_password_is_refused_in_words_and_the_link_stays_good(
    visitor: Visitor, session: Session, password: str, told: str
) -> None:
    link = invitation(session)
    answer = visitor.send(link, new=password)
    assert answer.status_code == 422
    assert told in answer.text
    assert visitor.send(link, new=PASSWORD).status_code == 303


def test_an_invitation_opens_no_account_that_there_is(app: Flask, session: Session) -> None:
    """Whoever invites holds the link; it must not be a way into somebody's other sites."""
    a_person(session, ANN, role=Role.EDITOR)
    link = invitation(session)
    thief = Visitor(app.test_client())
    assert 'name="new"' not in thief.get(link).text
    assert thief.send(link, new=OTHER).status_code == 422
    assert thief.cookies() == set()
    ann = Visitor(app.test_client())
    enter(ann, ANN)
    assert "Accept" in ann.get(link).text
    assert ann.send(link).status_code == 303
    session.rollback()
    assert set(people.roles(session, people.by_email(session, ANN).id)) == {
        None, site_id(session, "news"),
    }  # fmt: skip


def test_an_invitation_is_for_whom_it_names(app: Flask, session: Session) -> None:
    link = invitation(session)
    bea = signed_in(app, session, "bea@news.example")
    assert "Sign out" in bea.get(link).text
    assert bea.send(link).status_code == 403
    assert people.by_email(session, ANN) is None


def test_a_newer_invitation_takes_the_place_of_the_one_before(
    visitor: Visitor, session: Session
) -> None:
    first, second = invitation(session), invitation(session)
    assert visitor.get(first).status_code == 404
    assert visitor.get(second).status_code == 200


@pytest.mark.parametrize("make", [invitation, reset])
def test_a_link_is_good_for_its_time(visitor: Visitor, session: Session, make) -> None:
    if make is reset:
        a_person(session, ANN)
    link = make(session)
    session.execute(update(AccessLink).values(expires_at=AccessLink.created_at))
    session.commit()
    assert visitor.get(link).status_code == 404
    answer = visitor.send(link, new=OTHER)
    assert answer.status_code == 404
    assert "ask whoever sent it" in answer.text


def test_an_invitation_is_no_reset_and_a_reset_no_invitation(
    visitor: Visitor, session: Session
) -> None:
    a_person(session, ANN)
    link = invitation(session, "bea@news.example")
    assert visitor.send(link.replace("invitation", "reset"), new=OTHER).status_code == 404
    link = reset(session)
    assert visitor.send(link.replace("reset", "invitation"), new=OTHER).status_code == 404
    assert enter(visitor, ANN).status_code == 303


def test_only_hashes_of_links_are_stored(session: Session) -> None:
    link = invitation(session)
    stored = str(session.connection().exec_driver_sql("SELECT * FROM access_links").all())
    assert link.rpartition("/")[2] not in stored


def test_a_reset_gives_a_new_password_and_ends_every_session(app: Flask, session: Session) -> None:
    old = signed_in(app, session, ANN)
    visitor = Visitor(app.test_client())
    link = reset(session)
    assert visitor.get(link).status_code == 200
    assert old.get("/desk/").status_code == 200
    assert visitor.send(link, new=OTHER).status_code == 303
    assert visitor.get("/desk/").status_code == 200
    assert is_out(old)
    other = Visitor(app.test_client())
    assert enter(other, ANN).status_code == 401
    assert enter(other, ANN, OTHER).status_code == 303
    assert other.send(link, new=PASSWORD).status_code == 404


def test_whom_others_have_locked_out_comes_in_by_a_reset(visitor: Visitor, session: Session):
    a_person(session, ANN)
    for _ in range(passwords.MOST_OF_PERSON):
        enter(visitor, ANN, "wrong")
    assert enter(visitor, ANN).status_code == 401
    assert visitor.send(reset(session), new=OTHER).status_code == 303
    assert visitor.get("/desk/").status_code == 200


def test_a_reset_takes_the_place_of_the_password_alone(app: Flask, session: Session) -> None:
    telephone, _ = set_up_app(signed_in(app, session, ANN))
    visitor = Visitor(app.test_client())
    answer = visitor.send(reset(session), new=OTHER)
    assert visitor.cookies() == set()
    code = telephone.code()
    waiting = waiting_on(answer.text)
    assert visitor.send("/desk/sign-in/code", waiting=waiting, code=code).status_code == 303


def test_a_password_that_was_right_is_no_good_after_a_reset_began_and_ended_meanwhile(
    app: Flask, session: Session
) -> None:
    telephone, _ = set_up_app(signed_in(app, session, ANN))
    visitor = Visitor(app.test_client())
    waiting = waiting_on(enter(visitor, ANN).text)
    Visitor(app.test_client()).send(reset(session), new=OTHER)
    answer = visitor.send("/desk/sign-in/code", waiting=waiting, code=telephone.code())
    assert answer.status_code == 401


def test_of_many_who_use_a_link_at_once_one_does(engine: Engine, session: Session, news: str):
    link = invitation(session).rpartition("/")[2]

    def accept(number: int) -> bool:
        with Session(engine, expire_on_commit=False) as own:
            try:
                inviting.accept_with_password(own, link, f"{PASSWORD} {number}", asker=ASKER)
            except (NotFound, AlreadyExists):
                return False
            return True

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(accept, range(6))) == 1
    assert len(session.scalars(select(DeskSession.id)).all()) == 1


def test_links_point_at_this_service(desk: Visitor, session: Session) -> None:
    desk.get("/desk/people")
    answer = desk.send("/desk/people/invitations", email=ANN, role="viewer", site="")
    link = link_on(answer.text)
    assert desk.client.get(link).status_code == 200


def test_the_secret_of_signing_in_is_bound_to_the_settings(session: Session) -> None:
    """Counts of guesses are kept under keyed hashes: another secret knows none of them."""
    assert passwords._key(SECRET, "person", ANN) != passwords._key("x" * 40, "person", ANN)
