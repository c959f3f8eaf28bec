"""The workers with one more check, which does to its process what the text asks for."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, cast

from service.config import Settings
from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.submission import Submission
from workers import processes
from workers.checks import CHECKS


def fail() -> NoReturn:
    raise ValueError("poison")


def loop() -> NoReturn:
    while True:
        pass


def recurse() -> int:
    return recurse() + 1


def touch_nothing() -> bytes:
    return ctypes.string_at(0)


def eat() -> int:
    return len(bytearray(2 << 30))


JUNK: tuple[Any, ...] = (None, "approved", Finding("poison", cast(Verdict, "pass")), b"\x00")
# What only that check fails of, and what kills its judge.
HARMLESS: Mapping[str, Callable[[], Any]] = {
    "raise": fail,
    "recurse": recurse,
    "eat": eat,
    **{f"junk{number}": lambda one=one: one for number, one in enumerate(JUNK)},
}
DEADLY: Mapping[str, Callable[[], Any]] = {
    "exit": lambda: sys.exit(0),
    "leave": lambda: os._exit(0),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "crash": touch_nothing,
}
SLOW: Mapping[str, Callable[[], Any]] = {"loop": loop}
POISONS = {**DEADLY, **HARMLESS, **SLOW}


def poison(kind: str) -> str:
    """How a text asks for it."""
    return f"poison-{kind}-poison"


def check_poison(submission: Submission, policy: Policy) -> Finding:
    for kind, effect in POISONS.items():
        if poison(kind) in submission.body:
            return cast(Finding, effect())
    return Finding("poison")


if __name__ == "__main__":
    checks = (*CHECKS, check_poison)
    kinds = ("rq", "rq", "sweep")
    processes.run(Settings.from_env(), kinds, dict.fromkeys(kinds, checks))
