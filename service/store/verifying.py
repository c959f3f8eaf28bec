"""Looking for what was altered, added, cut or moved in the audit log, or in what it tells of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain import chain
from service.store import recorded
from service.store.audit import AUDIT, HEAD, HEAD_ID
from service.store.db import AnyRow
from service.store.recorded import DECISIONS, UNREADABLE, Pair, Problem, Row

AT_ONCE = 500
NUMBERS = select(AUDIT.c.seq).order_by(AUDIT.c.seq).limit(AT_ONCE)
PAIRS = select(AUDIT, DECISIONS).outerjoin(DECISIONS, recorded.IS_ITS_DECISION)
NEWEST = select(func.max(AUDIT.c.seq))
END = select(HEAD.c.seq, HEAD.c.hash, NEWEST.scalar_subquery()).where(HEAD.c.id == HEAD_ID)
COLUMNS = [column.name for column in AUDIT.columns]
OF_DECISIONS = [column.name for column in DECISIONS.columns]

Tell = Callable[[int, int], None]  # how many entries are done, of how many


@dataclass(slots=True)
class Walk:
    """Along the log: where it is, and which hashes the entry there may be said to have."""

    known: bytes | None  # the hash that somebody wrote down earlier
    seq: int = 0
    hashes: tuple[bytes, ...] = (chain.START,)

    def __post_init__(self) -> None:
        self.see(chain.START)

    def see(self, hash: bytes) -> None:
        if hash == self.known:
            self.known = None


def verify(
    session: Session, *, known: bytes | None = None, tell: Tell = lambda _done, _all: None
) -> Iterator[Problem]:
    """Every problem there is, older entries' first. `known` must be the hash of some entry.

    What is written meanwhile is left to the next time, and no transaction stays open for long.
    """
    end = session.execute(END).one_or_none()
    newest = (end[2] if end else session.scalar(NEWEST)) or 0
    until = end.seq if end else newest
    session.rollback()
    walk, gone = Walk(known), 0
    while walk.seq < until and (numbers := _numbers(session, walk.seq, until)):
        pairs, found = [], []
        for seq, pair in _pairs(session, numbers[0], numbers[-1]):
            problems = list(_step(walk, seq, pair, numbers))
            found += problems
            if pair is not None and not problems:
                pairs.append(pair)
        gone += sum(entry["kind"] == "decision" and decision is None for entry, decision in pairs)
        found += recorded.differences(session, pairs)
        session.rollback()
        yield from sorted(found, key=lambda problem: problem.seq or 0)
        tell(walk.seq, until)
    yield from _at_the_end(walk, end, newest=newest)
    yield from recorded.additions(session, gone=gone)
    session.rollback()


def _numbers(session: Session, after: int, until: int) -> Sequence[int]:
    return session.scalars(NUMBERS.where(AUDIT.c.seq > after, AUDIT.c.seq <= until)).all()


def _pairs(session: Session, first: int, last: int) -> Iterator[tuple[int, Pair | None]]:
    """The entries between two numbers, with their decisions. None: nobody can read that one."""
    query = PAIRS.where(AUDIT.c.seq.between(first, last)).order_by(AUDIT.c.seq)
    try:
        rows = session.connection().execute(query).all()
    except UNREADABLE:
        session.rollback()
        if first == last:
            yield first, None
            return
        middle = (first + last) // 2
        yield from _pairs(session, first, middle)
        yield from _pairs(session, middle + 1, last)
        return
    for row in rows:
        entry, decision = _split(row)
        yield entry["seq"], (entry, decision)


def _split(row: AnyRow) -> Pair:
    entry = dict(zip(COLUMNS, row, strict=False))
    decision = dict(zip(OF_DECISIONS, row[len(COLUMNS) :], strict=True))
    return entry, decision if decision["id"] is not None else None


def _step(walk: Walk, seq: int, pair: Pair | None, around: Sequence[int]) -> Iterator[Problem]:
    if seq > walk.seq + 1:
        yield Problem(_missing(walk.seq + 1, seq - 1), walk.seq + 1)
    follows, before, walk.seq = seq == walk.seq + 1, walk.hashes, seq
    due = _due(pair[0]) if pair else None
    if pair is None or due is None:
        yield Problem("was altered, or what it tells of: nobody can read it any more.", seq)
        walk.hashes = ()
        return
    entry = pair[0]
    walk.hashes = (entry["hash"], due)
    walk.see(entry["hash"])
    if due != entry["hash"]:
        yield Problem(_altered(entry, around), seq)
    elif follows and before and entry["prev"] not in before:
        yield Problem("does not follow the entry before it: one of them was put in anew.", seq)


def _due(entry: Row) -> bytes | None:
    try:
        return chain.linked(entry["prev"], entry)
    except UNREADABLE:
        return None


def _altered(entry: Row, around: Sequence[int]) -> str:
    for seq in around:
        if chain.linked(entry["prev"], {**entry, "seq": seq}) == entry["hash"]:
            return f"stands in the wrong place: it is entry {seq}."
    of = f" of {entry['subject']}" if entry["subject"] else ""
    return f"was altered; it now says: {entry['kind']}{of} {entry['action']} by {entry['by']}."


def _missing(first: int, last: int) -> str:
    return "is missing." if first == last else f"is missing, and so are all up to {last}."


def _at_the_end(walk: Walk, end: AnyRow | None, *, newest: int) -> Iterator[Problem]:
    if end is None:
        yield Problem("The row that says where the log ends is gone.")
    elif walk.seq < end.seq:
        yield Problem(_missing(walk.seq + 1, end.seq), walk.seq + 1)
    elif end.hash not in (walk.hashes or (end.hash,)):
        yield Problem(f"The log does not end with the hash that it should, {end.hash.hex()}.")
    if end is not None and newest > end.seq:
        yield Problem(f"was added, and all up to {newest}.", end.seq + 1)
    if walk.known is not None:
        yield Problem(
            f"No entry has the hash {walk.known.hex()}: what was there when it was noted down was "
            "cut off or written anew."
        )
