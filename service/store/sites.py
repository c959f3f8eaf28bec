"""Sites, where they may be embedded, and the versions of their policies."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Engine, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from service.domain.policy import Policy
from service.store import audit, changes
from service.store.audit import Entry, Kind
from service.store.db import AnyRow, AnySelect
from service.store.models import Site, SiteOrigin, StoredPolicy

CACHED_POLICIES = 200
CACHED_SITES = 200
REMEMBERED_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class SiteRecord:
    id: UUID
    key: str
    name: str
    policy_version: int
    policy: Policy
    origins: frozenset[str]


# A version of a policy never changes, so what was read once may be kept. It spares parsing long
# word lists on every request.
_policies: dict[tuple[UUID, int], Policy] = {}


_remembered: dict[tuple[Engine, str], tuple[float, SiteRecord]] = {}
_changes = [0]  # how many there were in this process

# The site with its origins, a row for each.
SITES, ORIGINS = cast(Table, Site.__table__), cast(Table, SiteOrigin.__table__)
ROWS = select(
    SITES.c.id, SITES.c.key, SITES.c.name, SITES.c.policy_version, ORIGINS.c.origin
).outerjoin(ORIGINS, ORIGINS.c.site_id == SITES.c.id)
BY_KEY = ROWS.where(SITES.c.key == bindparam("key"))
BY_ID = ROWS.where(SITES.c.id == bindparam("id"))


def find(session: Session, key: str) -> SiteRecord | None:
    if "\0" in key:
        return None  # PostgreSQL would not even look for it
    rows = session.connection().execute(BY_KEY, {"key": key}).all()
    return _record(session, rows) if rows else None


def remembered(engine: Engine, key: str) -> SiteRecord | None:
    """Like `find`, but as old as REMEMBERED_SECONDS, unless this process changed a site since."""
    until, site = _remembered.get((engine, key), (0.0, None))
    if time.monotonic() < until:
        return site
    changes = _changes[0]
    with Session(engine) as session:
        site = find(session, key)
    if site is not None and changes == _changes[0]:
        if len(_remembered) >= CACHED_SITES:
            _remembered.clear()
        _remembered[engine, key] = time.monotonic() + REMEMBERED_SECONDS, site
    return site


def forget() -> None:
    """After the commit of a change: who read before it remembers nothing of that."""
    _changes[0] += 1
    _remembered.clear()


def find_by_id(session: Session, site_id: UUID) -> SiteRecord:
    return _record(session, session.connection().execute(BY_ID, {"id": site_id}).all())


def _record(session: Session, rows: Sequence[AnyRow]) -> SiteRecord:
    site = rows[0]
    return SiteRecord(
        id=site.id,
        key=site.key,
        name=site.name,
        policy_version=site.policy_version,
        policy=policy(session, site.id, site.policy_version),
        origins=frozenset(row.origin for row in rows if row.origin is not None),
    )


def policy(session: Session, site_id: UUID, version: int) -> Policy:
    if (site_id, version) not in _policies:
        if len(_policies) >= CACHED_POLICIES:
            _policies.clear()
        _policies[site_id, version] = Policy.from_json(
            stored_policy(session, site_id, version).settings
        )
    return _policies[site_id, version]


def stored_policy(session: Session, site_id: UUID, version: int) -> StoredPolicy:
    return session.execute(
        select(StoredPolicy).where(StoredPolicy.site_id == site_id, StoredPolicy.version == version)
    ).scalar_one()


def known(session: Session, ids: Collection[UUID] | None) -> Sequence[AnyRow]:
    """Key, name and id of these sites, by name; None stands for all."""
    query: AnySelect = select(Site.id, Site.key, Site.name).order_by(Site.name)
    return session.execute(query if ids is None else query.where(Site.id.in_(ids))).all()


def versions(session: Session, site_id: UUID, *, before: int, limit: int) -> Sequence[StoredPolicy]:
    """Of the site's policy, the newest first."""
    query = select(StoredPolicy).where(
        StoredPolicy.site_id == site_id, StoredPolicy.version < before
    )
    return session.scalars(query.order_by(StoredPolicy.version.desc()).limit(limit)).all()


def all_keys(session: Session) -> Sequence[str]:
    return session.scalars(select(Site.key).order_by(Site.key)).all()


def is_known_origin(session: Session, origin: str) -> bool:
    """Whether any site lists this origin: all that can be said before the site is known."""
    found = session.scalar(select(SiteOrigin.origin).where(SiteOrigin.origin == origin).limit(1))
    return found is not None


def add(session: Session, *, key: str, name: str, origins: Sequence[str], by: str) -> UUID:
    site = Site(key=key, name=name)
    session.add(site)
    session.flush()
    audit.note(
        session,
        Entry(
            kind=Kind.SITE, action="added", by=by, site_id=site.id, subject=site.id,
            details={"key": key, "name": name},
        ),
    )  # fmt: skip
    _store_policy(session, site.id, version=1, settings=Policy().as_json(), by=by)
    replace_origins(session, site.id, origins, by=by)
    return site.id


def replace_origins(session: Session, site_id: UUID, origins: Sequence[str], *, by: str) -> None:
    session.execute(delete(SiteOrigin).where(SiteOrigin.site_id == site_id))
    if origins:
        rows = [{"site_id": site_id, "origin": origin} for origin in sorted(set(origins))]
        session.execute(insert(SiteOrigin), rows)
    audit.note(
        session,
        Entry(
            kind=Kind.SITE, action="origins set", by=by, site_id=site_id, subject=site_id,
            details={"origins": sorted(set(origins))},
        ),
    )  # fmt: skip
    changes.note_site(session, site_id)


def add_policy(
    session: Session, site_id: UUID, *, seen: int, settings: dict[str, Any], by: str
) -> bool:
    """Make `settings` the site's next version if `seen` is still the present one."""
    moved = session.execute(
        update(Site)
        .where(Site.id == site_id, Site.policy_version == seen)
        .values(policy_version=seen + 1)
        .returning(Site.id)
    ).one_or_none()
    if moved is None:
        return False
    _store_policy(session, site_id, version=seen + 1, settings=settings, by=by)
    changes.note_site(session, site_id)
    return True


def _store_policy(
    session: Session, site_id: UUID, *, version: int, settings: dict[str, Any], by: str
) -> None:
    made = StoredPolicy(site_id=site_id, version=version, settings=settings, by=by)
    session.add(made)
    session.flush()  # to learn its time
    audit.note_policy(session, made)


def closing_after(session: Session) -> list[tuple[UUID, int]]:
    """The sites whose threads close by their age, and after how many days."""
    days = StoredPolicy.settings["close_after_days"].as_integer()
    present = (StoredPolicy.site_id == Site.id) & (StoredPolicy.version == Site.policy_version)
    rows = session.execute(select(Site.id, days).join(StoredPolicy, present).where(days > 0))
    return [(site_id, after) for site_id, after in rows]
