"""Stopping in the middle of the work: batches are finished, and who has connected is heard."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from service.cli.serving import GRACE_SECONDS
from service.domain.states import State
from tests.e2e.faults import wait_for_claim
from tests.e2e.load import Ledger, ensure_nothing_was_lost, readers, stored, wait_until_decided
from tests.e2e.running import STOP_SECONDS, Processes, Started, free_port, is_alive, until
from tests.factories import SECRET

EACH = 25  # comments of a client: enough to last through all rounds


def to_the_command_alone(worker: Started) -> None:
    os.kill(worker.pid, signal.SIGTERM)


def to_every_process(worker: Started) -> None:
    """As systemd does: the signal goes to all of a unit's processes at the same time."""
    for process in [psutil.Process(worker.pid), *worker.descendants()]:
        process.send_signal(signal.SIGTERM)


def stop_within_a_batch(
    worker: Started, database_url: str, send: Callable[[Started], None]
) -> None:
    """Send the signal while comments are claimed; nothing claimed may stay undecided."""
    until(lambda: worker.judges("rq"), "workers")
    until(lambda: wait_for_claim(database_url), "a worker with a batch in hand", seconds=20)
    running = worker.descendants()
    send(worker)
    assert worker.process.wait(STOP_SECONDS) == 0
    assert [process for process in running if is_alive(process)] == []


def test_sigterm_lets_workers_finish_their_batch(
    processes: Processes, fresh_database: str, own_valkey: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": own_valkey, "secret": SECRET}
    settings |= {"limits": "off", "worker_processes": "2"}
    processes.set_up(**settings)
    web = processes.web(**settings)
    ledger, left = Ledger(), 0
    with readers(web, ledger, seed=7, each=EACH):
        for send in (to_the_command_alone, to_every_process):
            worker = processes.start("worker", **settings)
            stop_within_a_batch(worker, fresh_database, send)
            waiting = [row for row in stored(fresh_database) if row.state == State.RECEIVED]
            assert [row for row in waiting if row.attempts > 0] == [], "a batch was dropped"
            left += len(waiting)
    assert left, "it was never stopped in the middle of the load"
    processes.start("worker", **settings)
    wait_until_decided(fresh_database)
    rows = ensure_nothing_was_lost(fresh_database, ledger)
    assert [row for row in rows if row.attempts != 1] == []
    assert ledger.refused == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the server alone sees to it")
def test_sigterm_hears_whoever_has_connected_and_lets_nobody_else_in(
    processes: Processes, fresh_database: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    processes.set_up(**settings)
    web = processes.web(**settings)
    host, _, port = web.address.removeprefix("http://").rpartition(":")

    def is_closed() -> bool:
        try:
            socket.create_connection((host, int(port)), 0.05).close()
        except TimeoutError:
            return True
        return False

    with socket.create_connection((host, int(port)), 10) as reader:
        web.process.terminate()
        until(is_closed, "a closed door")
        reader.sendall(b"GET /livez HTTP/1.1\r\nHost: news\r\n\r\n")
        assert reader.recv(15) == b"HTTP/1.1 200 OK"
    assert web.process.wait(STOP_SECONDS) == 0


def test_a_server_that_waits_for_a_migration_stops_at_once(
    processes: Processes, fresh_database: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    web = processes.start("web", "--port", str(free_port()), **settings)
    until(lambda: "waiting for afterword migrate" in web.logged(), "a server that waits")
    began = time.monotonic()
    assert web.terminate() == 0
    assert time.monotonic() - began < GRACE_SECONDS


def test_a_server_that_is_still_being_loaded_stops_at_once(
    processes: Processes, fresh_database: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    processes.set_up(**settings)
    web = processes.start("web", "--port", str(free_port()), **settings)
    until(web.descendants, "a process that answers")
    began = time.monotonic()
    assert web.terminate() == 0
    assert time.monotonic() - began < GRACE_SECONDS
