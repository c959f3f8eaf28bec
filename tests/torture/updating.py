"""Updates: servers, workers and schema change while people read and post, and nobody notices."""

import itertools
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

from service.store.db import session_at
from tests.e2e.running import SITE, Answer, Processes, Started, answers, call, free_port, until
from tests.torture.crowd import UNANSWERED, new_text
from tests.torture.databases import Database
from tests.torture.ledger import MARK, Ledger
from tests.torture.stage import parts
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import judged, undecided

PAGE = "/torture/updated"
CLIENTS = 10
A_SECOND = 50  # requests of all clients
POSTS = 0.3  # of them
START_SECONDS = 90
SETTINGS = {"web_processes": "2", "worker_processes": "2"}
# What the migration of a next version does while this one still runs, and a later one when no
# process of it does any more.
EXPAND = (
    "ALTER TABLE comments ADD COLUMN added TEXT",
    "CREATE INDEX comments_added ON comments (added)",
    "CREATE TABLE added (id INTEGER PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = '9999'",
)
CONTRACT = (
    "DROP TABLE added",
    "DROP INDEX comments_added",
    "ALTER TABLE comments DROP COLUMN added",
)


@dataclass
class Installation:
    """A web server and workers, each started as docs/operations.md says."""

    database: Database
    processes: Processes
    settings: dict[str, str]

    def __post_init__(self) -> None:
        self.port = free_port()
        self.migrations = itertools.cycle((EXPAND, CONTRACT))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.processes.set_up(**self.settings)
        self.web = self._web()
        self.worker = self._worker()
        until(lambda: answers(f"{self.address}/readyz"), "readiness")

    def replace_web(self) -> None:
        """The new one is at the same port before the old one is told to go."""
        old, self.web = self.web, self._web()
        assert old.terminate() == 0, old.logged()

    def reload_web(self) -> None:
        """The same server with new processes, which load what is installed by then."""
        old = set(listeners(self.web, self.port))
        self.web.process.send_signal(signal.SIGHUP)
        until(lambda: not old & set(listeners(self.web, self.port)), "a change", seconds=90)

    def replace_worker(self) -> None:
        old, self.worker = self.worker, self._worker()
        assert old.terminate() == 0, old.logged()

    def migrate(self) -> None:
        """Forth and back: the version that runs has to do with the one shape and the other."""
        with session_at(self.database.url) as session:
            for step in next(self.migrations):
                session.connection().exec_driver_sql(step)
            session.commit()

    def _web(self) -> Started:
        web = self.processes.start("web", "--port", str(self.port), **self.settings)
        until(lambda: len(listeners(web, self.port)) == 2, "a web server", seconds=START_SECONDS)
        return web

    def _worker(self) -> Started:
        worker = self.processes.start("worker", **self.settings)
        until(lambda: len(worker.judges("rq")) == 2, "workers", seconds=START_SECONDS)
        return worker


def listeners(web: Started, port: int) -> list[psutil.Process]:
    """Its processes that take connections."""
    return [process for process in web.descendants() if listens(process, port)]


def listens(process: psutil.Process, port: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return any(
            one.laddr.port == port and one.status == psutil.CONN_LISTEN
            for one in process.net_connections("tcp")
        )
    return False  # it has given way to another meanwhile


def update(run: Run) -> Outcome:
    """`times` are changes, of each kind in turn."""
    ledger = Ledger()
    with parts(run.folder, run.database, **SETTINGS) as given:
        installation = Installation(*given)
        ways = (
            installation.migrate,
            installation.replace_web,
            installation.replace_worker,
            installation.reload_web,
        )
        installation.start()
        with clients(installation, ledger, seed=run.seed) as failed:
            for number in range(run.times):
                time.sleep(1)
                ways[number % len(ways)]()
                run.tell(number + 1)
            time.sleep(1)
        until(lambda: undecided(installation.database.url) == 0, "decisions", seconds=60)
        verdict = judged(installation.database.url, ledger)
    outcome = Outcome(run, trials=run.times)
    broken = [what for examples in verdict.broken.values() for what in examples]
    outcome.broken["P11"] = [*failed, *broken]
    outcome.figures["P11"] = (
        f"{sum(ledger.answers.values()):,} requests, {len(failed)} of them failed; "
        f"{verdict.accepted:,} comments"
    )
    return outcome


@contextmanager
def clients(installation: Installation, ledger: Ledger, *, seed: int) -> Iterator[list[str]]:
    """Meanwhile they read and post; in the list is what went wrong."""
    failed: list[str] = []
    enough = threading.Event()

    def live(number: int) -> None:
        chance = random.Random(f"{seed} client {number}")
        pause = CLIENTS / A_SECOND
        while not enough.wait(chance.uniform(0, 2 * pause)):
            began = time.time()
            try:
                if chance.random() < POSTS:
                    post(installation, ledger, chance)
                else:
                    read(installation, ledger, began)
            except UNANSWERED as error:
                failed.append(f"{time.strftime('%H:%M:%S')} {error!r}")

    threads = [threading.Thread(target=live, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield failed
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def post(installation: Installation, ledger: Ledger, chance: random.Random) -> None:
    text, body = new_text(chance)
    new = {"site": SITE, "page": PAGE, "body": body, "author": {"name": "Ann"}}
    text.key = str(uuid.UUID(int=chance.getrandbits(128)))
    ledger.texts.append(text)
    noted = ledger.begin(text)
    headers = {"Idempotency-Key": text.key}
    answer = call("POST", f"{installation.address}/v1/comments", body=new, headers=headers)
    noted.status = answer.status
    note(ledger, "POST", answer, expected=202)
    if answer.status == 202:
        text.ids.add(answer.json["id"])


def read(installation: Installation, ledger: Ledger, began: float) -> None:
    answer = call("GET", f"{installation.address}/v1/comments?site={SITE}&page={PAGE}")
    note(ledger, "GET", answer, expected=200)
    ledger.saw(set(MARK.findall(answer.text)), began=began, where="the page")


def note(ledger: Ledger, method: str, answer: Answer, *, expected: int) -> None:
    ledger.told(method, answer.status, answer.text, answer.headers.get("retry-after"))
    if answer.status != expected:
        ledger.strange.append(f"{method}: {answer.status} {answer.text[:200]}")
