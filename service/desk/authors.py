"""Authors: whom moderators look for, what somebody wrote, and how they stand."""

from typing import Any
from uuid import UUID

from flask import Response, request
from marshmallow import fields, post_load, validate

from service.actions import reasons
from service.actions import standings as actions
from service.actions.standings import NewStanding
from service.api import access
from service.api import authors as api
from service.api.author_schemas import AuthorQuery, FindAuthorIn
from service.api.database import db
from service.api.schemas import Normalised, Number, plain
from service.desk.author_forms import Form, load
from service.desk.showing import back, show
from service.domain.roles import DECIDE
from service.domain.standings import LONGEST_ADDRESS_DAYS, Kind, Standing
from service.store.authors import Person

MOST_SHOWN = 25
DONE = {
    Standing.NONE: "From now on this author is judged like anybody.",
    Standing.TRUSTED: "This author is trusted from now on.",
    Standing.WATCHED: "This author is watched from now on.",
    Standing.MUTED: "This author is muted from now on.",
    Standing.BANNED: "This author is banned from now on.",
}


class StandingForm(Form):
    kind = fields.Enum(Kind, by_value=True, required=True)
    author = fields.UUID()
    comment = fields.UUID()
    standing = fields.Enum(Standing, by_value=True, required=True)
    days = Number(validate=validate.Range(1, 3650))
    reason = Normalised(plain, validate=validate.Length(1, 64))
    note = Normalised(plain, validate=validate.Length(max=2000))
    seen = Number()

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> NewStanding:
        return NewStanding(**data)


def show_search() -> Response:
    return show("desk/authors.html", found=None, asked={})


def search() -> Response:
    """By a form that is sent, not by an address: e-mail addresses stay out of logs and history."""
    asked = {name: value for name, value in request.form.items() if value.strip()}
    asked.pop("csrf", None)
    body = FindAuthorIn().load(asked)
    return show("desk/authors.html", found=api.found(body), asked=body)


def show_author(id: UUID) -> Response:
    return _show(api.author(id), {"author": id})


def show_author_of(id: UUID) -> Response:
    return _show(api.author_of(id), {"comment": id})


def decide_standing() -> Response:
    new = load(StandingForm)
    actions.set_standing(
        db.session(),
        new,
        secret=access.settings().secret,
        by=access.holder().by,
        sites=access.holder().sites(DECIDE),
    )
    return back(_address(new.author, new.comment), notice=DONE[new.standing])


def take_back(id: UUID) -> Response:
    holder = access.holder()
    entry = actions.undo(db.session(), id, by=holder.by, sites=holder.sites(DECIDE))
    kind, _, known_by = entry.subject.partition(":")
    author = UUID(known_by) if kind == Kind.AUTHOR else None
    return back(_address(author, entry.comment_id), notice="Taken back.")


def _address(author: UUID | None, comment: UUID | None) -> str:
    return f"/desk/authors/{author}" if author else f"/desk/comments/{comment}/author"


def _show(person: Person, about: dict[str, UUID]) -> Response:
    query = AuthorQuery().load(request.args)
    page = api.everything(person, after=query.get("after"), limit=MOST_SHOWN)
    policy = reasons.policies(db.session(), [person.site_id])[person.site_id]
    return show(
        "desk/author.html",
        page=page,
        about=about,
        newest=page["items"][0]["comment"] if page["items"] else None,
        may_decide=access.holder().may(DECIDE, person.site_id),
        reasons=policy.reasons,
        address_days=LONGEST_ADDRESS_DAYS,
    )
