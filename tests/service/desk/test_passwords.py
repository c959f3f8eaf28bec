"""Signing in with a password and a second factor."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from service.actions import passwords
from service.actions.errors import TooManyGuesses, Unauthenticated
from service.domain.roles import Role
from service.store.access_tables import DeskSession, Grant, Moderator
from service.store.desk_sessions import Asker
from service.store.people_tables import AccessLink, GuessCount
from tests.factories import SECRET
from tests.service.desk.people import (
    ASKER,
    OTHER,
    PASSWORD,
    a_person,
    enter,
    is_out,
    set_up_app,
    signed_in,
    waiting_on,
)
from tests.service.desk.visiting import OURS, Visitor

ANN = "ann@news.example"


def test_who_has_a_password_comes_in_and_is_known(visitor: Visitor, session: Session) -> None:
    a_person(session, ANN)
    answer = enter(visitor, " Ann@News.example ", next="/desk/?state=spam")
    assert (answer.status_code, answer.location) == (303, "/desk/?state=spam")
    assert ANN in visitor.get("/desk/").text


def test_a_wrong_password_an_unknown_person_and_a_locked_one_look_the_same(
    visitor: Visitor, session: Session
) -> None:
    a_person(session, ANN)
    a_person(session, "bea@news.example")
    for _ in range(passwords.MOST_OF_PERSON):
        enter(visitor, "bea@news.example", "wrong")
    pages = {
        (answer.status_code, answer.text.replace(email, ""))
        for email, password in (
            (ANN, "wrong"), ("nobody@news.example", PASSWORD), ("bea@news.example", PASSWORD),
        )
        for answer in [enter(visitor, email, password)]
    }  # fmt: skip
    assert len(pages) == 1
    assert {status for status, _ in pages} == {401}
    assert visitor.cookies() == set()


def test_nobody_has_more_than_ten_wrong_guesses_however_many_at_once(
    engine: Engine, session: Session
) -> None:
    a_person(session, ANN)

    def guess(number: int) -> bool:
        """Whether the password was looked at: the right one lets in."""
        asker = Asker(browser="b", network=f"198.51.100.{number}")
        with Session(engine, expire_on_commit=False) as own:
            return passwords._reserve(own, ANN, asker=asker, secret=SECRET) is not None

    with ThreadPoolExecutor(12) as threads:
        looked_at = list(threads.map(guess, range(40)))
    assert sum(looked_at) == passwords.MOST_OF_PERSON
    with pytest.raises(Unauthenticated):
        passwords.sign_in(session, ANN, PASSWORD, asker=ASKER, secret=SECRET)


def test_a_quarter_of_an_hour_later_there_are_ten_more(session: Session) -> None:
    a_person(session, ANN)
    for _ in range(passwords.MOST_OF_PERSON):
        with pytest.raises(Unauthenticated):
            passwords.sign_in(session, ANN, "wrong", asker=ASKER, secret=SECRET)
    for count in session.scalars(select(GuessCount)):
        count.times = [moment - 15 * 60 for moment in count.times]
    session.commit()
    entrance = passwords.sign_in(session, ANN, PASSWORD, asker=ASKER, secret=SECRET)
    assert entrance.session is not None


def test_nobody_is_kept_out_until_a_clock_that_was_set_back_has_caught_up(session: Session) -> None:
    a_person(session, ANN)
    for _ in range(passwords.MOST_OF_PERSON):
        with pytest.raises(Unauthenticated):
            passwords.sign_in(session, ANN, "wrong", asker=ASKER, secret=SECRET)
    for count in session.scalars(select(GuessCount)):
        count.times = [moment + 60 * 60 for moment in count.times]
    session.commit()
    entrance = passwords.sign_in(session, ANN, PASSWORD, asker=ASKER, secret=SECRET)
    assert entrance.session is not None


def test_right_ones_do_not_count(session: Session) -> None:
    a_person(session, ANN)
    for _ in range(passwords.MOST_OF_PERSON + 2):
        passwords.sign_in(session, ANN, PASSWORD, asker=ASKER, secret=SECRET)


def test_a_network_has_fifty_wrong_guesses_and_locks_nobody_out_after_them(
    session: Session,
) -> None:
    a_person(session, ANN)
    asker = Asker(browser="b", network="198.51.100.7")
    for number in range(passwords.MOST_OF_NETWORK):
        reserved = passwords._reserve(session, f"{number}@x.example", asker=asker, secret=SECRET)
        assert reserved
    for _ in range(passwords.MOST_OF_PERSON):
        with pytest.raises(TooManyGuesses):
            passwords.sign_in(session, ANN, "wrong", asker=asker, secret=SECRET)
    entrance = passwords.sign_in(session, ANN, PASSWORD, asker=ASKER, secret=SECRET)
    assert entrance.session is not None


def test_neither_address_nor_network_is_kept_with_the_counts(
    visitor: Visitor, session: Session
) -> None:
    enter(visitor, ANN, "wrong")
    stored = str(session.connection().exec_driver_sql("SELECT * FROM guess_counts").all())
    assert stored.count("wrong") == 0
    assert ANN not in stored
    assert "127.0.0.1" not in stored


def test_each_sign_in_makes_a_new_session_and_ends_the_one_before(
    visitor: Visitor, session: Session
) -> None:
    a_person(session, ANN)
    session.query(DeskSession).delete()
    session.commit()
    seen = set()
    for _ in range(3):
        enter(visitor, ANN)
        seen |= {one.value for one in visitor.client._cookies.values()}
        assert len(session.scalars(select(DeskSession.id)).all()) == 1
        session.rollback()
    assert len(seen) == 3


def test_a_hash_that_cost_less_is_made_anew(visitor: Visitor, session: Session) -> None:
    a_person(session, ANN)
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    session.execute(update(Moderator).values(password_hash=cheap))
    session.commit()
    enter(visitor, ANN)
    assert session.scalar(select(Moderator.password_hash)).startswith("$argon2id$v=19$m=19456,t=2")
    session.rollback()
    assert enter(visitor, ANN).status_code == 303


def test_with_a_second_factor_the_password_alone_opens_nothing(
    app: Flask, session: Session
) -> None:
    ann = signed_in(app, session, ANN)
    telephone, _ = set_up_app(ann)
    visitor = Visitor(app.test_client())
    answer = enter(visitor, ANN, next="/desk/account")
    assert answer.status_code == 200
    assert visitor.cookies() == set()
    assert is_out(visitor)
    waiting = waiting_on(answer.text)
    wrong = visitor.send("/desk/sign-in/code", waiting=waiting, code="000000", next="/desk/account")
    assert wrong.status_code == 401
    code = telephone.code()
    right = visitor.send("/desk/sign-in/code", waiting=waiting, code=code, next="/desk/account")
    assert (right.status_code, right.location) == (303, "/desk/account")
    assert visitor.get("/desk/account").status_code == 200


def test_a_code_is_good_once_even_for_two_at_the_same_moment(
    app: Flask, session: Session, engine: Engine
) -> None:
    telephone, _ = set_up_app(signed_in(app, session, ANN))
    code = telephone.code()
    waiting = [
        passwords.sign_in(session, ANN, PASSWORD, asker=ASKER, secret=SECRET).waiting
        for _ in range(4)
    ]

    def come_in(one: str) -> bool:
        with Session(engine, expire_on_commit=False) as own:
            try:
                passwords.finish_sign_in(own, one, code, asker=ASKER, secret=SECRET)
            except Unauthenticated:
                return False
            return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(come_in, waiting)) == 1


def test_a_recovery_code_is_good_once(app: Flask, session: Session) -> None:
    _, codes = set_up_app(signed_in(app, session, ANN))
    assert len(codes) == 10
    for code, status in ((codes[0].upper(), 303), (codes[0], 401), (codes[1], 303)):
        visitor = Visitor(app.test_client())
        waiting = waiting_on(enter(visitor, ANN).text)
        answer = visitor.send("/desk/sign-in/code", waiting=waiting, code=code)
        assert answer.status_code == status
    stored = str(session.connection().exec_driver_sql("SELECT * FROM recovery_codes").all())
    assert not any(code in stored for code in codes)


def test_codes_are_guessed_ten_times_and_no_more(app: Flask, session: Session) -> None:
    telephone, _ = set_up_app(signed_in(app, session, ANN))
    visitor = Visitor(app.test_client())
    waiting = waiting_on(enter(visitor, ANN).text)
    for _ in range(passwords.MOST_OF_PERSON):
        assert visitor.send("/desk/sign-in/code", waiting=waiting, code="1").status_code == 401
    answer = visitor.send("/desk/sign-in/code", waiting=waiting, code=telephone.code())
    assert answer.status_code == 401


def test_between_password_and_code_are_five_minutes(app: Flask, session: Session) -> None:
    telephone, _ = set_up_app(signed_in(app, session, ANN))
    visitor = Visitor(app.test_client())
    waiting = waiting_on(enter(visitor, ANN).text)
    session.execute(update(AccessLink).values(expires_at=AccessLink.created_at))
    session.commit()
    answer = visitor.send("/desk/sign-in/code", waiting=waiting, code=telephone.code())
    assert answer.status_code == 401
    assert "begin again" in answer.text


def test_what_is_for_one_purpose_serves_no_other(app: Flask, session: Session) -> None:
    set_up_app(signed_in(app, session, ANN))
    visitor = Visitor(app.test_client())
    waiting = waiting_on(enter(visitor, ANN).text)
    for kind in ("reset", "invitation"):
        assert visitor.get(f"/desk/{kind}/{waiting}").status_code == 404
        answer = visitor.send(f"/desk/{kind}/{waiting}", new=OTHER)
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "fields",
    [{}, {"email": ANN}, {"email": "a\x00@x.example", "password": "x"},
     {"email": "a" * 10_000, "password": "x"}, {"email": ANN, "password": "x" * 10_000}],
)  # fmt: skip
def test_odd_forms_are_refused_in_words(visitor: Visitor, fields: dict[str, str]) -> None:
    answer = visitor.send("/desk/sign-in", **fields)
    assert answer.status_code == 422
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/sign-in/code", "/desk/reset/x"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"},
     {**OURS, "Sec-Fetch-Site": "cross-site"}],
)  # fmt: skip
def test_forms_of_other_websites_sign_nobody_in(
    visitor: Visitor, path: str, headers: dict[str, str]
) -> None:
    fields = {"email": ANN, "password": PASSWORD, "waiting": "x", "code": "x", "new": OTHER}
    assert visitor.client.post(path, data=fields, headers=headers).status_code == 403


def test_an_administrator_comes_no_further_than_to_the_second_factor(
    app: Flask, session: Session
) -> None:
    ann = signed_in(app, session, ANN, role=Role.ADMIN)
    for page in ("/desk/", "/desk/people", "/desk/tokens"):
        assert ann.get(page).location == "/desk/account/second-factor"
    headers = {**OURS, "Afterword-CSRF": ann.csrf}
    assert ann.client.get("/v1/moderation/queue", headers=headers).status_code == 403
    assert ann.send("/desk/people/role").status_code == 303
    assert ann.get("/desk/account").status_code == 200
    set_up_app(ann)
    assert ann.get("/desk/people").status_code == 200
    assert ann.client.get("/v1/moderation/queue", headers=headers).status_code == 200


def test_who_becomes_an_administrator_sets_it_up_at_once(app: Flask, session: Session) -> None:
    ann = signed_in(app, session, ANN)
    assert ann.get("/desk/").status_code == 200
    session.execute(update(Grant).values(role=Role.ADMIN))
    session.commit()
    assert ann.get("/desk/").location == "/desk/account/second-factor"


def test_nothing_tells_by_its_time_whether_a_person_is_known(session: Session) -> None:
    """Both hash one password. Medians, taken turn by turn: what else runs here slows both."""
    a_person(session, ANN)
    times: dict[str, list[float]] = {ANN: [], "nobody@news.example": [], "locked": []}
    for number in range(12):
        for email, took in times.items():
            asker = Asker(browser="b", network=f"198.51.100.{number}")
            session.query(GuessCount).filter(GuessCount.times != []).update({"times": []})
            session.commit()
            began = time.process_time()
            with pytest.raises(Unauthenticated):
                passwords.sign_in(session, email, "wrong", asker=asker, secret=SECRET)
            took.append(time.process_time() - began)
    medians = [statistics.median(one) for one in times.values()]
    assert max(medians) < min(medians) * 1.25
