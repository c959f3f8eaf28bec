"""Entries of the audit log for others: as JSON, and as files for spreadsheets and programs."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from service.api.answers import json_bytes
from service.domain import spreadsheets
from service.store.db import AnyRow

COLUMNS = (
    "seq", "at", "site", "site_id", "kind", "action", "by", "actor", "subject", "details",
    "content", "prev", "hash",
)  # fmt: skip


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


MEDIA_TYPES = {Format.CSV: "text/csv; charset=utf-8", Format.JSONL: "application/jsonl"}


def lines(rows: Iterable[AnyRow], format: Format, *, sites: Mapping[UUID, str]) -> Iterator[bytes]:
    """The file, a line at a time. JSON Lines hold all that the hashes are made of."""
    if format is Format.CSV:
        yield spreadsheets.line(COLUMNS).encode()
    for row in rows:
        yield _csv(row, sites) if format is Format.CSV else json_bytes(shown(row, sites)) + b"\n"


def shown(row: AnyRow, sites: Mapping[UUID, str]) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "site": sites.get(row.site_id),
        "site_id": row.site_id,
        "kind": row.kind,
        "action": row.action,
        "by": row.by,
        "actor": row.actor,
        "subject": row.subject,
        "details": orjson.loads(row.details),
        "content": row.content.hex() if row.content else None,
        "prev": row.prev.hex(),
        "hash": row.hash.hex(),
    }


def _csv(row: AnyRow, sites: Mapping[UUID, str]) -> bytes:
    told = shown(row, sites) | {"details": row.details, "at": row.at.isoformat()}
    return spreadsheets.line([told[name] for name in COLUMNS]).encode()
