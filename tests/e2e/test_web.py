"""`afterword web` on its own: how it starts, and what it says of its processes."""

import os
import time
from pathlib import Path

import psutil
import pytest

from service.processes import REQUESTS
from tests.e2e.running import (
    START_SECONDS,
    STOP_SECONDS,
    Processes,
    answers,
    children_of,
    free_port,
    is_alive,
    until,
)
from tests.factories import SECRET


def test_it_answers_only_when_the_database_is_migrated(
    processes: Processes, fresh_database: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    port = free_port()
    web = processes.start("web", "--port", str(port), **settings)
    until(lambda: "waiting for afterword migrate" in web.logged(), "patience", seconds=30)
    processes.run("migrate", **settings)
    until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "readiness")


def test_it_starts_while_the_database_is_away(processes: Processes) -> None:
    away = f"postgresql://nobody@127.0.0.1:{free_port()}/none"
    web = processes.web(database_url=away, redis_url="unix:///none", secret=SECRET)
    assert "the database does not answer" in web.logged()


def test_it_tells_of_a_process_that_died_and_not_of_its_threads(
    processes: Processes, fresh_database: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    processes.set_up(**settings)
    web = processes.web(**settings, web_threads="64", log_level="WARNING")
    assert web.said() == "", "granian writes there"
    time.sleep(6)  # granian gives up a process that dies within its first seconds
    [killed] = children_of(web.pid)
    killed.kill()
    until(lambda: "Unexpected exit from worker-1" in web.said(), "a line about it")
    until(lambda: answers(f"{web.address}/livez"), "another process")


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux has a niceness for each thread")
def test_what_works_on_requests_gives_way_to_what_commits_and_purges(
    processes: Processes, fresh_database: str
) -> None:
    settings = {"database_url": fresh_database, "redis_url": "unix:///none", "secret": SECRET}
    processes.set_up(**settings)
    [child] = children_of(processes.web(**settings).pid)
    threads = [int(task.name) for task in Path(f"/proc/{child.pid}/task").iterdir()]
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    niceness = {os.getpriority(os.PRIO_PROCESS, thread) - usual for thread in threads}
    assert niceness == {0, REQUESTS}


def test_a_process_that_has_only_begun_to_start_ends_with_its_parent(processes: Processes) -> None:
    """It would keep the port, so that nothing could be started in its place."""
    port = free_port()
    settings = {"database_url": "sqlite:////none", "redis_url": "unix:///none", "secret": SECRET}
    web = processes.start("web", "--port", str(port), **settings)
    begun = until(web.descendants, "its process", seconds=START_SECONDS)
    web.process.kill()
    web.process.wait()
    until(lambda: not any(map(is_alive, begun)), "its process's end", seconds=STOP_SECONDS)
