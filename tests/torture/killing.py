"""What can be killed on a stage, with kill -9, by name."""

import contextlib
import random
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence

import psutil
from sqlalchemy.exc import OperationalError

from tests.e2e.faults import is_undecided, wait_for_claim
from tests.e2e.running import VALKEY, children_of, command_line, is_alive, name_of, until
from tests.torture.stage import Stage

FIND_SECONDS = 30  # until what died before has been started again
FILES_GONE = 3  # the first time and every third one Valkey's files go with it


def send(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def kill_one(find: Callable[[], Sequence[psutil.Process]], what: str, chance: random.Random) -> str:
    victim = chance.choice(until(find, f"{what} to kill", seconds=FIND_SECONDS))
    send([victim], signal.SIGKILL)
    return what


def kill_up(stage: Stage, _chance: random.Random) -> str:
    """What an operator or an init system started; all that it started has to go with it."""
    stage.up.descendants()
    stage.up.process.kill()
    stage.up.process.wait()
    stage.start_up()
    return "up"


def kill_web_parent(stage: Stage, chance: random.Random) -> str:
    return kill_one(lambda: stage.up.children("service", "web"), "web parent", chance)


def kill_web_child(stage: Stage, chance: random.Random) -> str:
    def found() -> list[psutil.Process]:
        parents = stage.up.children("service", "web")
        return [child for parent in parents for child in children_of(parent.pid)]

    return kill_one(found, "web child", chance)


def workers_of(stage: Stage) -> list[psutil.Process]:
    """The parent of all that judges."""
    return stage.up.children("workers")


def judges(stage: Stage, kind: str) -> list[psutil.Process]:
    """Not by psutil, which looks at all processes: some of them live for milliseconds only."""
    pids = [pid for parent in workers_of(stage) for pid in forks_of(parent.pid)]
    return [psutil.Process(pid) for pid in pids if is_named(pid, f"afterword-{kind}")]


def forks_of(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def is_named(pid: int, name: str) -> bool:
    try:
        with open(f"/proc/{pid}/comm") as file:
            return file.read().strip() == name
    except OSError:
        return False


def kill_workers(stage: Stage, chance: random.Random) -> str:
    return kill_one(lambda: workers_of(stage), "workers", chance)


def kill_rq(stage: Stage, chance: random.Random) -> str:
    return kill_one(lambda: stage.up.judges("rq"), "rq", chance)


def kill_rq_in_hand(stage: Stage, chance: random.Random) -> str:
    """All RQ workers at a moment when one of them has claimed comments and decided on none yet.

    Only the database knows of it, and not which of them it is.
    """
    deadline = time.monotonic() + FIND_SECONDS
    while time.monotonic() < deadline:
        if not stage.up.judges("rq"):
            time.sleep(0.05)
            continue
        try:
            lease = wait_for_claim(stage.url)
        except OperationalError:  # PostgreSQL gets over the kill before this one
            time.sleep(0.05)
            continue
        workers = stage.up.judges("rq")
        send(workers, signal.SIGSTOP)
        in_hand = lease is not None and is_undecided(stage.url, lease)
        send(workers, signal.SIGKILL if in_hand else signal.SIGCONT)
        if in_hand:
            return "rq with comments in hand"
    return kill_rq(stage, chance)


def kill_sweep(stage: Stage, chance: random.Random) -> str:
    """A sweep lives for a moment every few seconds."""
    deadline = time.monotonic() + FIND_SECONDS
    while time.monotonic() < deadline:
        for parent in workers_of(stage):
            until_next = time.monotonic() + 1
            while time.monotonic() < until_next:
                for pid in forks_of(parent.pid):
                    if is_named(pid, "afterword-sweep"):
                        send([psutil.Process(pid)], signal.SIGKILL)
                        return "sweep"
                time.sleep(0.002)
    return kill_rq(stage, chance)


def kill_valkey(stage: Stage, chance: random.Random) -> str:
    times = sum(fault.startswith("valkey") for _, fault in stage.faults)
    kill_one(lambda: stage.up.children(VALKEY), "valkey", chance)
    if times % FILES_GONE:
        return "valkey"
    shutil.rmtree(stage.data / "valkey", ignore_errors=True)
    (stage.data / "valkey.sock").unlink(missing_ok=True)
    return "valkey with its files"


def kill_backend(stage: Stage, chance: random.Random) -> str:
    return kill_one(lambda: stage.postgresql.backends("[local]"), "postgres backend", chance)


def kill_checkpointer(stage: Stage, chance: random.Random) -> str:
    find = lambda: stage.postgresql.backends("checkpointer")  # noqa: E731
    return kill_one(find, "postgres checkpointer", chance)


def kill_postmaster(stage: Stage, chance: random.Random) -> str:
    stage.database.kill()
    time.sleep(chance.uniform(0, 0.5))
    stage.database.start()
    return "postmaster"


def kill_everything(stage: Stage, _chance: random.Random) -> str:
    """All at the same moment, as when a machine stops, but for what the system had in memory."""
    everything = [psutil.Process(stage.up.pid), *stage.up.descendants()]
    if stage.kind == "postgresql":
        everything += stage.postgresql.all_processes()
    send(everything, signal.SIGKILL)
    stage.up.process.wait()
    stage.database.kill()
    stage.start()
    return "everything"


Kill = Callable[[Stage, random.Random], str]  # answers what was killed in the end
ON_BOTH: Mapping[str, Kill] = {
    "up": kill_up,
    "web parent": kill_web_parent,
    "web child": kill_web_child,
    "workers": kill_workers,
    "rq": kill_rq,
    "rq with comments in hand": kill_rq_in_hand,
    "sweep": kill_sweep,
    "valkey": kill_valkey,
    "everything": kill_everything,
}
OF_POSTGRESQL: Mapping[str, Kill] = {
    "postgres backend": kill_backend,
    "postgres checkpointer": kill_checkpointer,
    "postmaster": kill_postmaster,
}
KILLS: Mapping[str, Mapping[str, Kill]] = {
    "sqlite": ON_BOTH,
    "postgresql": {**ON_BOTH, **OF_POSTGRESQL},
}


def kill_in_turns(
    stage: Stage, *, seed: int, times: int, pause: float, tell: Callable[[int], None]
) -> None:
    """So many kills: each kind as often as the others, in an order and at moments by the seed."""
    chance = random.Random(seed)
    kinds = KILLS[stage.kind]
    order: list[str] = []
    while len(order) < times:
        order += chance.sample(sorted(kinds), len(kinds))
    for number, name in enumerate(order[:times]):
        time.sleep(chance.uniform(0.5, 1.5) * pause)
        at = time.time()
        stage.faults.append((at, kinds[name](stage, chance)))
        tell(number + 1)


def survivors(stage: Stage) -> list[str]:
    """What hung below an `up` that is gone and is alive still."""
    gone = [one for one in stage.processes.started if one.process.poll() is not None]
    return [
        f"{name_of(process)} {' '.join(command_line(process))[:80]}"
        for one in gone
        for process in one.seen
        if is_alive(process)
    ]
