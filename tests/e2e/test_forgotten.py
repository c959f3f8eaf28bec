"""Forgotten means gone: what somebody wrote is looked for in every file, before and after.

What nobody may write down at all, and all of it in logs, is in none of them at any time.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from service.cli import main
from tests.conftest import start_valkey
from tests.e2e.canaries import PAGE, Service, Written, files_of, live, made_of
from tests.e2e.running import SITE, Processes, Started, call
from tests.factories import SECRET, WITHOUT_FILTER


@dataclass
class Running:
    run: Callable[..., str]  # a command, in this process
    start: Callable[..., str]  # the same in one of its own
    web: Started
    worker: Started
    token: str
    redis_url: str


@pytest.fixture
def running(
    fresh_database: str, processes: Processes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    valkey = start_valkey(folder / "valkey", "--appendonly", "yes")
    redis_url = f"unix://{folder / 'valkey' / 'valkey.sock'}"
    settings = {"database_url": fresh_database, "redis_url": redis_url, "secret": SECRET}
    for name, value in settings.items():
        monkeypatch.setenv(f"AFTERWORD_{name.upper()}", value)

    def run(*given: str, text: str | None = None) -> str:
        done = CliRunner().invoke(main, given, input=text)
        assert done.exit_code == 0, done.output
        return done.output

    try:
        run("migrate")
        run("site", "add", SITE, "--name", "The Harbour Gazette")
        policy = json.loads(run("site", "policy", SITE)) | WITHOUT_FILTER
        run("site", "policy", SITE, "--set", "-", text=json.dumps(policy))
        token = run("token", "create", "--name", "mod", "--scope", "moderate").strip()
        verbose = {**settings, "proxies": "1", "log_level": "DEBUG"}
        worker = processes.start("worker", **verbose)
        start = partial(processes.run, **settings)
        yield Running(run, start, processes.web(**verbose), worker, token, redis_url)
    finally:
        valkey.terminate()
        valkey.wait()


def test_forgotten_means_gone(fresh_database: str, folder: Path, running: Running) -> None:
    service, written = Service(running.web.address, running.token), Written()
    comment = live(service, written)
    written.never |= {"moderator's token": running.token, "secret": SECRET}
    written.made_of_it = made_of(fresh_database, comment)
    who = ("--email", written.email)
    exported = running.run("author", "export", *who)
    assert [name for name, one in written.stored.items() if one not in exported] == []
    assert written.email in exported

    files = files_of(fresh_database, folder)
    files.write_down()
    found = files.with_any(written.personal)
    assert written.personal.keys() - found.keys() == set(), "what looks for it is blind"
    assert files.knows(written.stored["name"]), "what looks for it is blind"
    assert logged(found) == []
    running.run("author", "erase", *who, "--yes")
    shown = call("GET", f"{running.web.address}/v1/comments?site={SITE}&page={PAGE}").text
    assert comment in shown
    assert [one for one in written.stored.values() if one in shown] == []
    running.run("audit", "verify")
    running.start("scrub", "--yes")
    (folder / "audit.jsonl").write_text(running.run("audit", "export"))

    assert running.web.terminate() == running.worker.terminate() == 0
    with Redis.from_url(running.redis_url) as redis:
        redis.save()
    files.forget_the_log()
    files.write_down()
    assert {path.name for path in folder.rglob("*")} >= {"dump.rdb", "audit.jsonl"}
    assert files.with_any(written.personal | written.never) == {}
    assert not files.knows(written.stored["name"])


def logged(found: dict[str, list[str]]) -> list[str]:
    return [name for names in found.values() for name in names if name.endswith((".log", ".out"))]
