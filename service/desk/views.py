"""Views of the queue under a name: kept by a form, listed beside the queue, and let go."""

from collections.abc import Sequence
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Response, request
from marshmallow import EXCLUDE, Schema, fields, validate

from service.actions import saving_views
from service.api import access
from service.api.database import db
from service.api.schemas import Normalised, plain
from service.desk.queue_forms import View
from service.desk.showing import back
from service.domain.roles import DECIDE, READ
from service.store import saved_views
from service.store.saved_views import SavedView


class NamedForm(Schema):
    class Meta:
        unknown = EXCLUDE

    view = fields.String(load_default="")
    name = Normalised(plain, required=True, validate=validate.Length(1, 80))
    shared = fields.String(load_default="")  # at which site, by its key


def known() -> Sequence[SavedView]:
    holder = access.holder()
    return saved_views.known(db.session(), holder.by, holder.sites(READ))


def save() -> Response:
    sent = NamedForm().load(request.form)
    view = View.of(dict(parse_qsl(sent["view"])))
    site = access.moderated_site(sent["shared"], DECIDE) if sent["shared"] else None
    db.session().rollback()  # reading ends before writing begins
    saving_views.save(
        db.session(),
        by=access.holder().by,
        name=sent["name"],
        query=view.query,
        site_id=site.id if site else None,
    )
    return back(view.address(), notice=f"Kept as “{sent['name']}”.")


def remove(id: UUID) -> Response:
    holder = access.holder()
    db.session().rollback()  # reading ends before writing begins
    saving_views.remove(db.session(), id, by=holder.by, sites=holder.sites(DECIDE))
    return back("/desk/", notice="The view is gone; its comments are where they were.")
