"""Pull the plug at every moment of 200 commits, and look what is left of what was answered.

The commits are those of the service's own actions, on a database that it opened by itself.
"""

import itertools
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3
from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.orm import Session

from service.actions import sites
from service.actions.posting import Receipt, post_comments
from service.actions.posts import NewComment, prepare
from service.bell import SilentBell
from service.config import Settings
from service.store import sites as stored_sites
from service.store.db import engine_options, session_at
from service.store.db import prepare as prepare_engine
from service.store.migrating import migrate
from service.store.models import Decision
from tests.factories import SECRET, a_text
from tests.torture import apsw_driver
from tests.torture.plugged_disk import Answer, Event, Platter, PluggedDisk, Sync
from tests.torture.trial import Outcome, Run
from workers.checks import CHECKS
from workers.screening import screen

NAME = "afterword.db"
COMMITS = 200
SCREENED_EVERY = 3  # posts
THERE = (
    "SELECT 'comment', comment_id, body FROM revisions"
    " UNION ALL SELECT 'decision', id, to_state FROM decisions"
)
Fact = tuple[str, str, str]  # what somebody was told: of what kind, its id, what it says
names = itertools.count(1)


def cut_power(run: Run) -> Outcome:
    """`times` is how many moments are tried with some of what was not synced on the disk."""
    recording = recorded(run.folder / "full", commits=COMMITS)
    found = losses(recording, seed=run.seed, shuffled=run.times, tell=run.tell)
    outcome = Outcome(run, trials=run.times, broken={"P1b": [*found.missing, *found.damaged]})
    careless = recorded(run.folder / "normal", commits=COMMITS, synchronous="NORMAL")
    blind = not losses(careless, seed=run.seed, shuffled=0).missing
    outcome.break_if(blind, "P1b", "with synchronous=NORMAL nothing was found missing either")
    outcome.figures["P1b"] = (
        f"{found.answered:,} answers of {recording.commits} commits; without what was not synced "
        f"at each of {found.syncs} syncs, with a part of it at {run.times:,} moments"
    )
    return outcome


@dataclass
class Recording:
    """What a disk was told since the database was as in `start`."""

    start: dict[str, bytes]
    events: list[Event]
    commits: int


@dataclass
class Losses:
    """What was found missing or damaged, an example for each cut."""

    syncs: int = 0
    answered: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def recorded(folder: Path, *, commits: int, synchronous: str = "") -> Recording:
    """Post and screen until there were so many commits; `synchronous` in place of what is set."""
    folder.mkdir()
    path = folder / NAME
    url = f"sqlite:///{path}"
    migrate(url)
    with session_at(url) as session:
        sites.add_site(session, key="news", name="News", origins=[], by="test")
    start = {NAME: path.read_bytes()}
    disk = PluggedDisk(f"plugged-{next(names)}")
    settings = Settings(database_url=url, redis_url="unix:///none", secret=SECRET, limits=False)
    with engine_on(disk, url, synchronous) as engine, Session(engine) as session:
        done: list[None] = []
        event.listen(engine, "commit", lambda _connection: done.append(None))
        for number in itertools.count():
            if len(done) >= commits:
                break
            _post(session, disk, number)
            if number % SCREENED_EVERY == 0:
                screen(session, SilentBell(), settings, CHECKS)
                _note_decisions(session, disk)
        events = list(disk.events)
    return Recording(start, events, len(done))


@contextmanager
def engine_on(disk: PluggedDisk, url: str, synchronous: str) -> Iterator[Engine]:
    """As the service opens it, through another driver: its own cannot be listened to."""
    options = engine_options(url) | {"module": apsw_driver, "connect_args": {"vfs": disk.name}}
    engine = create_engine(url, **options)
    prepare_engine(engine)
    if synchronous:
        pragma = f"PRAGMA synchronous={synchronous}"
        event.listen(engine, "connect", lambda connection, _: connection.execute(pragma))
    yield engine
    engine.dispose()


def _post(session: Session, disk: PluggedDisk, number: int) -> None:
    site = stored_sites.find(session, "news")
    new = NewComment(site="news", page=f"p{number % 5}", body=a_text(number), author_name="Ann")
    post = prepare(new, site=site, secret=SECRET, address="127.0.0.1", idempotency_key=str(number))
    [receipt] = post_comments(session, [post], secret=SECRET)
    assert isinstance(receipt, Receipt)
    disk.events.append(Answer(("comment", receipt.id.hex, new.body)))


def _note_decisions(session: Session, disk: PluggedDisk) -> None:
    for id, target in session.execute(select(Decision.id, Decision.target)):
        disk.events.append(Answer(("decision", id.hex, str(target))))
    session.rollback()


def losses(
    recording: Recording,
    *,
    seed: int,
    shuffled: int,
    tell: Callable[[int], None] = lambda _: None,
) -> Losses:
    """Cut the power at every event.

    While nothing is synced, what is safe stays the same and what was answered only grows: so the
    last moment before each sync stands for all since the one before. With some sectors of what was
    not synced there, too, each moment is another: `shuffled` of them are tried.
    """
    chance = random.Random(seed)
    events = recording.events
    moments = sorted(chance.choices(range(len(events)), k=shuffled))
    platter = Platter({name: bytearray(content) for name, content in recording.start.items()})
    answered: set[Fact] = set()
    found = Losses()
    with folder_in_memory() as folder:
        for number, one in enumerate(events):
            if isinstance(one, Sync):
                found.syncs += 1
                _look(folder, platter.without_power(), answered, found)
            elif isinstance(one, Answer):
                answered.add(one.what)
            platter.take(one)
            while moments and moments[0] == number:
                _look(folder, platter.shuffled(chance), answered, found)
                moments.pop(0)
                tell(shuffled - len(moments))
        _look(folder, platter.without_power(), answered, found)
    found.answered = len(answered)
    return found


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="aw-", dir=memory if memory.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def _look(folder: Path, files: Mapping[str, bytes], answered: Set[Fact], found: Losses) -> None:
    """Start again with what is left, as after a power cut."""
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    when = f"after {len(answered)} answers, {found.syncs} syncs"
    with closing(pysqlite3.connect(str(folder / NAME))) as connection:
        try:
            told = connection.execute("PRAGMA integrity_check").fetchall()
            there = set(connection.execute(THERE))
        except pysqlite3.DatabaseError as error:
            found.damaged.append(f"{when}: {error}")
            return
    if told != [("ok",)]:
        found.damaged.append(f"{when}: {told[:3]}")
    if missing := answered - there:
        found.missing.append(f"{when}: {len(missing)} are not there")
