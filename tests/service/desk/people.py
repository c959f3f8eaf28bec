"""People who have an account at the desk, and the apps on their telephones."""

import html
import re
import time
from dataclasses import dataclass

import pyotp
from flask import Flask
from sqlalchemy.orm import Session

from service.actions import inviting
from service.domain.roles import Permission, Role
from service.store import sites
from service.store.credentials import Holder
from service.store.desk_sessions import Asker
from tests.service.desk.visiting import Visitor

PASSWORD = "heron kettle gravel plum"
OTHER = "tannin ovals rugby lantern"
OPERATOR = Holder("operator", {None: frozenset(Permission)})
ASKER = Asker(browser="Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0", network="203.0.113.9")


def site_id(session: Session, key: str | None):
    if key is None:
        return None
    found = sites.find(session, key)
    assert found, f"ask for the fixture that makes {key}"
    return found.id


def a_person(
    session: Session, email: str, *, role: Role = Role.MODERATOR, site: str | None = None
) -> str:
    """Somebody who accepted an invitation; their session's secret."""
    link = inviting.invite(session, OPERATOR, email, site_id=site_id(session, site), role=role)
    entrance = inviting.accept_with_password(session, link, PASSWORD, asker=ASKER)
    assert entrance.session is not None
    return entrance.session


def enter(visitor: Visitor, email: str, password: str = PASSWORD, **more: str):
    return visitor.send("/desk/sign-in", email=email, password=password, **more)


def signed_in(app: Flask, session: Session, email: str, **given) -> Visitor:
    """A new person in a browser of their own, signed in by password."""
    a_person(session, email, **given)
    visitor = Visitor(app.test_client())
    assert enter(visitor, email).status_code == 303
    visitor.get("/desk/account")
    return visitor


def is_out(visitor: Visitor) -> bool:
    """Whether this browser is asked to sign in."""
    return 'action="/desk/sign-in"' in visitor.get("/desk/account").text


def link_on(page: str) -> str:
    """The path of the link that a page shows to be passed on."""
    found = re.search(r'value="https?://[^/"]+(/desk/[^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


def waiting_on(page: str) -> str:
    found = re.search(r'name="waiting" value="([^"]+)"', page)
    assert found, page
    return found[1]


@dataclass
class App:
    """An app for codes. Its clock moves on by a step for each, as if its owner had waited."""

    secret: str
    steps: int = 0

    def code(self) -> str:
        code = pyotp.TOTP(self.secret).at(int(time.time()) + 30 * self.steps)
        self.steps += 1
        return code


def set_up_app(visitor: Visitor) -> tuple[App, list[str]]:
    """Takes the second factor over into an app; answers it and the recovery codes."""
    page = "/desk/account/second-factor"
    visitor.get(page)
    assert visitor.send(page, password=PASSWORD).status_code == 303
    shown = visitor.get(page).text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", shown)
    assert secret, shown
    app = App(secret[1])
    answer = visitor.send(page + "/confirmation", code=app.code())
    assert answer.status_code == 200, answer.text
    return app, re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)
