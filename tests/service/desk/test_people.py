"""What administrators see of people and tokens, and what they may do there."""

import re
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.actions import credentials, sites
from service.domain.roles import Role
from service.store import people
from tests.service.desk.people import (
    OTHER,
    PASSWORD,
    a_person,
    enter,
    is_out,
    link_on,
    set_up_app,
    signed_in,
    site_id,
)
from tests.service.desk.visiting import Visitor, sign_in

ANN, BEA, CID = "ann@news.example", "bea@news.example", "cid@news.example"


@pytest.fixture
def paper(session: Session, news: str) -> str:
    sites.add_site(session, key="paper", name="The Paper", origins=["https://p.example"], by="t")
    return "paper"


@pytest.fixture
def chief(app: Flask, session: Session, paper: str) -> Visitor:
    """An administrator of the site `news` alone."""
    visitor = signed_in(app, session, "chief@news.example", role=Role.ADMIN, site="news")
    set_up_app(visitor)
    visitor.get("/desk/people")
    return visitor


def person_id(session: Session, email: str) -> UUID:
    found = people.by_email(session, email)
    assert found is not None
    return found.id


def role_form(session: Session, email: str, site: str | None, **more: str) -> dict[str, str]:
    return {
        "person": str(person_id(session, email)),
        "site": str(site_id(session, site) or ""),
        **more,
    }


def test_an_invited_person_comes_in_with_that_role(
    app: Flask, session: Session, chief: Visitor
) -> None:
    site = str(site_id(session, "news"))
    answer = chief.send("/desk/people/invitations", email=ANN, role="moderator", site=site)
    assert answer.status_code == 200
    assert ANN in chief.get("/desk/people").text
    ann = Visitor(app.test_client())
    assert ann.send(link_on(answer.text), new=PASSWORD).status_code == 303
    assert ann.get("/desk/").status_code == 200
    assert ann.get("/desk/people").status_code == 403


def test_an_invitation_is_withdrawn(app: Flask, session: Session, chief: Visitor) -> None:
    site = str(site_id(session, "news"))
    answer = chief.send("/desk/people/invitations", email=ANN, role="moderator", site=site)
    found = re.search(r'name="link" value="([\w-]+)"', chief.get("/desk/people").text)
    assert found
    chief.send("/desk/people/invitations/removal", link=found[1])
    assert Visitor(app.test_client()).get(link_on(answer.text)).status_code == 404


def test_administrators_of_a_site_see_and_change_that_site_alone(
    session: Session, chief: Visitor
) -> None:
    a_person(session, ANN, site="news")
    a_person(session, BEA, site="paper")
    a_person(session, CID, role=Role.EDITOR)
    page = chief.get("/desk/people").text
    assert ANN in page
    assert BEA not in page
    assert CID not in page
    assert "The Paper" not in page
    for path in ("/desk/people/role", "/desk/people/removal"):
        for email, site, status in ((BEA, "paper", 404), (CID, None, 403), (CID, "news", 404)):
            form = role_form(session, email, site, role="viewer")
            assert chief.send(path, **form).status_code == status
    for email, status in ((ANN, 200), (BEA, 404), (CID, 404)):
        form = {"person": str(person_id(session, email))}
        assert chief.send("/desk/people/reset", **form).status_code == status
    for site, status in (("news", 200), ("paper", 404), (None, 403)):
        form = {
            "email": "new@x.example",
            "role": "viewer",
            "site": str(site_id(session, site) or ""),
        }
        assert chief.send("/desk/people/invitations", **form).status_code == status


def test_nobody_resets_whoever_has_a_role_elsewhere(session: Session, chief: Visitor) -> None:
    """The link would be a way into the other sites."""
    a_person(session, ANN, site="news")
    people.grant(
        session, person_id(session, ANN), site_id=site_id(session, "paper"), role=Role.ADMIN, by="t"
    )
    session.commit()
    form = {"person": str(person_id(session, ANN))}
    assert chief.send("/desk/people/reset", **form).status_code == 403
    assert chief.send("/desk/people/sessions/end", **form).status_code == 403


def test_a_changed_role_acts_from_the_next_request_on(
    app: Flask, session: Session, chief: Visitor
) -> None:
    ann = signed_in(app, session, ANN, site="news")
    assert ann.get("/desk/").status_code == 200
    form = role_form(session, ANN, "news")
    assert chief.send("/desk/people/role", **form, role="viewer").status_code == 303
    session.rollback()
    assert people.roles(session, person_id(session, ANN)) == {site_id(session, "news"): Role.VIEWER}
    assert chief.send("/desk/people/removal", **form).status_code == 303
    assert is_out(ann)
    assert chief.send("/desk/people/role", **form, role="viewer").status_code == 404


