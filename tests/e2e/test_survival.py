"""Comments that harm their judges, while these are killed anyway: nothing is decided twice."""

import time
from typing import Any

from service.domain.states import State
from tests.e2e.faults import Killer, new_seed
from tests.e2e.load import (
    TEXTS,
    Ledger,
    ensure_nothing_was_lost,
    readers,
    wait_until_decided,
)
from tests.e2e.poisoned_worker import POISON, TIDE
from tests.e2e.running import Processes, Started, until
from tests.factories import SECRET
from workers.screening import FIRST_BATCH

POSTED = 200


def report(ledger: Ledger, rows: list, seconds: float, killed: list[str]) -> None:
    again = sum(row.attempts > 1 for row in rows)
    print(
        f"accepted {len(ledger.accepted)}, lost 0, decided once {len(rows)}, "
        f"{seconds:.1f} s after the last fault; slowest post {ledger.slowest:.2f} s; "
        f"{again} judged again; killed {killed}"
    )


def test_nothing_is_lost_when_a_comment_kills_its_judges(
    processes: Processes, fresh_database: str, own_valkey: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": own_valkey, "secret": SECRET}
    settings |= {"limits": "off", "lease_seconds": "6"}
    processes.set_up(**settings)
    web = processes.web(**settings)
    workers = processes.start("worker", module="tests.e2e.poisoned_worker", **settings)
    seed = new_seed()
    ledger, killer = Ledger(), Killer(workers, fresh_database, seed)
    with readers(web, ledger, seed=seed):
        time.sleep(1)
        poison = ledger.post(web.address, f"{POISON} Or not.")
        killer.kill_workers(pause=0.4)
        last_fault = time.monotonic()
    wait_until_decided(fresh_database)
    seconds = time.monotonic() - last_fault
    rows = ensure_nothing_was_lost(fresh_database, ledger)
    report(ledger, rows, seconds, killer.killed)
    assert ledger.refused == []
    assert len(ledger.accepted) == POSTED + 1
    [held] = [row for row in rows if row.comment == poison]
    assert held.state == State.HELD
    assert held.attempts == 3
    assert "broke off 3 times" in held.reasons[0]


def late(workers: Started) -> list[dict[str, Any]]:
    """What was logged of batches of which nothing was left to decide."""
    ended = [one for one in workers.records() if one["message"] == "screened"]
    return [one for one in ended if (one["process"], one["moved"]) == ("rq", 0)]


def test_a_judge_who_comes_too_late_decides_nothing(
    processes: Processes, fresh_database: str, own_valkey: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": own_valkey, "secret": SECRET}
    settings |= {"limits": "off", "lease_seconds": "2", "sweep_seconds": "1"}
    processes.set_up(**settings)
    web, ledger = processes.web(**settings), Ledger()
    for text in (TIDE, *TEXTS):
        ledger.post(web.address, text)
    workers = processes.start("worker", module="tests.e2e.poisoned_worker", **settings)
    wait_until_decided(fresh_database, seconds=20)
    assert not late(workers), "nobody is late"
    until(lambda: late(workers), "the late one's end", seconds=20)
    rows = ensure_nothing_was_lost(fresh_database, ledger)
    in_its_hands = [row for row in rows if row.attempts > 1]
    assert len(in_its_hands) >= FIRST_BATCH
    assert ledger.refused == []
