"""The database is killed, frozen, stopped, full of others or locked: clear refusals, no lies."""

import signal
from collections.abc import Sequence
from contextlib import suppress

import psutil
import pysqlite3
from pysqlite3 import Connection

from tests.torture.databases import OWNER, PostgreSQL
from tests.torture.everything import SETTINGS
from tests.torture.ledger import Ledger
from tests.torture.outages import BACK_WITHIN, Outage, judge, seconds, suffered
from tests.torture.stage import Stage, staged
from tests.torture.trial import Outcome, Run

ANSWERED_WITHIN = 6.0  # seconds: five for SQLite's lock
LOCKED = 6.0  # seconds, on average: some longer than that, some shorter


def of_postgresql(database: PostgreSQL) -> list[Outage]:
    frozen: list[psutil.Process] = []

    def freeze() -> None:
        """The postmaster first: what it forked after they were counted would go on."""
        frozen[:] = [database.postmaster]
        database.postmaster.suspend()
        for process in database.all_processes()[1:]:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
                frozen.append(process)

    def thaw() -> None:
        for process in reversed(frozen):
            with suppress(psutil.NoSuchProcess):
                process.resume()

    def crowd_out() -> None:
        """No connection is left for the service, as when others took them all."""
        database.order(f"ALTER ROLE {OWNER} CONNECTION LIMIT 0")
        database.order(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{OWNER}'"
        )

    def let_in() -> None:
        database.order(f"ALTER ROLE {OWNER} CONNECTION LIMIT -1")

    return [
        Outage("killed", database.kill, database.start, "unavailable"),
        Outage("frozen", freeze, thaw, "unavailable"),
        Outage(
            "stopped at once", lambda: database.stop(signal.SIGQUIT), database.start, "unavailable"
        ),
        Outage("no connection left", crowd_out, let_in, "unavailable"),
    ]


def of_sqlite(url: str) -> list[Outage]:
    """Readers go on."""
    held: list[Connection] = []

    def lock() -> None:
        connection = pysqlite3.connect(
            url.removeprefix("sqlite:///"), isolation_level=None, timeout=30,
            check_same_thread=False,
        )  # fmt: skip
        connection.execute("BEGIN EXCLUSIVE")
        held.append(connection)

    def unlock() -> None:
        held.pop().close()

    return [Outage("locked by another process", lock, unlock, "ok", brief=LOCKED)]


def outages(stage: Stage) -> Sequence[Outage]:
    if isinstance(stage.database, PostgreSQL):
        return of_postgresql(stage.database)
    return of_sqlite(stage.url)


def do_without_database(run: Run) -> Outcome:
    ledger = Ledger()
    with staged(run.folder, run.database, **SETTINGS) as stage:
        all_of_them = suffered(stage, ledger, outages(stage), run)
        outcome = judge(stage, ledger, run, all_of_them)
    calls = [call for one in all_of_them for call in one.calls(ledger)]
    slowest = max(map(seconds, calls), default=0.0)
    back = max(one.taken for one in all_of_them)
    outcome.break_if(slowest > ANSWERED_WITHIN * run.slack, "P7", f"an answer took {slowest:.1f} s")
    outcome.break_if(back > BACK_WITHIN * run.slack, "P7", f"taken again {back:.1f} s after")
    refused = sum(call.status == 503 for call in calls)
    outcome.figures["P7"] = (
        f"{refused:,} refused with 503, slowest answer {slowest:.1f} s; taken again "
        f"{back:.1f} s after at most; {ledger.reads:,} reads"
    )
    return outcome
