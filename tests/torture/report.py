"""The report: docs/promises.md, a row for each promise and database, the latest trials of each."""

import fcntl
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.torture.promises import PROMISES, Promise
from tests.torture.trial import Outcome

DOCUMENT = Path(__file__).parents[2] / "docs" / "promises.md"
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HEAD = ("Promise", "Database", "Trials", "Result", "Seed", "Figures", "Date", "Took")
ABOUT = """\
# Promises, and what was done to break them

What the service promises, and the latest trials of each promise. `make torture` does them again:
it starts everything as `afterword up` does, on SQLite or on a PostgreSQL of its own, lets people
post, read and moderate, and meanwhile kills, freezes, cuts off and fills up whatever there is.
What people sent and were told is held against the database, the decisions, the audit log and all
that was read. A seed decides what is done when; `--seed` does the same again, as far as clocks
allow. `make test` does fewer of the same trials each time.

"""
MEANING = """
*Held* means that no trial showed anything else, which is no proof. Processes are killed by
`kill -9`, all at once, too; what the operating system has in memory survives that. SQLite runs in
WAL mode with `synchronous=FULL`, PostgreSQL with `fsync` and `synchronous_commit` on, as they are
shipped. The trials ran on {cores} cores ({machine}) that did other things, too, so that times say
little. *Trials* says how many there were; *figures*, which column of `tests/torture/promises.py`
that was, or which part of it. But for P6, P7, P9, P10 and P14, whose limits are short, trials may
have run on both databases at once.

A night is to end within 75 minutes on two cores, for both databases together, so that there are
fewer trials than one would like: fifty of each kind of outage on each database (P6, P7), a
thousand poisons (P9), two thousand comments on each database on which two decide (P5), and a
million looks at what is public (P4). The first outage of each kind lasts ten seconds, the others
about one, but for SQLite's lock, for which writers wait five.
"""

Rows = Mapping[tuple[str, str], str]


def document(rows: Rows) -> str:
    lines = [f"| {' | '.join(HEAD)} |", "|" + " --- |" * len(HEAD)]
    lines += [row for _, row in sorted(rows.items(), key=lambda item: _order(item[0]))]
    words = "".join(f"- **{promise.id}** {promise.words}\n" for promise in PROMISES)
    meaning = MEANING.format(cores=len(os.sched_getaffinity(0)), machine=platform.machine())
    return f"{ABOUT}{words}\n" + "\n".join(lines) + "\n" + meaning


def _order(key: tuple[str, str]) -> tuple[int, str, str]:
    number = re.search(r"\d+", key[0])
    return (int(number[0]) if number else 0, key[0], key[1])


def rows_of(outcome: Outcome, promises: Iterable[Promise], figures: str) -> Rows:
    """A row for each promise that one trial shows. What it broke of others is in all of them."""
    run = outcome.run
    promises = list(promises)
    besides = set(outcome.broken) - {promise.id for promise in promises}
    of_others = [f"{id}: {what}" for id in sorted(besides) for what in outcome.broken[id]]
    return {
        (promise.id, NAMES[run.database]): _row(
            promise.id,
            NAMES[run.database],
            f"{outcome.trials:,} {promise.unit}",
            _result(outcome, promise.id, of_others),
            str(run.seed),
            figures,
            datetime.now(UTC).date().isoformat(),
            f"{outcome.seconds:,.0f} s",
        )
        for promise in promises
    }


def not_run(promise: Promise, database: str, why: str) -> Rows:
    today = datetime.now(UTC).date().isoformat()
    row = _row(promise.id, NAMES[database], "0", f"not run: {why}", "", "", today, "")
    return {(promise.id, NAMES[database]): row}


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _result(outcome: Outcome, promise: str, of_others: Sequence[str]) -> str:
    broken = [*outcome.broken.get(promise, []), *of_others]
    verdict = "held" if not broken else f"**broken** {len(broken)} times, such as: {broken[0]}"
    return "; ".join(filter(None, (verdict, outcome.figures.get(promise, "")))).replace("|", "/")


def written() -> Rows:
    """The rows that are in the document now."""
    if not DOCUMENT.exists():
        return {}
    lines = [
        line
        for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| P\d", line)
    ]
    cells = {line: [cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines}
    return {(found[0], found[1]): line for line, found in cells.items()}


def write(new: Rows) -> None:
    """These rows in place of those of the same promises; the others stay."""
    folder = os.open(DOCUMENT.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # trials on the other database may end meanwhile
        DOCUMENT.write_text(document({**written(), **new}), encoding="utf-8")
    finally:
        os.close(folder)
