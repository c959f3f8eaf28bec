"""What the database says: whether all is there that was accepted, and when it was decided."""

import time
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Engine, func, select, text

from benchmarks.load import Posted
from service.domain.states import State
from service.store.db import open_engine
from service.store.models import Revision

LONGEST_SCREENING = 300.0


class Lost(AssertionError):
    """Not every accepted comment is in the database. Figures without that mean nothing."""


class Stored:
    def __init__(self, url: str) -> None:
        self._engine: Engine = open_engine(url)

    def close(self) -> None:
        self._engine.dispose()

    def durability(self) -> str:
        """The settings on which durability rests, as the server itself names them."""
        names = ("fsync", "synchronous_commit", "full_page_writes")
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "postgresql":
                values = [connection.scalar(text(f"SHOW {name}")) for name in names]
                return ", ".join(f"{n}={v}" for n, v in zip(names, values, strict=True))
            journal = connection.scalar(text("PRAGMA journal_mode"))
            level = connection.scalar(text("PRAGMA synchronous"))
            return f"journal_mode={journal}, synchronous={level} (2 is FULL)"

    def version(self) -> str:
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "postgresql":
                return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
            return f"SQLite {connection.scalar(text('SELECT sqlite_version()'))}"

    def waiting(self) -> int:
        """How many comments are not yet decided."""
        query = select(func.count()).where(Revision.state == State.RECEIVED)
        with self._engine.connect() as connection:
            return connection.execute(query).scalar_one()

    def wait_until_decided(self) -> None:
        until = time.perf_counter() + LONGEST_SCREENING
        while self.waiting():
            if time.perf_counter() > until:
                raise TimeoutError("The workers did not decide on what was posted.")
            time.sleep(0.02)

    def verify(self, posted: Sequence[Posted]) -> None:
        """Raises Lost unless exactly these comments are stored, each with the text it had."""
        found = self._texts_since(posted)
        right = sum(found.get(one.id) == [one.digest] for one in posted)
        if not right == len(posted) == len(found):
            raise Lost(f"{len(posted)} accepted, {right} found unharmed, {len(found)} stored")

    def verify_survivors(self, posted: Sequence[Posted]) -> int:
        """Raises Lost unless all these are stored; answers how many nobody was told of."""
        found = self._texts_since(posted)
        right = sum(found.get(one.id) == [one.digest] for one in posted)
        if right < len(posted):
            raise Lost(f"{len(posted)} accepted, {right} found unharmed")
        return len(found) - right

    def verify_receipts(self, ids: Sequence[UUID], digests: Sequence[str]) -> None:
        """The same for a generator that does not know which of its texts got which id."""
        if not ids:
            return
        found = self._texts_since_id(min(ids))
        texts = sorted(digest for one in ids for digest in found.get(one, []))
        if len(set(texts)) != len(ids) or not set(texts) <= set(digests):
            raise Lost(f"{len(ids)} accepted, {len(set(texts))} found unharmed")

    def _texts_since(self, posted: Sequence[Posted]) -> dict[UUID, list[str]]:
        return self._texts_since_id(min(one.id for one in posted)) if posted else {}

    def _texts_since_id(self, first: UUID) -> dict[UUID, list[str]]:
        """Hashes of texts by comment, of all comments that are no older."""
        query = select(Revision.comment_id, Revision.body).where(Revision.comment_id >= first)
        found: dict[UUID, list[str]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                digest = sha256(row.body.encode()).hexdigest()
                found.setdefault(row.comment_id, []).append(digest)
        return found

    def decision_seconds(self, posted: Sequence[Posted]) -> list[float]:
        """From the insertion of each comment to its decision, by the database's clock."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(Revision.comment_id, Revision.created_at, Revision.decided_at).where(
                    Revision.comment_id >= min(one.id for one in posted)
                )
            ).all()
        times = {row.comment_id: (row.decided_at - row.created_at).total_seconds() for row in rows}
        return [times[one.id] for one in posted]

    def approved_share(self) -> float:
        query = select(func.count(), func.count().filter(Revision.state == State.APPROVED))
        with self._engine.connect() as connection:
            total, approved = connection.execute(query.select_from(Revision)).one()
        return float(approved / total)
