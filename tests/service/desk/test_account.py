"""What people do with their own account."""

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.domain.roles import Role
from service.store.access_tables import Grant
from tests.service.desk.people import (
    OTHER,
    PASSWORD,
    a_person,
    enter,
    is_out,
    set_up_app,
    signed_in,
    waiting_on,
)
from tests.service.desk.visiting import Visitor

ANN = "ann@news.example"
FACTOR = "/desk/account/second-factor"


@pytest.fixture
def ann(app: Flask, session: Session, news: str) -> Visitor:
    return signed_in(app, session, ANN)


def test_a_new_password_ends_the_other_sessions_and_makes_this_one_anew(
    app: Flask, ann: Visitor
) -> None:
    other = Visitor(app.test_client())
    enter(other, ANN)
    before = {one.value for one in ann.client._cookies.values()}
    answer = ann.send("/desk/account/password", present=PASSWORD, new=OTHER)
    assert answer.status_code == 303
    assert not before & {one.value for one in ann.client._cookies.values()}
    assert ann.get("/desk/account").status_code == 200
    assert is_out(other)
    assert enter(other, ANN).status_code == 401
    assert enter(other, ANN, OTHER).status_code == 303


@pytest.mark.parametrize(
    ("present", "new", "told"),
    [("wrong", OTHER, "not your present password"), (PASSWORD, "short", "at least 12"),
     (PASSWORD, "ann ann ann news", "first guesses")],
)  # fmt: skip
def test_it_takes_the_present_password_and_a_good_new_one(
    app: Flask, ann: Visitor, present: str, new: str, told: str
) -> None:
    answer = ann.send("/desk/account/password", present=present, new=new)
    assert answer.status_code == 422
    assert told in answer.text
    assert enter(Visitor(app.test_client()), ANN).status_code == 303


def test_a_stolen_session_does_not_guess_the_password(ann: Visitor) -> None:
    for _ in range(10):
        assert ann.send(FACTOR, password="wrong").status_code == 422
    answer = ann.send(FACTOR, password=PASSWORD)
    assert answer.status_code == 422
    assert "too many attempts" in answer.text


def test_sessions_are_listed_with_their_browser_and_ended_one_by_one(
    app: Flask, ann: Visitor
) -> None:
    agent = "Mozilla/5.0 (Windows NT 10.0; rv:150.0) Gecko/20100101 Firefox/150.0"
    other, third = Visitor(app.test_client()), Visitor(app.test_client())
    other.client.environ_base["HTTP_USER_AGENT"] = agent
    enter(other, ANN)
    enter(third, ANN)
    page = ann.get("/desk/account").text
    assert "Firefox on Windows" in page
    assert "127.0.0.1" in page
    found = re.search(r'name="session" value="([\w-]+)" aria-label="Sign out Firefox', page)
    assert found
    assert ann.send("/desk/account/sessions/end", session=found[1]).status_code == 303
    assert is_out(other)
    assert third.get("/desk/").status_code == 200
    ann.send("/desk/account/sessions/end-others")
    assert is_out(third)
    assert ann.get("/desk/").status_code == 200


def test_nobody_ends_the_sessions_of_others(app: Flask, session: Session, ann: Visitor) -> None:
    bea = signed_in(app, session, "bea@news.example")
    page = bea.get("/desk/account").text
    other = Visitor(app.test_client())
    enter(other, "bea@news.example")
    page = bea.get("/desk/account").text
    found = re.search(r'name="session" value="([\w-]+)"', page)
    assert found
    ann.send("/desk/account/sessions/end", session=found[1])
    assert other.get("/desk/").status_code == 200


def test_the_second_factor_counts_from_the_first_right_code_on(app: Flask, ann: Visitor) -> None:
    ann.send(FACTOR, password=PASSWORD)
    picture = ann.get(FACTOR + "/code.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert ann.send(FACTOR + "/confirmation", code="000000").status_code == 422
    assert enter(Visitor(app.test_client()), ANN).status_code == 303
    set_up_app(ann)
    assert enter(Visitor(app.test_client()), ANN).status_code == 200
    assert ann.get(FACTOR + "/code.svg").status_code == 404


def test_its_secret_is_stored_sealed(session: Session, ann: Visitor) -> None:
    app, _ = set_up_app(ann)
    stored = str(session.connection().exec_driver_sql("SELECT * FROM moderators").all())
    assert app.secret not in stored


def test_new_recovery_codes_replace_the_old_ones(app: Flask, ann: Visitor) -> None:
    _, old = set_up_app(ann)
    answer = ann.send(FACTOR + "/recovery-codes", password=PASSWORD)
    new = re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    for code, status in ((old[0], 401), (new[0], 303)):
        visitor = Visitor(app.test_client())
        waiting = waiting_on(enter(visitor, ANN).text)
        answer = visitor.send("/desk/sign-in/code", waiting=waiting, code=code)
        assert answer.status_code == status


def test_it_is_removed_by_whoever_knows_the_password(app: Flask, ann: Visitor) -> None:
    set_up_app(ann)
    assert ann.send(FACTOR + "/removal", password="wrong").status_code == 422
    assert ann.send(FACTOR + "/removal", password=PASSWORD).status_code == 303
    assert enter(Visitor(app.test_client()), ANN).status_code == 303


def test_who_is_signed_in_by_a_token_has_no_account(desk: Visitor) -> None:
    assert "invited" in desk.get("/desk/account").text
    assert desk.get(FACTOR).status_code == 404
    assert desk.send("/desk/account/password", present="x", new=OTHER).status_code == 404


def test_who_has_no_role_sees_an_account_and_nothing_else(app: Flask, session: Session) -> None:
    ann = signed_in(app, session, ANN, role=Role.EDITOR)
    session.query(Grant).delete()
    session.commit()
    assert ann.get("/desk/").status_code == 403
    assert ann.get("/desk/account").status_code == 200


def test_passwords_stand_in_no_page(app: Flask, session: Session, ann: Visitor) -> None:
    a_person(session, "bea@news.example")
    answer = ann.send("/desk/account/password", present="my old secret words", new="short one")
    assert "my old secret words" not in answer.text
    assert "short one" not in answer.text
