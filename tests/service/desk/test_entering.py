"""Who comes to the desk, and what their browser has to say."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.actions import credentials
from tests.service.desk.visiting import OURS, Visitor, sign_in


def test_who_is_not_signed_in_finds_the_door_and_is_led_on_from_there(
    visitor: Visitor, session: Session
):
    answer = visitor.get("/desk/?state=spam")
    assert "Paste your token" in answer.text
    assert 'value="/desk/?state=spam"' in answer.text
    token = credentials.create_token(
        session, name="a", scopes=["read"], site=None, days=None, by="t"
    )
    answer = visitor.send("/desk/sign-in/token", token=token, next="/desk/?state=spam")
    assert answer.location == "/desk/?state=spam"
    assert "Sign out" in visitor.get("/desk/").text


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)",
     "/desk//evil", "/desk/\r\nSet-Cookie: a=b", "/v1/comments", "\t//evil.example", ""],
)  # fmt: skip
def test_nobody_is_led_to_another_website(visitor: Visitor, session: Session, wanted: str):
    token = credentials.create_token(
        session, name="a", scopes=["read"], site=None, days=None, by="t"
    )
    answer = visitor.send("/desk/sign-in/token", token=token, next=wanted)
    assert answer.location == "/desk/"


def test_a_wrong_token_is_told_kindly(visitor: Visitor):
    answer = visitor.send("/desk/sign-in/token", token="aw_wrong")
    assert answer.status_code == 401
    assert "Please paste a new one." in answer.text
    assert visitor.cookies() == set()


def test_by_https_the_cookie_is_for_this_host_alone(app: Flask, session: Session, news: str):
    token = credentials.create_token(
        session, name="a", scopes=["read"], site=None, days=None, by="t"
    )
    client = app.test_client()
    answer = client.post(
        "/desk/sign-in/token", data={"token": token}, headers={"Origin": "https://localhost"}
    )
    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-afterword-desk=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_the_database_keeps_only_a_hash_of_the_cookie(desk: Visitor, session: Session):
    [cookie] = [one for one in desk.client._cookies.values() if one.key == "afterword-desk"]
    stored = session.connection().exec_driver_sql("SELECT * FROM desk_sessions").all()
    assert cookie.value not in str(stored)


def test_who_signs_out_is_out(desk: Visitor):
    [cookie] = [one.value for one in desk.client._cookies.values() if one.key == "afterword-desk"]
    assert desk.send("/desk/sign-out").location == "/desk/sign-in"
    desk.client.set_cookie("afterword-desk", cookie)
    assert "Sign out" not in desk.get("/desk/").text


def test_who_signs_in_again_has_a_new_session_and_no_longer_the_old_one(
    desk: Visitor, session: Session
):
    [before] = [one.value for one in desk.client._cookies.values() if one.key == "afterword-desk"]
    sign_in(desk, session, name="other@news.example")
    [after] = [one.value for one in desk.client._cookies.values() if one.key == "afterword-desk"]
    assert after != before
    desk.client.set_cookie("afterword-desk", before)
    assert "Sign out" not in desk.get("/desk/").text


def test_a_revoked_token_ends_its_sessions(desk: Visitor, session: Session):
    credentials.revoke_tokens(session, "admin@news.example", by="t")
    assert "Sign out" not in desk.get("/desk/").text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 200),
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({**OURS, "Sec-Fetch-Site": "cross-site"}, 403),
        ({**OURS, "Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_the_api_takes_the_cookie_from_pages_of_the_desk_alone(
    desk: Visitor, headers: dict[str, str], status: int
):
    decision = {
        "comment": "01890a5d-ac96-774b-bcce-b302099a8057",
        "revision": "01890a5d-ac96-774b-bcce-b302099a8057",
        "seen": "held",
        "to": "approved",
    }
    answer = desk.client.post(
        "/v1/moderation/decisions",
        json={"decisions": [decision]},
        headers={**headers, "Afterword-CSRF": desk.csrf},
    )
    assert answer.status_code == status


def test_without_its_token_a_page_is_not_ours(app: Flask, desk: Visitor, session: Session):
    other = sign_in(Visitor(app.test_client()), session, name="b@news.example")
    for csrf in ("", "0" * 64, other.csrf):
        answer = desk.client.post("/desk/sign-out", data={"csrf": csrf}, headers=OURS)
        assert answer.status_code == 403
    assert "Sign out" in desk.get("/desk/").text


def test_pages_are_never_framed_kept_or_shared(desk: Visitor):
    headers = desk.get("/desk/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
