"""The table of promises: what each says, which trial shows it, and how often that is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.torture.clocks import set_clocks_wrong
from tests.torture.deciding import decide
from tests.torture.everything import kill_everything
from tests.torture.forgetting import forget_people
from tests.torture.full_disk import fill_disk
from tests.torture.hot_page import stampede
from tests.torture.overload import overload
from tests.torture.poisoning import poison_judges
from tests.torture.power_cut import cut_power
from tests.torture.repeating import send_again
from tests.torture.restoring import restore_backups
from tests.torture.trial import Outcome, Run
from tests.torture.updating import update
from tests.torture.without_database import do_without_database
from tests.torture.without_redis import do_without_redis
from tests.torture.wrong_clocks import missing

Trial = Callable[[Run], Outcome]
Figures = Mapping[str, int]  # how many trials, by database


@dataclass(frozen=True)
class Promise:
    """`ci`: the trials within `make test`; `night`: those of `make torture`.

    `minutes` are said once for all promises that one trial shows. `missing` says what a trial
    wants and is not here, if anything.
    """

    id: str
    words: str
    trial: Trial
    unit: str
    ci: Figures
    night: Figures
    minutes: float = 3.0  # that a night's trials take on one database, about, on two cores
    is_timed: bool = True  # others at work beside it would break it, or say little of it
    missing: Callable[[], str] = lambda: ""


def on_both(times: int) -> Figures:
    return {"sqlite": times, "postgresql": times}


# Each kind of process once; by night until there have been 600.
KILLS = {"ci": {"sqlite": 9, "postgresql": 12}, "night": on_both(300), "minutes": 9.2}

PROMISES = (
    Promise(
        "P1",
        "An accepted comment is never lost or altered, whichever process dies or all of them at "
        "once; Redis may be wiped.",
        kill_everything, "kills", **KILLS,
    ),
    Promise(
        "P1b",
        "Nor by a power cut, at any moment: what was answered is on the disk.",
        cut_power, "moments", {"sqlite": 60}, {"sqlite": 5000},
        minutes=1, is_timed=False,
    ),
    Promise(
        "P2",
        "Every accepted comment is decided on within 60 s after the last fault.",
        kill_everything, "kills", **KILLS,
    ),
    Promise(
        "P3",
        "Sending twice posts once, also four times at once and when every fifth answer is lost.",
        send_again, "comments", on_both(60), on_both(2500),
        minutes=1.2, is_timed=False,
    ),
    Promise(
        "P4",
        "Nothing is shown that no recorded decision approves.",
        kill_everything, "kills", **KILLS,
    ),
    Promise(
        "P5",
        "A moderator's decision stands: no judge who is late undoes it, of two moderators one wins "
        "and the other is told so, and who did what is on record.",
        decide, "comments", ci=on_both(20), night=on_both(1000),
        minutes=1.5, is_timed=False,
    ),
    Promise(
        "P6",
        "Redis down costs time, not comments: 99.9 % of posts are taken, 99 of 100 within 0.5 s, "
        "while it is killed, frozen, cut off, full or emptied; all are decided within 60 s.",
        do_without_redis, "outages", ci={"sqlite": 5}, night=on_both(50),
        minutes=2.3,
    ),
    Promise(
        "P7",
        "Database down: a clear 503 with Retry-After within 6 s, nothing said to be accepted that "
        "is not stored; comments are taken again within 5 s, without a restart.",
        do_without_database, "outages",
        ci={"sqlite": 1, "postgresql": 4}, night={"sqlite": 8, "postgresql": 32},
        minutes=1.6,
    ),
    Promise(
        "P8",
        "A full disk stops writing, with a clear answer, and harms nothing; it goes on by itself.",
        fill_disk, "times full", {"sqlite": 2}, on_both(30),
        minutes=0.5, is_timed=False,
    ),
    Promise(
        "P9",
        "A comment that breaks its judges harms only itself: it is held for a person, and told of.",
        poison_judges, "poisons", {"sqlite": 8}, on_both(60),
        minutes=2.6,
    ),
    Promise(
        "P10",
        "However much is posted, readers are served, memory stays bounded, and nothing that was "
        "accepted is lost: the rest is told when to come back.",
        overload, "seconds", ci={"postgresql": 6}, night=on_both(300),
        minutes=11,
    ),
    Promise(
        "P11",
        "Web servers and workers are replaced, and tables get columns and lose them, without a "
        "request that fails or a comment that is lost or judged twice.",
        update, "changes", ci={"sqlite": 3}, night=on_both(40),
        minutes=2.5, is_timed=False,
    ),
    Promise(
        "P12",
        "A backup made under load has all from before it, whole, and works where it is restored.",
        restore_backups, "backups", on_both(2), on_both(20),
        minutes=0.7, is_timed=False,
    ),
    Promise(
        "P13",
        "Clocks may be wrong, by an hour, too fast or set back, those of the web server, of a "
        "worker or of all: nothing is lost, altered or posted twice, all is decided on within "
        "60 s, and of decisions the last one counts.",
        set_clocks_wrong, "times wrong", on_both(3), on_both(20),
        minutes=1.5, is_timed=False, missing=missing,
    ),
    Promise(
        "P14",
        "A hot page stays up: however many ask for what is gone from memory, it is made at most "
        "twice, and the others get the old one or wait a moment.",
        stampede, "crowds", ci={"sqlite": 6}, night=on_both(100),
        minutes=1.5,
    ),
    Promise(
        "P15",
        "Forgotten means gone: of who is erased no text, name or hash is left in any file.",
        # Within `make test`, tests/e2e/test_forgotten.py does the same.
        forget_people, "people", on_both(1), on_both(20),
        minutes=0.7, is_timed=False,
    ),
    Promise(
        "P16",
        "Health tells the truth within 5 s: ready only with a database, degraded without Redis.",
        kill_everything, "kills", **KILLS,
    ),
)  # fmt: skip


def promised_by(trial: Trial) -> list[Promise]:
    return [promise for promise in PROMISES if promise.trial is trial]
