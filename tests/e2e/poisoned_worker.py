"""The workers with two more checks: one does not survive a certain text, one is slow about another.

Given `rq` or `sweep`, it is one process of a kind, as `python -m workers`; given `worker`, all of
them and a watch over them, as `afterword worker`.
"""

import os
import signal
import sys
import time

from service.config import Settings
from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission
from service.processes import Child, Supervisor, die_with_parent
from workers import rq_worker, sweep
from workers.checks import CHECKS

POISON = "Drink this, says the ferryman."
TIDE = "Wait for the tide, says the ferryman."
TIDE_SECONDS = 8  # longer than the lease, shorter than a job may take


def check_poison(submission: Submission, policy: Policy) -> Finding:
    """Stands for a bug in a library of C, or for a text that takes all memory."""
    if POISON in submission.body:
        os.kill(os.getpid(), signal.SIGKILL)
    return Finding("poison", Verdict.PASS)


def check_tide(submission: Submission, policy: Policy) -> Finding:
    """Stands for a machine that stands still for a while."""
    if TIDE in submission.body:
        time.sleep(TIDE_SECONDS)
    return Finding("tide", Verdict.PASS)


KINDS = {
    "rq": (rq_worker.run, (*CHECKS, check_poison, check_tide)),
    "sweep": (sweep.run, (*CHECKS, check_poison)),
}


def watch_over_all() -> None:
    supervisor = Supervisor()
    for kind in ("rq", "rq", "sweep"):
        command = [sys.executable, "-m", "tests.e2e.poisoned_worker", kind]
        supervisor.start(Child(kind, command))
    try:
        supervisor.run()
    finally:
        supervisor.stop()


if __name__ == "__main__":
    if sys.argv[1] == "worker":
        watch_over_all()
    else:
        die_with_parent()
        run, checks = KINDS[sys.argv[1]]
        run(Settings.from_env(), checks)
