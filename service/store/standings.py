"""How authors stand: what moderators decided about them, and about whom a comment is by."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from service.domain.ids import new_id
from service.domain.standings import (
    Entry,
    Kind,
    Standing,
    in_force,
    in_force_now,
    of_author,
    of_email,
)
from service.store import audit
from service.store.authors import Person
from service.store.claims import Claimed, clock
from service.store.db import AnyRow, now, upserts
from service.store.models import Author
from service.store.standing_tables import StandingEntry, WatchedAddress

ENTRIES, AUTHORS = cast(Table, StandingEntry.__table__), cast(Table, Author.__table__)
ADDRESSES = cast(Table, WatchedAddress.__table__)

ANY = select(ENTRIES.c.id).where(ENTRIES.c.site_id == bindparam("site")).limit(1)
EMAILS = select(AUTHORS.c.id, AUTHORS.c.email_key).where(
    AUTHORS.c.id.in_(bindparam("authors", expanding=True)), AUTHORS.c.email_key.is_not(None)
)
WATCHED = select(ADDRESSES.c.address_hash, ADDRESSES.c.subject).where(
    ADDRESSES.c.site_id == bindparam("site"),
    ADDRESSES.c.address_hash.in_(bindparam("addresses", expanding=True)),
)
HISTORY = (
    select(
        ENTRIES.c.subject, ENTRIES.c.number, ENTRIES.c.standing, ENTRIES.c.created_at,
        ENTRIES.c.until, ENTRIES.c.reason, ENTRIES.c.by,
    )
    .where(
        ENTRIES.c.site_id == bindparam("site"),
        ENTRIES.c.subject.in_(bindparam("subjects", expanding=True)),
    )
    .order_by(ENTRIES.c.subject, ENTRIES.c.number)
)  # fmt: skip


def of_batch(
    session: Session, batch: Sequence[Claimed], *, at: Mapping[UUID, datetime] | None
) -> dict[UUID, tuple[Entry, ...]]:
    """How the authors of revisions of ONE site stood at these times, or stand now, by revision."""
    site_id = batch[0].site_id
    if session.connection().execute(ANY, {"site": site_id}).first() is None:
        return {}
    present = clock(session)
    about = _subjects(session, site_id, batch)
    histories = history(session, site_id, {one for of_row in about.values() for one in of_row})
    return {
        row.id: tuple(
            entry
            for subject in about[row.id]
            if (
                entry := in_force_now(histories[subject], present)
                if at is None
                else in_force(histories[subject], at[row.id])
            )
        )
        for row in batch
    }


def _subjects(session: Session, site_id: UUID, batch: Sequence[Claimed]) -> dict[UUID, list[str]]:
    """By whom each revision is, in all ways in which that can be said."""
    authors = {row.author_id for row in batch if row.author_id is not None}
    emails = emails_of(session, authors)
    addresses: dict[str | None, list[str]] = defaultdict(list)
    hashes = {row.address_hash for row in batch if row.address_hash is not None}
    given = {"site": site_id, "addresses": sorted(hashes)}
    if hashes:
        for address, subject in session.connection().execute(WATCHED, given):
            addresses[address].append(subject)
    about: dict[UUID, list[str]] = {}
    for row in batch:
        about[row.id] = list(addresses.get(row.address_hash, ()))
        if row.author_id is not None:
            about[row.id].append(of_author(row.author_id))
        if row.author_id in emails:
            about[row.id].append(of_email(emails[row.author_id]))
    return about


def emails_of(session: Session, authors: Collection[UUID]) -> dict[UUID | None, str]:
    """The keyed hashes of authors' e-mail addresses."""
    if not authors:
        return {}
    rows = session.connection().execute(EMAILS, {"authors": sorted(authors)})
    return {author_id: email_key for author_id, email_key in rows}  # noqa: C416


def history(session: Session, site_id: UUID, subjects: Iterable[str]) -> dict[str, list[Entry]]:
    """All that was decided about each, oldest first."""
    found: dict[str, list[Entry]] = defaultdict(list)
    given = {"site": site_id, "subjects": sorted(subjects)}
    if given["subjects"]:
        for row in session.connection().execute(HISTORY, given):
            found[row.subject].append(_entry(row))
    return found


def _entry(row: AnyRow) -> Entry:
    return Entry(
        row.subject,
        row.number,
        Standing(row.standing),
        row.created_at,
        row.until,
        row.reason,
        row.by,
    )


