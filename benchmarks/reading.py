"""Reading, alone and with posts in between, of all systems in turns."""

from collections.abc import Callable, Iterator, Sequence
from json import dumps
from uuid import UUID

from benchmarks import isso
from benchmarks.load import Connection
from benchmarks.machine import wait_until_quiet
from benchmarks.sample import Sample
from benchmarks.seeding import LONG, LONG_ONES, LONGER, SHORT_ONES, Place
from benchmarks.served import AFTERWORD, ISSO, PROXIED, Served
from benchmarks.stack import Stack
from benchmarks.stored import Stored
from benchmarks.texts import SITE, Draft, Writer
from benchmarks.wrk import GZIP, Load, Posts, load

CONNECTIONS = (1, 16, 64)
USUAL = 16
MIXED = 32
POSTS_IN_A_HUNDRED = 5
POSTS_A_SECOND = 6_000  # as the next, more than any system takes: so many are prepared
MIXED_POSTS_A_SECOND = 1_000
MOST_FAILED = 0.01
SECONDS_FOR_ISSO = 10  # it finishes about one long thread a second
PLAIN, PACKED, KNOWN = "plain", "gzip", "304"

Cell = Callable[[Stack, Sequence[Served], float], Iterator[Sample]]


def hundred(_: Stack, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    yield from _one_thread(LONG, served, seconds)


def thousand(_: Stack, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    yield from _one_thread(LONGER, served, seconds)


def _one_thread(place: Place, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    for mode in (PLAIN, PACKED, KNOWN):
        for connections in CONNECTIONS:
            for one in served:
                if one.name == ISSO and (mode != PLAIN or connections > 1):
                    continue  # it neither compresses nor revalidates, and finishes few at all
                headers = _headers(one, place, mode)
                reads = [one.address(place.page)]
                found = _read(one, reads, seconds, connections=connections, headers=headers)
                row = (mode, str(connections), one.name)
                yield Sample(place.page, row, found.values())


def _headers(one: Served, place: Place, mode: str) -> dict[str, str]:
    if mode == PLAIN:
        return {}
    if mode == PACKED:
        return GZIP
    etag = one.get(place.page, Accept_Encoding="gzip").header("etag")
    if one.get(place.page, Accept_Encoding="gzip", If_None_Match=etag).status != 304:
        raise RuntimeError(f"{one.name} does not know its own ETag {etag}.")
    return GZIP | {"If-None-Match": etag}


def _read(
    one: Served,
    reads: Sequence[str],
    seconds: float,
    *,
    connections: int = USUAL,
    headers: dict[str, str] = GZIP,
) -> Load:
    found = load(
        one.port,
        reads,
        roots=one.trees,
        connections=connections,
        seconds=_long_enough(one, seconds),
        headers=headers,
    )
    _ensure_answered(one, found)
    if one.name == ISSO:
        wait_until_quiet(one.trees)  # it goes on with what nobody waits for any more
    return found


def _long_enough(one: Served, seconds: float) -> float:
    return max(seconds, SECONDS_FOR_ISSO) if one.name == ISSO else seconds


def _ensure_answered(one: Served, found: Load) -> None:
    """A few that failed stand in the table; many would make it a table of failures."""
    if found.refused + found.broken > found.requests * MOST_FAILED and one.name != ISSO:
        raise RuntimeError(f"{one.name}: {found.refused} refused, {found.broken} broken")


def spread(_: Stack, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    """Each reader another of a thousand threads, all read before."""
    for places in (SHORT_ONES, LONG_ONES):
        for one in served:
            reads = [one.address(place.page) for place in places]
            _warm(one, reads)
            found = _read(one, reads, seconds)
            yield Sample("spread", (f"1,000 × {places[0].size}", one.name), found.values())


def _warm(one: Served, reads: Sequence[str]) -> None:
    """So that all are in memory, as they are after an hour."""
    if one.name in (AFTERWORD, PROXIED):
        connection = Connection(one.port)
        for path in reads:
            connection.get(path, Accept_Encoding="gzip")
        connection.close()


def counts(_: Stack, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    for number in (1, 20):
        pages = "".join(f"&page={place.page}" for place in SHORT_ONES[:number])
        for one in served:
            if one.name in (AFTERWORD, PROXIED):
                path = f"/v1/counts?site={SITE}{pages}"
                found = _read(one, [path], seconds)
                yield Sample("counts", (str(number), one.name), found.values())


def posts(stack: Stack, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    """As many as go through, by the same generator for both."""
    for one in served:
        if one.name in (AFTERWORD, ISSO):
            drafts = _drafts(one, stack, round(_long_enough(one, seconds) * POSTS_A_SECOND))
            found = load(
                one.port,
                roots=one.trees,
                connections=USUAL,
                seconds=_long_enough(one, seconds),
                posts=Posts(drafts, _new(one)),
            )
            _ensure_kept(one, stack, found, drafts)
            values = found.values() | {"per second": len(found.receipts) / found.seconds}
            yield Sample("posts", (one.name,), values)


def mixed(stack: Stack, served: Sequence[Served], seconds: float) -> Iterator[Sample]:
    """Of a hundred requests five post; each post changes one of the thousand threads."""
    for one in served:
        if one.name in (AFTERWORD, ISSO):
            drafts = _drafts(one, stack, round(_long_enough(one, seconds) * MIXED_POSTS_A_SECOND))
            reads = [one.address(place.page) for place in SHORT_ONES]
            _warm(one, reads)
            found = load(
                one.port,
                reads,
                roots=one.trees,
                connections=MIXED,
                seconds=_long_enough(one, seconds),
                headers=GZIP,
                posts=Posts(drafts, _new(one), percent=POSTS_IN_A_HUNDRED),
            )
            _ensure_kept(one, stack, found, drafts)
            accepted = {"of them posts": len(found.receipts) / found.seconds}
            yield Sample("mixed", (one.name,), found.values() | accepted)


def _new(one: Served) -> str:
    return isso.new_comment("hundred-more") if one.name == ISSO else "/v1/comments"


def _drafts(one: Served, stack: Stack, count: int) -> list[Draft]:
    writer = Writer(f"{stack.port} {stack.next_number()}")
    if one.name == AFTERWORD:
        pages = tuple(place.page for place in SHORT_ONES)
        return [writer.draft(pages) for _ in range(count)]
    texts = [writer.text() for _ in range(count)]
    contents = (dumps({"text": text, "author": "Ann", "title": "More"}) for text in texts)
    return [Draft(content.encode(), "", "") for content in contents]


def _ensure_kept(one: Served, stack: Stack, found: Load, drafts: Sequence[Draft]) -> None:
    """What was accepted is stored with its very text, and all of it judged before others go on."""
    if one.name == ISSO:
        wait_until_quiet(one.trees)
        return
    _ensure_answered(one, found)
    stored = Stored(stack.database_url)
    ids = [UUID(str(receipt["id"])) for receipt in found.receipts]
    stored.verify_receipts(ids, [draft.digest for draft in drafts])
    stored.wait_until_decided()
    stored.close()


CELLS: dict[str, Cell] = {
    "hundred": hundred,
    "thousand": thousand,
    "spread": spread,
    "counts": counts,
    "posts": posts,
    "mixed": mixed,
}
