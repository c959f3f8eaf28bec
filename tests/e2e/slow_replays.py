"""The workers' replays alone, with a check that takes its time, so that a test can strike in it."""

import time

from service.config import Settings
from service.domain.findings import Finding
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers import processes
from workers.checks import CHECKS

EACH = 0.01  # seconds


def check_slow(submission: Submission, policy: Policy) -> Finding:
    time.sleep(EACH)
    return Finding("slow")


if __name__ == "__main__":
    processes.run(Settings.from_env(), ("replay",), {"replay": (*CHECKS, check_slow)})
