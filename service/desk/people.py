"""The page of people and their roles, at the sites that the asker administrates."""

from itertools import groupby
from uuid import UUID

from flask import Response, request

from service.actions import inviting
from service.actions import people as actions
from service.api import access, desk_session
from service.api.database import db
from service.desk.access_forms import (
    InvitationForm,
    LinkForm,
    PersonForm,
    RemovalForm,
    RoleForm,
    filled,
)
from service.desk.showing import back, show
from service.domain.roles import ADMIN, Role
from service.store import access_links, people, sites
from service.store.db import AnyRow

PEOPLE = "/desk/people"
ROLES = (
    (Role.VIEWER, "viewer: looks"),
    (Role.MODERATOR, "moderator: decides"),
    (Role.EDITOR, "editor: decides, and changes policies"),
    (Role.ADMIN, "admin: all that, people and tokens"),
)


def show_people() -> Response:
    own = access.holder().sites(ADMIN)
    listed = people.listed(db.session(), own)
    return show(
        "desk/people.html",
        people=[(person, list(rows)) for person, rows in groupby(listed, _person)],
        invitations=access_links.invitations(db.session(), own),
        own_sites=sites.known(db.session(), own),
        all_sites=own is None,
        roles=ROLES,
    )


def invite() -> Response:
    given = filled(InvitationForm)
    secret = inviting.invite(
        db.session(), access.holder(), given["email"], site_id=given["site"], role=given["role"]
    )
    return show("desk/link_made.html", email=given["email"], days=7,
                address=_address("invitation", secret), is_invitation=True)  # fmt: skip


def revoke_invitation() -> Response:
    inviting.revoke_invitation(db.session(), access.holder(), filled(LinkForm)["link"])
    return back(PEOPLE, notice="That link is no longer good.")


def change_role() -> Response:
    given = filled(RoleForm)
    actions.change_role(
        db.session(), access.holder(), given["person"], site_id=given["site"], role=given["role"]
    )
    return back(PEOPLE, notice=f"The role is {given['role']} now.")


def remove_role() -> Response:
    given = filled(RemovalForm)
    actions.remove_role(db.session(), access.holder(), given["person"], site_id=given["site"])
    return back(PEOPLE, notice="The role is removed; it cannot be used from this moment on.")


def make_reset() -> Response:
    person_id = filled(PersonForm)["person"]
    secret = inviting.make_reset(db.session(), access.holder(), person_id)
    person = people.by_id(db.session(), person_id)
    email = person.email if person else ""
    return show("desk/link_made.html", email=email, days=1, address=_address("reset", secret),
                is_invitation=False)  # fmt: skip


def end_sessions() -> Response:
    ended = actions.end_sessions(db.session(), access.holder(), filled(PersonForm)["person"])
    return back(PEOPLE, notice=f"Signed out of {ended} browsers." if ended != 1
                else "Signed out of one browser.")  # fmt: skip


def _person(row: AnyRow) -> tuple[UUID, str, bool]:
    return (row.id, row.email, row.has_factor)


def _address(kind: str, secret: str) -> str:
    scheme = "https" if desk_session.is_secure() else "http"
    return f"{scheme}://{request.host}/desk/{kind}/{secret}"
