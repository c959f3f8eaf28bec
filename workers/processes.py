"""The workers' processes, all forked from one: it imports once for all, and starts them again.

What a comment does to its judge it does to that process alone.
"""

import gc
import os
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import configure_mappers

from service import logs
from service.config import Settings
from service.processes import (
    JUDGING,
    REPLAYS,
    Child,
    Fork,
    Process,
    Supervisor,
    give_back_memory,
    take_name,
)
from workers import replaying, rq_worker, sweep
from workers.checks import CHECKS, Check
from workers.filter import lexicon
from workers.filter import model as models
from workers.network import confine_network

# A fork is quick. A comment that kills its judges must not keep the others waiting for long.
LONGEST_PAUSE = 1.0
REPLAYERS = 2  # share one replay, so that it has two cores where others leave them idle
SWEEPS = 3  # to each look for replays, which are not urgent: a look costs a process


def run(
    settings: Settings, kinds: Sequence[str], checks: Mapping[str, Sequence[Check]] | None = None
) -> None:
    """Work until SIGTERM or SIGINT: for each of `kinds` what its name stands for in KINDS."""
    confine_network(settings)
    configure_mappers()  # here rather than in each of them
    models.default()
    lexicon.automaton()
    gc.collect()
    give_back_memory()
    gc.freeze()  # what is not looked at by the collector stays shared
    supervisor = Supervisor()
    try:
        for kind in kinds:
            KINDS[kind](supervisor, settings, CHECKS if checks is None else checks[kind])
        supervisor.run()
    finally:
        supervisor.stop()


def _start_worker(supervisor: Supervisor, settings: Settings, checks: Sequence[Check]) -> None:
    work = _process("rq", settings, lambda: rq_worker.run(settings, checks))
    supervisor.start(Child("rq", work, longest_pause=LONGEST_PAUSE))


def _start_sweep(supervisor: Supervisor, settings: Settings, checks: Sequence[Check]) -> None:
    work = _process("sweep", settings, lambda: sweep.screen_all(settings, checks))
    supervisor.start_later(Child("sweep", work, every=settings.sweep_seconds))
    learn = _process("learn", settings, lambda: sweep.learn(settings), JUDGING)
    supervisor.start_later(Child("learn", learn, every=sweep.LEARNING_SECONDS))
    count = _process("figures", settings, lambda: sweep.count_days(settings), JUDGING)
    supervisor.start_later(Child("figures", count, every=sweep.COUNTING_SECONDS))
    house = _process("house", settings, lambda: sweep.keep_house(settings), JUDGING)
    supervisor.start(Child("house", house, every=sweep.HOUSEKEEPING_SECONDS))


def _start_replays(supervisor: Supervisor, settings: Settings, checks: Sequence[Check]) -> None:
    # Of "afterword-replay" Linux would cut off the last letter.
    work = _process("rerun", settings, lambda: replaying.replay_all(settings, checks), REPLAYS)
    for _ in range(REPLAYERS):
        supervisor.start_later(Child("rerun", work, every=SWEEPS * settings.sweep_seconds))


KINDS: Mapping[str, Callable[[Supervisor, Settings, Sequence[Check]], None]] = {
    "rq": _start_worker,
    "sweep": _start_sweep,
    "replay": _start_replays,
}


def _process(
    name: str, settings: Settings, work: Callable[[], None], niceness: int = 0
) -> Callable[[], Process]:
    def begin() -> None:
        take_name(f"afterword-{name}")
        os.nice(niceness)
        logs.set_up(settings.log_level, name)
        work()

    return lambda: Fork(begin)
