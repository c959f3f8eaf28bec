"""The desk's pages of threads, and the raid switch."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.store.models import Thread
from tests.factories import PAGE, a_text, post, shown
from tests.service.desk.visiting import Visitor, sign_in


def thread_of(session: Session, page: str = PAGE) -> Thread:
    session.rollback()
    return session.scalars(select(Thread).where(Thread.page == page)).one()


def test_the_list_says_how_each_thread_is(
    desk: Visitor, client: FlaskClient, session: Session, judge
):
    assert "Nobody has commented yet." in desk.get("/desk/threads").text
    post(client, page_title="Fog over the harbour")
    post(client, page="other", body=a_text(1))
    judge()
    answer = desk.get("/desk/threads").text
    assert "Fog over the harbour" in answer
    assert "today last: 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1" in answer
    assert 'style="' not in answer
    found = desk.get("/desk/threads?site=news&q=FOG").text
    assert "Fog over" in found
    assert "other" not in found
    assert "No thread is called that." in desk.get("/desk/threads?q=nowhere").text


def test_many_threads_are_paged(desk: Visitor, client: FlaskClient):
    for number in range(27):
        post(client, page=f"page-{number:02}", body=a_text(number))
    first = desk.get("/desk/threads?site=news").text
    assert first.count("<svg") == 25
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = desk.get(older).text
    assert second.count("<svg") == 2
    assert "page-00" in second
    assert "page-25" not in second


def test_a_thread_is_closed_by_form(desk: Visitor, client: FlaskClient, session: Session):
    post(client)
    address = f"/desk/threads/{thread_of(session).id}"
    answer = desk.send(address, mode="closed", slow_seconds="30", note="It is over.")
    assert answer.location == address
    assert "Saved." in desk.get(address).text
    page = shown(client)
    assert (page["mode"], page["slow_seconds"], page["note"]) == ("closed", 30, "It is over.")
    assert "Set up by admin@news.example" in desk.get(address).text
    desk.send(address, mode="", slow_seconds="0", note=" ")
    page = shown(client)
    assert (page["mode"], page["slow_seconds"], page["note"]) == ("open", 0, None)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    desk: Visitor, client: FlaskClient, session: Session
):
    post(client)
    address = f"/desk/threads/{thread_of(session).id}"
    answer = desk.send(address, mode="closed", slow_seconds="soon", note="My <note>")
    assert answer.status_code == 422
    assert "Give seconds" in answer.text
    assert 'value="soon"' in answer.text
    assert "My &lt;note&gt;" in answer.text
    assert shown(client)["mode"] == "open"


def test_the_raid_switch_by_hand(desk: Visitor, client: FlaskClient, session: Session, judge):
    post(client)
    thread_id = thread_of(session).id
    desk.send("/desk/raids", site="news", thread=str(thread_id))
    page = desk.get("/desk/threads").text
    assert "A moderator turned premoderation on" in page
    assert "by admin@news.example" in page
    judge()
    assert shown(client)["count"] == 0
    end = page.partition('action="/desk/raids/')[2].partition('"')[0]
    desk.send(f"/desk/raids/{end}")
    page = desk.get("/desk/").text
    assert "The raid switch is off." in page
    assert 'action="/desk/raids/' not in page
    assert desk.send(f"/desk/raids/{end}").status_code == 404


def test_who_may_only_read_changes_nothing(app: Flask, client: FlaskClient, session: Session):
    post(client)
    reader = sign_in(Visitor(app.test_client()), session, scope="read", name="viewer")
    address = f"/desk/threads/{thread_of(session).id}"
    assert "Save" not in reader.get(address).text
    assert reader.send(address, mode="closed", slow_seconds="0").status_code == 403
    assert reader.send("/desk/raids", site="news").status_code == 403


def test_threads_of_other_sites_look_missing(app: Flask, client: FlaskClient, session: Session):
    from service.actions import sites

    post(client)
    sites.add_site(session, key="mail", name="The Mail", origins=[], by="test")
    foreign = sign_in(Visitor(app.test_client()), session, scope="moderate", name="m", site="mail")
    address = f"/desk/threads/{thread_of(session).id}"
    assert foreign.get(address).status_code == 404
    assert foreign.send(address, mode="closed", slow_seconds="0").status_code == 404
    assert foreign.get("/desk/threads?site=news").status_code == 404
    assert foreign.send("/desk/raids", site="news").status_code == 404
    assert PAGE not in foreign.get("/desk/threads").text
