"""Sites, where they may be embedded, and the versions of their policies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from service.domain.policy import Policy
from service.store.models import Site, SiteOrigin, StoredPolicy

CACHED_POLICIES = 200


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


def find(session: Session, key: str) -> SiteRecord | None:
    site = session.execute(
        select(Site.id, Site.key, Site.name, Site.policy_version).where(Site.key == key)
    ).one_or_none()
    return None if site is None else _record(session, *site)


def find_by_id(session: Session, site_id: UUID) -> SiteRecord:
    site = session.execute(
        select(Site.id, Site.key, Site.name, Site.policy_version).where(Site.id == site_id)
    ).one()
    return _record(session, *site)


def _record(session: Session, site_id: UUID, key: str, name: str, version: int) -> SiteRecord:
    origins = session.scalars(select(SiteOrigin.origin).where(SiteOrigin.site_id == site_id))
    return SiteRecord(
        id=site_id,
        key=key,
        name=name,
        policy_version=version,
        policy=policy(session, site_id, version),
        origins=frozenset(origins),
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
    session.add(StoredPolicy(site_id=site.id, version=1, settings=Policy().as_json(), by=by))
    replace_origins(session, site.id, origins)
    return site.id


def replace_origins(session: Session, site_id: UUID, origins: Sequence[str]) -> None:
    session.execute(delete(SiteOrigin).where(SiteOrigin.site_id == site_id))
    if origins:
        rows = [{"site_id": site_id, "origin": origin} for origin in sorted(set(origins))]
        session.execute(insert(SiteOrigin), rows)


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
    session.add(StoredPolicy(site_id=site_id, version=seen + 1, settings=settings, by=by))
    return True
