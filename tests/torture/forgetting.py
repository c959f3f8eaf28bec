"""Erase people, stop everything, and look for each of their words in every file."""

import signal
from functools import partial

from tests.e2e.canaries import Service, Written, files_of, live, made_of
from tests.factories import WITHOUT_FILTER
from tests.torture.databases import OWNER
from tests.torture.stage import Stage, staged
from tests.torture.trial import Outcome, Run

SETTINGS = {"worker_processes": "1", "proxies": "1"}
STOP_SECONDS = 60


def forget_people(run: Run) -> Outcome:
    """Before they are erased, each of their words is found: else the search is blind."""
    outcome = Outcome(run, trials=run.times)
    with staged(run.folder, run.database, **SETTINGS) as stage:
        others = {name: value for name, value in WITHOUT_FILTER.items() if name != "spam"}
        stage.set_policy(**others)
        people = [_live(stage, run, number) for number in range(run.times)]
        files = files_of(_address(stage), run.folder)
        files.write_down()
        personal, never = {}, {}
        for number, one in enumerate(people):
            personal |= {f"{name} of {number}": text for name, text in one.personal.items()}
            never |= {f"{name} of {number}": text for name, text in one.never.items()}
        unseen = personal.keys() - files.with_any(personal).keys()
        outcome.break_if(bool(unseen), "P15", f"not found before the erasure: {sorted(unseen)}")
        _erase(stage, people)
        files.forget_the_log()
        _stop(stage)
        for name, places in files.with_any(personal | never).items():
            outcome.break_if(True, "P15", f"{name} is in {', '.join(places)}")
    outcome.figures["P15"] = (
        f"{len(personal)} texts, names and hashes looked for in all files of the database, Redis "
        f"and logs, and {len(never)} that may never be written down"
    )
    return outcome


def _address(stage: Stage) -> str:
    """Of the database, for somebody who may ask where its files are."""
    return stage.url if stage.kind == "sqlite" else stage.postgresql.superuser_of(OWNER)


def _live(stage: Stage, run: Run, number: int) -> Written:
    written = Written()
    comment = live(Service(stage.address, stage.up.token), written)
    written.made_of_it = made_of(stage.url, comment)
    run.tell(number + 1)
    return written


def _erase(stage: Stage, people: list[Written]) -> None:
    data = ("--data", str(stage.data))
    command = partial(stage.processes.run, *data, database_url=stage.url)
    for one in people:
        command("author", "erase", "--email", one.email, "--yes")
    command("audit", "verify")
    command("scrub", "--yes")
    for started in stage.processes.started[1:]:
        started.output.write_text("")  # it asked whether this is who is meant


def _stop(stage: Stage) -> None:
    stage.up.interrupt()
    if stage.kind == "postgresql":
        process = stage.postgresql.process
        assert process is not None
        process.send_signal(signal.SIGINT)  # as `pg_ctl stop` does
        process.wait(STOP_SECONDS)
