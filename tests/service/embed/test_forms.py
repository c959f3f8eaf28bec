"""Posting by the form of the page that needs no script."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.actions import sites
from service.bell import SilentBell
from service.config import Settings
from service.domain.wording import MAX_BODY
from service.embed import form_tokens
from service.store import sites as stored_sites
from service.store.models import Comment, Revision
from tests.factories import PAGE, post, shown

Judge = Callable[..., int]
QUERY = {"site": "news", "page": PAGE}
OWN = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def page(client: FlaskClient, **query: Any) -> str:
    answer = client.get("/embed/thread", query_string=QUERY | query)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def fields(text: str) -> dict[str, str]:
    """What the form of a page would send as it stands."""
    form = text.split('<form id="form"')[1].split("</form>")[0]
    found = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input[^>]* name="(\w+)"(?:[^>]* value="([^"]*)")?', form)
    }
    written = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", form, re.DOTALL)
    assert written
    return found | {"body": html.unescape(written[1])}


def send(
    client: FlaskClient, form: dict[str, str], *, headers: Any = OWN, **changes: str
) -> TestResponse:
    sent = form | {"name": "Ann", "body": "By a form."} | changes
    return client.post("/embed/thread", data=sent, headers=headers)


def set_policy(session: Session, **settings: Any) -> None:
    sites.set_policy(session, SilentBell(), "news", seen=None, settings=settings, by="test")


def test_a_comment_is_posted_by_the_form_and_the_reader_is_told(
    client: FlaskClient, judge: Judge
) -> None:
    answer = send(client, fields(page(client)))
    assert answer.status_code == 303
    assert answer.headers["Cache-Control"] == "no-store"
    told = client.get(answer.headers["Location"])
    assert "received and is being checked" in told.get_data(as_text=True)
    assert "public" in told.headers["Cache-Control"]
    judge()
    assert "<p>By a form.</p>" in page(client)


def test_a_reply_is_posted_under_what_it_answers(client: FlaskClient, judge: Judge) -> None:
    first = post(client, author={"name": "<Béa>"})
    judge()
    link = re.search(r'href="(/embed/thread\?[^"]*reply=[^"]*)#form"', page(client))
    assert link
    text = client.get(html.unescape(link[1])).get_data(as_text=True)
    assert "Your reply to <bdi>&lt;Béa&gt;</bdi>" in text
    assert send(client, fields(text)).status_code == 303
    judge()
    [comment] = shown(client)["comments"]
    assert [reply["parent"] for reply in comment["replies"]] == [first["id"]]


def test_what_is_wrong_is_said_and_the_text_is_kept(client: FlaskClient, session: Session) -> None:
    form = fields(page(client))
    kept = 'Mine <b>&amp;</b> "yours"\n\nend'
    for changes, told in (
        ({"name": "...", "body": kept}, "at least one letter"),
        ({"name": "", "body": kept}, "at least one letter"),
        ({"email": "nobody", "body": kept}, "valid email"),
        ({"token": "", "body": kept}, "send it again"),
        ({"parent": "01890a5d-ac96-774b-bcce-b302099a8057", "body": kept}, "no longer, shown"),
    ):
        answer = send(client, form, **changes)
        text = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert answer.headers["Cache-Control"] == "no-store"
        assert told in text
        assert fields(text)["body"].replace("\r\n", "\n") == kept
    assert "Please write something." in send(client, form, body=" ").get_data(as_text=True)
    assert session.scalars(select(Comment)).all() == []
    again = fields(send(client, form, token="").get_data(as_text=True))
    assert send(client, again).status_code == 303


def test_what_is_wrong_is_said_in_the_language_of_the_page(client: FlaskClient) -> None:
    text = page(client, lang="de")
    assert 'action="/embed/thread?lang=de"' in text
    form = fields(text)
    for changes, told in (
        ({"name": "..."}, "mit mindestens einem Buchstaben"),
        ({"email": "nobody"}, "Bitte prüfen Sie die E-Mail-Adresse"),
        ({"parent": "01890a5d-ac96-774b-bcce-b302099a8057"}, "nicht mehr gezeigt"),
        ({"token": ""}, "zu lange offen. Bitte senden Sie es noch einmal ab. Ihr Text ist noch da"),
        ({"body": "x" * 400_000}, "zu lang"),
    ):
        answer = client.post(
            "/embed/thread?lang=de", data=form | {"name": "Ann", "body": "B"} | changes, headers=OWN
        )
        assert told in answer.get_data(as_text=True)
    sent = client.post("/embed/thread?lang=de", data=form | {"name": "Ann", "body": "B"})
    assert "lang=de" in sent.headers["Location"]
    assert "angekommen" in client.get(sent.headers["Location"]).get_data(as_text=True)


def test_the_longest_comment_fits(client: FlaskClient, judge: Judge, session: Session) -> None:
    body = "\U0001f600" * MAX_BODY
    assert send(client, fields(page(client)), body=body).status_code == 303
    assert session.scalar(select(Revision.body)) == body
    answer = send(client, fields(page(client)), body=body * 2)
    assert (answer.status_code, answer.mimetype) == (413, "text/plain")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_other_websites_cannot_have_readers_post(
    client: FlaskClient, session: Session, headers: dict[str, str]
) -> None:
    answer = send(client, fields(page(client)), headers=headers)
    assert answer.status_code == 403
    assert "By a form." in answer.get_data(as_text=True)
    assert session.scalars(select(Comment)).all() == []


def test_a_browser_that_says_nothing_may_post(client: FlaskClient) -> None:
    assert send(client, fields(page(client)), headers={}).status_code == 303


def test_a_form_is_good_for_its_page_and_for_a_day(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    assert send(client, fields(page(client)), page="another").status_code == 422
    site = stored_sites.find(session, "news")
    assert site is not None
    with app.app_context():
        now = form_tokens._now()
        oldest = form_tokens.SLOTS
        for age, is_good in (
            (-2, False), (-1, True), (0, True), (oldest, True), (oldest + 1, False),
        ):  # fmt: skip
            old = form_tokens.token(site, PAGE, slot=now - age)
            assert form_tokens.is_good(old, site, PAGE) is is_good
        for text in ("", ".", "x.y", f"{now}", f"{now}.é", "9" * 5000, f"{now + 1}.a"):
            assert not form_tokens.is_good(text, site, PAGE)


def test_a_robot_that_fills_in_all_fields_is_found(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    assert send(client, fields(page(client)), website="https://spam.example").status_code == 303
    judge()
    assert session.scalars(select(Revision.state)).all() == ["spam"]


def test_sent_twice_it_is_one_comment(client: FlaskClient, session: Session) -> None:
    form = fields(page(client))
    for _ in range(2):
        assert send(client, form).status_code == 303
    assert len(session.scalars(select(Comment)).all()) == 1
    session.rollback()
    send(client, form, body="Another one.")
    assert len(session.scalars(select(Comment)).all()) == 2


def test_who_sends_too_often_is_asked_to_wait_and_keeps_the_text(
    make_app: Callable[[Settings], Flask], settings: Settings, redis: object, news: str
) -> None:
    client = make_app(replace(settings, limits=True)).test_client()
    form = fields(page(client))
    answers = [send(client, form, body=f"Number {number}.") for number in range(22)]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429] * 2
    text = answers[-1].get_data(as_text=True)
    assert "Please wait 60 seconds, then try again. Your text is still here." in text
    assert fields(text)["body"] == "Number 21."
    assert answers[-1].headers["Cache-Control"] == "no-store"


def test_there_is_no_form_where_nobody_may_post(client: FlaskClient, session: Session) -> None:
    form = fields(page(client))
    set_policy(session, identity="required")
    assert "<form" not in page(client)
    assert "signed in" in page(client)
    assert send(client, form).status_code == 403
    set_policy(session, mode="closed")
    assert "<form" not in page(client)
    closed = send(client, form)
    assert closed.status_code == 403
    assert "By a form." in closed.get_data(as_text=True)
    assert session.scalars(select(Comment)).all() == []


def test_nothing_written_in_the_form_runs(client: FlaskClient) -> None:
    evil = '"><script>alert(1)</script></textarea>'
    answer = send(client, fields(page(client)), name=evil, email=evil, body=evil, token="")
    assert "<script" not in answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "Set-Cookie" not in answer.headers
