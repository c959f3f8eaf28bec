"""The page of the tokens by which programs moderate."""

from flask import Response

from service.actions import tokens as actions
from service.api import access
from service.api.database import db
from service.desk.access_forms import TokenForm, TokenRemovalForm, filled
from service.desk.showing import back, show
from service.domain.roles import ADMIN
from service.store import credentials, sites

TOKENS = "/desk/tokens"
SCOPES = (
    ("read", "Read the queue and what belongs to it"),
    ("decide", "Decide on comments"),
    ("moderate", "Decide, and change policies"),
    ("admin", "All of that, people and tokens"),
)


def show_tokens() -> Response:
    own = access.holder().sites(ADMIN)
    return show(
        "desk/tokens.html",
        tokens=credentials.valid_tokens(db.session(), own),
        own_sites=sites.known(db.session(), own),
        all_sites=own is None,
        scopes=SCOPES,
    )


def make_token() -> Response:
    given = filled(TokenForm)
    token = actions.make_token(
        db.session(), access.holder(), given["name"], scopes=given["scopes"],
        site_id=given["site"], days=given["days"],
    )  # fmt: skip
    return show("desk/token_made.html", name=given["name"], token=token)


def revoke_token() -> Response:
    actions.revoke_token(db.session(), access.holder(), filled(TokenRemovalForm)["token"])
    return back(TOKENS, notice="That token is no longer good.")
