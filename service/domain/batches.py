"""What a bulk decision goes through."""

from enum import StrEnum

MOST = 10_000  # comments in one batch
PIECE = 100  # of them are decided in one transaction
MOST_ATTEMPTS = 25  # of all workers together, without anything done


class Stage(StrEnum):
    PROPOSED = "proposed"  # to be looked at first
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


ENDED = frozenset({Stage.DONE, Stage.CANCELLED, Stage.FAILED})