def of_person(session: Session, person: Person) -> Sequence[StandingEntry]:
    """All that was decided about them, in whatever way they were recognised, newest first."""
    if person.author_id is not None:
        emails = emails_of(session, [person.author_id])
        subjects = [of_author(person.author_id), *map(of_email, emails.values())]
    else:
        given = {"site": person.site_id, "addresses": [person.address_hash]}
        subjects = [row.subject for row in session.connection().execute(WATCHED, given)]
    return session.scalars(
        select(StandingEntry)
        .where(StandingEntry.site_id == person.site_id, StandingEntry.subject.in_(subjects))
        .order_by(StandingEntry.created_at.desc(), StandingEntry.number.desc())
    ).all()


def present(session: Session, history: Sequence[StandingEntry]) -> list[StandingEntry]:
    """Of a history, newest first, what is in force now: one entry of each subject at most."""
    newest = {entry.subject: entry for entry in reversed(history)}
    at = clock(session)
    return [
        entry
        for entry in newest.values()
        if entry.standing != Standing.NONE and (entry.until is None or entry.until > at)
    ]


def are_in_force(session: Session, site_id: UUID, author_id: UUID, email_key: str | None) -> bool:
    """Whether anything that was decided about this author or their e-mail address is."""
    subjects = [of_author(author_id), *([of_email(email_key)] if email_key else ())]
    at = clock(session)
    histories = history(session, site_id, subjects)
    return any(in_force_now(entries, at) is not None for entries in histories.values())


def unlink(session: Session, site_id: UUID, subject: str, *, by: str) -> None:
    """It was about somebody, and no longer says about whom, nor what was noted about them."""
    kind = subject.partition(":")[0]
    mine = (ENTRIES.c.site_id == site_id) & (ENTRIES.c.subject == subject)
    values = {"subject": f"{kind}:{new_id()}", "note": None}
    if session.execute(update(ENTRIES).where(mine).values(values).returning(ENTRIES.c.id)).all():
        note = audit.Entry(
            kind=audit.Kind.ERASURE, action="standings unlinked", by=by, site_id=site_id
        )
        audit.note(session, note)


def blank_notes(session: Session, comment_ids: Collection[UUID], *, by: str) -> None:
    """Of what was decided because of these comments."""
    noted = ENTRIES.c.comment_id.in_(comment_ids) & ENTRIES.c.note.is_not(None)
    blanked = session.execute(
        update(ENTRIES).where(noted).values(note=None).returning(ENTRIES.c.id, ENTRIES.c.site_id)
    ).all()
    entries = [
        audit.Entry(
            kind=audit.Kind.ERASURE, action="standing's note blanked", by=by,
            site_id=row.site_id, subject=row.id,
        )
        for row in blanked
    ]  # fmt: skip
    audit.note(session, *entries)


def entry(session: Session, entry_id: UUID) -> StandingEntry | None:
    return session.get(StandingEntry, entry_id)


def last(session: Session, site_id: UUID, subject: str) -> int:
    """The number of the newest entry; 0 where there is none."""
    query = select(func.max(StandingEntry.number)).where(
        StandingEntry.site_id == site_id, StandingEntry.subject == subject
    )
    return session.execute(query).scalar_one() or 0


def add(session: Session, values: Mapping[str, Any]) -> bool:
    """Add the entry that follows; False when another one has its number already."""
    insert = upserts(ENTRIES)[session.get_bind().dialect.name]
    added = session.execute(
        insert.values(**values, created_at=now()).on_conflict_do_nothing().returning(ENTRIES.c.id)
    )
    if added.first() is None:
        return False
    audit.note(session, _logged(values))
    return True


def _logged(values: Mapping[str, Any]) -> audit.Entry:
    """Without the note, which may name people."""
    kind, _, known_by = values["subject"].partition(":")
    undoes = values.get("undoes")
    return audit.Entry(
        kind=audit.Kind.BAN if values["standing"] is Standing.BANNED else audit.Kind.AUTHOR,
        action="taken back" if undoes else values["standing"],
        by=values["by"],
        site_id=values["site_id"],
        subject=values["id"],
        details={
            "of": kind,
            "author": known_by if kind == Kind.AUTHOR else None,
            "number": values["number"],
            "standing": values["standing"],
            "until": values["until"].isoformat() if values["until"] else None,
            "reason": values["reason"],
            "comment": str(values["comment_id"]) if values["comment_id"] else None,
            "undoes": str(undoes) if undoes else None,
        },
    )
