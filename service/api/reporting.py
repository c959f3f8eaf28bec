"""Readers tell moderators of comments."""

from typing import Any
from uuid import UUID

from flask import Response

from service.actions import reporting
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.api.readers import acting_reader, site_of_public


def post_report(id: UUID, body: dict[str, Any]) -> Response:
    """One report per reader and comment: another one is thanked for, and changes nothing."""
    site = site_of_public(id)
    reporting.report(
        db.session(),
        access.bell(),
        id,
        reader=acting_reader(site),
        reason=body["reason"],
        note=body.get("note") or None,
        policy=site.policy.reports,
    )
    return answer(None, 202)
