"""Keeping new versions of a site's own models."""

from sqlalchemy.orm import Session

from service.store import filters
from service.store.db import begin_write
from service.store.filters import FilterModel


def keep_model(session: Session, made: FilterModel) -> bool:
    """False when another process has made that version meanwhile: then this one is dropped."""
    begin_write(session)
    kept = filters.add(session, made)
    if kept and made.adopted:
        filters.thin_out(session, made.site_id, made.kind, below=made.version)
    session.commit()
    return kept