def test_nobody_changes_their_own_role(session: Session, chief: Visitor) -> None:
    form = role_form(session, "chief@news.example", "news")
    assert chief.send("/desk/people/role", **form, role="viewer").status_code == 403
    assert chief.send("/desk/people/removal", **form).status_code == 403


def test_who_is_no_longer_administrator_has_let_nobody_in(
    app: Flask, session: Session, chief: Visitor, desk: Visitor
) -> None:
    site = str(site_id(session, "news"))
    answer = chief.send("/desk/people/invitations", email=ANN, role="admin", site=site)
    form = role_form(session, "chief@news.example", "news")
    assert desk.send("/desk/people/role", **form, role="viewer").status_code == 303
    assert Visitor(app.test_client()).get(link_on(answer.text)).status_code == 404


def test_an_administrator_makes_a_reset_and_signs_somebody_out(
    app: Flask, session: Session, chief: Visitor
) -> None:
    ann = signed_in(app, session, ANN, site="news")
    form = {"person": str(person_id(session, ANN))}
    assert chief.send("/desk/people/sessions/end", **form).status_code == 303
    assert is_out(ann)
    answer = chief.send("/desk/people/reset", **form)
    assert ann.send(link_on(answer.text), new=OTHER).status_code == 303
    assert enter(Visitor(app.test_client()), ANN, OTHER).status_code == 303


@pytest.mark.parametrize("scope", ["read", "decide", "moderate"])
def test_others_have_no_business_there(app: Flask, session: Session, news: str, scope: str) -> None:
    visitor = sign_in(Visitor(app.test_client()), session, scope=scope, name="x")
    for page in ("/desk/people", "/desk/tokens"):
        assert visitor.get(page).status_code == 403
    for path in ("/desk/people/invitations", "/desk/tokens", "/desk/people/role"):
        assert visitor.send(path).status_code == 403


def test_a_token_is_shown_once_used_and_revoked(session: Session, chief: Visitor) -> None:
    site = str(site_id(session, "news"))
    form = {"name": "robot", "scopes": ["read", "decide"], "site": site, "days": "30"}
    page = chief.send("/desk/tokens", **form).text
    found = re.search(r'value="(aw_[\w-]{43})"', page)
    assert found
    assert found[1] not in chief.get("/desk/tokens").text
    assert "never" in chief.get("/desk/tokens").text
    headers = {"Authorization": f"Bearer {found[1]}"}
    client = chief.client.application.test_client()
    assert client.get("/v1/moderation/queue", headers=headers).status_code == 200
    page = chief.get("/desk/tokens").text
    assert "never" not in page
    token = re.search(r'name="token" value="([\w-]+)"', page)
    assert token
    chief.send("/desk/tokens/removal", token=token[1])
    assert client.get("/v1/moderation/queue", headers=headers).status_code == 401


def test_administrators_of_a_site_have_its_tokens_alone(session: Session, chief: Visitor) -> None:
    credentials.create_token(
        session, name="theirs", scopes=["read"], site="paper", days=None, by="t"
    )
    credentials.create_token(
        session, name="everywhere", scopes=["read"], site=None, days=None, by="t"
    )
    page = chief.get("/desk/tokens").text
    assert "theirs" not in page
    assert "everywhere" not in page
    for site, status in (("paper", 404), (None, 403)):
        form = {"name": "n", "scopes": ["read"], "site": str(site_id(session, site) or "")}
        assert chief.send("/desk/tokens", **form).status_code == status


@pytest.mark.parametrize(
    "change", [{"scopes": ["root"]}, {"scopes": []}, {"name": ""}, {"name": "a\x00b"},
               {"days": "0"}, {"site": "x"}, {"name": ANN}],
)  # fmt: skip
def test_a_wrong_form_makes_no_token(desk: Visitor, change: dict[str, object]) -> None:
    desk.get("/desk/tokens")
    form = {"name": "n", "scopes": ["read"], "site": "", "days": "", **change}
    answer = desk.send("/desk/tokens", **form)
    assert answer.status_code == 422
    assert "aw_" not in answer.text


def test_hostile_names_are_only_text(desk: Visitor) -> None:
    evil = '"><script>alert(1)</script>'
    desk.get("/desk/tokens")
    desk.send("/desk/tokens", name=evil, scopes=["read"], site="")
    assert evil not in desk.get("/desk/tokens").text
