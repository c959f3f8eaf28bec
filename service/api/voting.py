"""What readers do with others' comments: vote."""

from uuid import UUID

from flask import Response
from marshmallow import ValidationError

from service.actions import voting
from service.actions.errors import Forbidden
from service.api import access
from service.api.answers import answer
from service.api.database import db
from service.api.readers import acting_reader, site_of_public
from service.domain.policy import Votes
from service.store.sites import SiteRecord


def put_vote(id: UUID, body: dict[str, int]) -> Response:
    """One vote per reader and comment: another one takes its place."""
    site = site_of_public(id)
    if site.policy.votes is Votes.OFF:
        raise Forbidden("Readers do not vote on this site.")
    if body["value"] < 0 and site.policy.votes is Votes.UP:
        raise ValidationError({"value": ["On this site readers vote up only: send 1."]})
    return _vote(id, site, body["value"])


def delete_vote(id: UUID) -> Response:
    """Take a vote back. That there was none is no fault."""
    return _vote(id, site_of_public(id), 0)


def _vote(comment_id: UUID, site: SiteRecord, value: int) -> Response:
    voting.vote(db.session(), access.bell(), comment_id, reader=acting_reader(site), value=value)
    return answer(None, 204)
