"""What moderators see of an author, and how they say what they think of one."""

from typing import Any
from uuid import UUID

from flask import Response

from service.actions import standings as actions
from service.actions.errors import NotFound
from service.actions.standings import NewStanding
from service.api import access, queue_items
from service.api.answers import answer
from service.api.database import db
from service.domain.identity import is_signed
from service.domain.ids import email_key
from service.domain.roles import DECIDE, READ
from service.store import authors, comments, sites, standings
from service.store.authors import Person
from service.store.models import Author
from service.store.standing_tables import StandingEntry


def get_author(id: UUID, query: dict[str, Any]) -> Response:
    return answer(everything(author(id), after=query.get("after"), limit=query["limit"]))


def get_author_of(id: UUID, query: dict[str, Any]) -> Response:
    return answer(everything(author_of(id), after=query.get("after"), limit=query["limit"]))


def author(id: UUID) -> Person:
    """Raises NotFound, also where the moderator may not read."""
    found = authors.find(db.session(), id)
    if found is None or not access.holder().may(READ, found.site_id):
        raise NotFound
    return Person(found.site_id, author_id=id)


def author_of(comment_id: UUID) -> Person:
    """Whoever wrote it. Of the nameless all counts that came from the same address that day.

    Raises NotFound, also where the moderator may not read.
    """
    comment = comments.find(db.session(), comment_id)
    if comment is None or not access.holder().may(READ, comment.site_id):
        raise NotFound
    return Person(comment.site_id, comment.author_id, comment.address_hash, comment.id)


def find_authors(body: dict[str, Any]) -> Response:
    return answer({"authors": found(body)})


def found(body: dict[str, Any]) -> list[dict[str, Any]]:
    site = access.moderated_site(body["site"], READ)
    if "email" in body:
        key = email_key(access.settings().secret, site.id, body["email"])
        known = authors.with_email(db.session(), site.id, key)
    else:
        known = authors.named(db.session(), site.id, body["name"])
    return [_found(one) for one in known]


def post_standing(body: NewStanding) -> Response:
    entry = actions.set_standing(
        db.session(),
        body,
        secret=access.settings().secret,
        by=access.holder().by,
        sites=access.holder().sites(DECIDE),
    )
    return answer(shown(entry), 201)


def post_undo(id: UUID) -> Response:
    entry = actions.undo(
        db.session(), id, by=access.holder().by, sites=access.holder().sites(DECIDE)
    )
    return answer(shown(entry), 201)


def everything(person: Person, *, after: UUID | None, limit: int) -> dict[str, Any]:
    session = db.session()
    known = authors.find(session, person.author_id) if person.author_id else None
    summary = authors.summary(session, person)
    rows = authors.written(session, person, before=after, limit=limit + 1)
    history = standings.of_person(session, person)
    return {
        "author": person.author_id,
        "site": sites.find_by_id(session, person.site_id).key,
        "signed": known is not None and is_signed(known.identity),
        "email_given": known is not None and known.email_sealed is not None,
        "names": summary.names,
        "comments": summary.comments,
        "public": summary.public,
        "states": {state.value: count for state, count in summary.states.items()},
        "first_seen": summary.first_seen,
        "last_seen": summary.last_seen,
        "standings": [shown(entry) for entry in standings.present(session, history)],
        "history": [shown(entry) for entry in history],
        "items": queue_items.shown(session, rows[:limit]),
        "next": str(rows[limit - 1].Revision.id) if len(rows) > limit else None,
    }


def shown(entry: StandingEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.subject.partition(":")[0],
        "number": entry.number,
        "standing": entry.standing,
        "until": entry.until,
        "reason": entry.reason,
        "note": entry.note,
        "comment": entry.comment_id,
        "undoes": entry.undoes,
        "by": entry.by,
        "at": entry.created_at,
    }


def _found(author: Author) -> dict[str, Any]:
    return {
        "author": author.id,
        "name": author.name_key,
        "signed": is_signed(author.identity),
        "email_given": author.email_sealed is not None,
        "first_seen": author.created_at,
    }
