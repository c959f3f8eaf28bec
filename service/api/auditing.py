"""The audit log, as far as the asker may see it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Response

from service.api import access
from service.api.answers import answer
from service.api.audit_files import shown
from service.api.database import db
from service.domain.roles import ADMIN, READ
from service.store import audit_reading, sites
from service.store.audit_reading import Filters
from service.store.db import AnyRow

WANTED = ("kind", "action", "by", "since", "until")


def list_audit(query: dict[str, Any]) -> Response:
    """The newest entries first."""
    rows, more = page(filters_from(query), before=query.get("after"), limit=query["limit"])
    keys = keys_of_sites()
    end = audit_reading.head(db.session())
    return answer(
        {
            "entries": [shown(row, keys) for row in rows],
            "next": more,
            "head": {"seq": end.seq, "hash": end.hash.hex()} if end else None,
        }
    )


def page(
    filters: Filters, *, before: int | None, limit: int
) -> tuple[Sequence[AnyRow], int | None]:
    """Entries, and before which number the next ones are, if there are more."""
    rows = audit_reading.newest(db.session(), filters, before=before, limit=limit + 1)
    return rows[:limit], rows[limit - 1].seq if len(rows) > limit else None


def filters_from(query: Mapping[str, Any]) -> Filters:
    """Raises NotFound for a site that the asker may not see."""
    holder = access.holder()
    readable, administrated = holder.sites(READ), holder.sites(ADMIN)
    if key := query.get("site"):
        site_id = access.moderated_site(key, READ).id
        readable = frozenset({site_id})
        administrated = readable if holder.may(ADMIN, site_id) else frozenset()
    wanted = {name: query[name] for name in WANTED if query.get(name) is not None}
    return Filters(readable=readable, administrated=administrated, **wanted)


def keys_of_sites(ids: Collection[UUID] | None = None) -> dict[UUID, str]:
    return {row.id: row.key for row in sites.known(db.session(), ids)}
