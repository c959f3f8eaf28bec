"""Moderators decide how authors stand: trusted, watched, muted, banned, and back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions import reasons
from service.actions.errors import NotFound, Refused, StandingMoved
from service.domain import standings as domain
from service.domain.ids import email_key, new_id
from service.domain.sealing import unseal
from service.domain.standings import LONGEST_ADDRESS_DAYS, POSSIBLE, Kind, Standing
from service.store import authors, claims, comments, standings, watched
from service.store.db import begin_write
from service.store.models import Author, Comment
from service.store.standing_tables import StandingEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStanding:
    """What a moderator decides, about the author of a comment or one that is known."""

    kind: Kind
    standing: Standing
    comment: UUID | None = None
    author: UUID | None = None
    until: datetime | None = None
    days: int | None = None  # from now on, instead of `until`
    reason: str | None = None
    note: str | None = None
    seen: int | None = None  # the number of the newest entry when they decided; None: whichever


@dataclass(frozen=True, slots=True)
class _Whom:
    site_id: UUID
    author: Author | None
    comment: Comment | None


def set_standing(
    session: Session, new: NewStanding, *, secret: str, by: str, sites: Collection[UUID] | None
) -> StandingEntry:
    """Add an entry to the history of whom it is about.

    Authors of other sites than these look missing; None stands for all sites. Raises NotFound,
    Refused, UnknownReason and StandingMoved.
    """
    begin_write(session)
    whom = _whom(session, new, sites)
    until = _until(session, new)
    _ensure_reason(session, whom.site_id, new)
    id = new_id()
    subject = _subject(session, whom, new.kind, secret=secret) or domain.of_address(id)
    if new.kind is Kind.ADDRESS and whom.comment is not None and until is not None:
        row = {
            "site_id": whom.site_id,
            "address_hash": whom.comment.address_hash,
            "subject": subject,
            "day": whom.comment.created_at.date(),
        }
        watched.watch(session, row, until=until)
    entry = {
        "id": id,
        "site_id": whom.site_id,
        "subject": subject,
        "standing": new.standing,
        "until": until,
        "reason": new.reason,
        "note": new.note,
        "comment_id": new.comment,
        "by": by,
    }
    number = standings.last(session, whom.site_id, subject)
    if new.seen is not None and new.seen != number:
        raise StandingMoved
    return _add(session, entry | {"number": number + 1})


def undo(
    session: Session, entry_id: UUID, *, by: str, sites: Collection[UUID] | None
) -> StandingEntry:
    """Take the newest entry back: what was in force before it is so again, as far as it would be.

    Raises NotFound, and StandingMoved when another entry followed.
    """
    begin_write(session)
    entry = standings.entry(session, entry_id)
    if entry is None or (sites is not None and entry.site_id not in sites):
        raise NotFound
    if standings.last(session, entry.site_id, entry.subject) != entry.number:
        raise StandingMoved
    history = standings.history(session, entry.site_id, [entry.subject])[entry.subject]
    before = domain.in_force_now(history[: entry.number - 1], claims.clock(session))
    back = {
        "id": new_id(),
        "site_id": entry.site_id,
        "subject": entry.subject,
        "number": entry.number + 1,
        "standing": before.standing if before else Standing.NONE,
        "until": before.until if before else None,
        "reason": before.reason if before else None,
        "comment_id": entry.comment_id,
        "undoes": entry.id,
        "by": by,
    }
    return _add(session, back)


def _add(session: Session, values: dict[str, Any]) -> StandingEntry:
    if not standings.add(session, values):
        raise StandingMoved
    session.commit()
    watched.ask_anew()
    return session.get_one(StandingEntry, values["id"])


def _whom(session: Session, new: NewStanding, sites: Collection[UUID] | None) -> _Whom:
    comment = comments.find(session, new.comment) if new.comment else None
    author_id = new.author or (comment.author_id if comment else None)
    author = authors.find(session, author_id) if author_id else None
    found = comment or author
    if found is None or (new.author and author is None) or (new.comment and comment is None):
        raise NotFound
    if sites is not None and found.site_id not in sites:
        raise NotFound
    if author is not None and author.site_id != found.site_id:
        raise NotFound
    return _Whom(found.site_id, author, comment)


def _until(session: Session, new: NewStanding) -> datetime | None:
    if new.standing not in POSSIBLE[new.kind]:
        raise Refused("Only an author can be trusted: anybody may share an address.")
    if new.standing is Standing.NONE:
        return None
    clock = claims.clock(session)
    until = new.until if new.days is None else clock + timedelta(days=new.days)
    if until is None:
        if new.standing is Standing.MUTED:
            raise Refused("Say until when the author is muted, or ban them.")
        if new.kind is Kind.ADDRESS:
            raise Refused("Say until when: a network address is somebody else's sooner or later.")
    elif until <= clock:
        raise Refused("The time until which this holds is over already.")
    elif new.kind is Kind.ADDRESS and until > clock + timedelta(days=LONGEST_ADDRESS_DAYS):
        raise Refused(f"Decide on a network address for {LONGEST_ADDRESS_DAYS} days at most.")
    return until


def _ensure_reason(session: Session, site_id: UUID, new: NewStanding) -> None:
    if new.reason is not None and new.standing not in (Standing.NONE, Standing.TRUSTED):
        reasons.listed(reasons.policies(session, [site_id])[site_id], new.reason)


def _subject(session: Session, whom: _Whom, kind: Kind, *, secret: str) -> str | None:
    """None for an address on which nobody has decided yet."""
    if kind is Kind.ADDRESS:
        if whom.comment is None or whom.comment.address_hash is None:
            raise Refused("Name a comment that came from the network address.")
        return watched.subject_of(session, whom.site_id, whom.comment.address_hash)
    if whom.author is None:
        raise Refused(
            "This author cannot be recognised: they were not signed in and gave no e-mail address."
            " Decide on their network address instead."
        )
    return (
        domain.of_author(whom.author.id)
        if kind is Kind.AUTHOR
        else domain.of_email(_email_key(whom.author, secret))
    )


def _email_key(author: Author, secret: str) -> str:
    if author.email_key is None and author.email_sealed is not None:
        mail = unseal(secret, author.email_sealed)
        author.email_key = email_key(secret, author.site_id, mail) if mail else None
    if not author.email_key:
        raise Refused("This author's e-mail address is not known.")
    return author.email_key
