"""The workers with two more checks: one dies of a certain text, one is slow about another."""

import os
import signal
import time

from service.config import Settings
from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers import processes
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


KINDS = ("rq", "rq", "sweep")
CHECKS_OF = {"rq": (*CHECKS, check_poison, check_tide), "sweep": (*CHECKS, check_poison)}

if __name__ == "__main__":
    processes.run(Settings.from_env(), KINDS, CHECKS_OF)
