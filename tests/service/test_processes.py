"""Processes that a command starts and watches over."""

import os
import sys

from service.processes import program
from tests.e2e.running import until


def test_a_program_gives_way_when_told_to() -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    code = "import os, sys; sys.exit(os.getpriority(os.PRIO_PROCESS, 0))"
    for niceness in (0, 3):
        process = program([sys.executable, "-c", code], niceness=niceness)()
        until(lambda process=process: process.poll() is not None, "its end")
        assert process.returncode == usual + niceness
