"""kill -9 to everything while readers post: whatever was accepted is there afterwards."""

import threading
import time
from collections.abc import Iterator, Sequence

from benchmarks.load import Posted, post_until_broken
from benchmarks.machine import GENERATOR_CORES, pinned_to
from benchmarks.sample import Sample
from benchmarks.stack import System, started
from benchmarks.stored import Stored

CONNECTIONS = 16


def killed(databases: Sequence[str], seconds: float, repeat: int) -> Iterator[Sample]:
    for turn in range(repeat):
        for database in databases:
            yield _kill(System(database), seconds, seed=f"kill {turn}")


def _kill(system: System, seconds: float, *, seed: str) -> Sample:
    """Raises Lost when a comment is missing that was answered with 202."""
    with started(system) as stack, pinned_to(GENERATOR_CORES):
        posted: list[Posted] = []
        readers = [
            threading.Thread(
                target=post_until_broken, args=(stack.port, f"{seed} {number}", posted)
            )
            for number in range(CONNECTIONS)
        ]
        for reader in readers:
            reader.start()
        time.sleep(seconds)
        stack.kill()
        for reader in readers:
            reader.join()
        again = stack.start()
        stored = Stored(stack.database_url)
        unanswered = stored.verify_survivors(posted)
        stored.wait_until_decided()
        stored.close()
    values = {
        "accepted": len(posted),
        "lost": 0,  # else it would have ended with Lost
        "stored but not answered": unanswered,
        "first 200 again after s": again,
    }
    return Sample("killed", (system.name,), values)
