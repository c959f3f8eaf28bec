"""Erasing what decisions say about people: it goes, and the audit log tells that it went."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import Table, null, update
from sqlalchemy.orm import Session

from service.store import audit
from service.store.audit import CONTENT, Entry, Kind
from service.store.models import Decision

DECISIONS = cast(Table, Decision.__table__)
BLANK = update(DECISIONS).values({name: null() for name in (*CONTENT, "salt")})


def blank_decisions(session: Session, decision_ids: Sequence[UUID], *, by: str) -> None:
    """With the salt goes the last means of guessing at what was said by the hash of it."""
    where = DECISIONS.c.id.in_(decision_ids)
    blanked = session.execute(
        BLANK.where(where).returning(DECISIONS.c.id, DECISIONS.c.site_id)
    ).all()
    entries = [
        Entry(
            kind=Kind.ERASURE, action="decision blanked", by=by, site_id=row.site_id,
            subject=row.id,
        )
        for row in blanked
    ]  # fmt: skip
    audit.note(session, *entries)
