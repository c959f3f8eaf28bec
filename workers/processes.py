"""The workers' processes, all forked from one: it imports once for all, and starts them again.

What a comment does to its judge it does to that process alone.
"""

import gc
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import configure_mappers

from service import logs
from service.config import Settings
from service.processes import Child, Fork, Process, Supervisor, take_name
from workers import rq_worker, sweep
from workers.checks import CHECKS, Check

Kind = Callable[[Settings, Sequence[Check]], None]
KINDS: Mapping[str, Kind] = {"rq": rq_worker.run, "sweep": sweep.run}
# A fork is quick. A comment that kills its judges must not keep the others waiting for long.
LONGEST_PAUSE = 1.0


def run(
    settings: Settings, kinds: Sequence[str], checks: Mapping[str, Sequence[Check]] | None = None
) -> None:
    """Work until SIGTERM or SIGINT, by one process for each of `kinds`."""
    configure_mappers()  # here rather than in each of them
    gc.freeze()  # what is not looked at by the collector stays shared
    supervisor = Supervisor()
    try:
        for kind in kinds:
            launch = _launch(kind, settings, CHECKS if checks is None else checks[kind])
            supervisor.start(Child(kind, launch, longest_pause=LONGEST_PAUSE))
        supervisor.run()
    finally:
        supervisor.stop()


def _launch(kind: str, settings: Settings, checks: Sequence[Check]) -> Callable[[], Process]:
    def work() -> None:
        take_name(f"afterword-{kind}")
        logs.set_up(settings.log_level, kind)
        KINDS[kind](settings, checks)

    return lambda: Fork(work)
