"""Setting up sites and changing their policies."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from service.actions.errors import AlreadyExists, NotFound, PolicyMoved, Refused
from service.bell import Bell
from service.domain.pages import normalise_origin
from service.store import changes, sites
from service.store.db import begin_write

KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def add_site(session: Session, *, key: str, name: str, origins: Sequence[str], by: str) -> UUID:
    """Raises Refused for a malformed key or origin, AlreadyExists."""
    if not KEY.fullmatch(key):
        raise Refused("A site's key has 1 to 64 small letters, digits and hyphens.")
    own = [normalise_origin(origin) for origin in origins]
    begin_write(session)
    if sites.find(session, key) is not None:
        raise AlreadyExists(f"There is a site with the key {key!r} already.")
    site_id = sites.add(session, key=key, name=name, origins=own, by=by)
    session.commit()
    sites.forget()
    return site_id


def set_origins(session: Session, bell: Bell, key: str, origins: Sequence[str], *, by: str) -> None:
    own = [normalise_origin(origin) for origin in origins]
    begin_write(session)
    sites.replace_origins(session, _site(session, key).id, own, by=by)
    session.commit()
    sites.forget()
    bell.tell(changes.noted(session))


def set_policy(
    session: Session, bell: Bell, key: str, *, seen: int | None, settings: dict[str, Any], by: str
) -> int:
    """Make validated settings the next version, and answer its number.

    `seen` is the version that was changed; None overwrites whichever is there.
    Raises NotFound and PolicyMoved.
    """
    begin_write(session)
    site = _site(session, key)
    version = site.policy_version if seen is None else seen
    if not sites.add_policy(session, site.id, seen=version, settings=settings, by=by):
        raise PolicyMoved
    session.commit()
    sites.forget()
    bell.tell(changes.noted(session))
    return version + 1


def _site(session: Session, key: str) -> sites.SiteRecord:
    site = sites.find(session, key)
    if site is None:
        raise NotFound(f"There is no site with the key {key!r}.")
    return site
