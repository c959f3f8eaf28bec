"""Clocks go wrong while people post and moderate: of the web server, of a worker, or of all."""

import random
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from service.domain.states import FINAL
from tests.e2e.running import SITE, call, until
from tests.torture.clocked_stage import NAMES, ONE, WEB, ClockedStage, clocked
from tests.torture.crowd import PAGES, Crowd, crowd, new_text
from tests.torture.everything import DECIDED_WITHIN, wait_for_decisions
from tests.torture.ledger import Ledger, Text
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import CLOCKS_APART, judged, undecided
from tests.torture.wrong_clocks import RIGHT, seconds_ahead

SETTINGS = {"lease_seconds": "4", "worker_processes": "1"}
HOUR = 3600
DRIFTED = 5  # seconds that a fast clock is ahead, at least, and any other is off, at most
MORE = 10  # comments, at least, that are accepted while a clock is wrong
DECIDED = 3  # comments on which a moderator decides meanwhile, and takes it back
PATIENCE = 60
FEW = {"writers": 4, "readers": 1, "moderators": 0, "reading": 0.1}
WHOSE: Mapping[str, tuple[str, ...]] = {"web": (WEB,), "one worker": (ONE,), "all": NAMES}
# Set right again, each of them jumps the other way.
HOW: Mapping[str, str] = {
    "an hour ahead": f"+{HOUR} x1",
    "an hour behind": f"-{HOUR} x1",
    "fast": "+0 x9",
}
KINDS = tuple(product(WHOSE, HOW))

Sent = tuple[Text, str, str]  # a text, its words and its page: to be sent again


@dataclass
class Trial:
    stage: ClockedStage
    people: Crowd
    ledger: Ledger
    chance: random.Random

    def __post_init__(self) -> None:
        self.sent: list[Sent] = []
        self.broken: list[str] = []
        self.taken_back = 0

    def suffer(self, whose: str, how: str) -> None:
        """One clock or all go wrong for a while, and are set right again."""
        self.stage.note(f"{whose} {how}")
        before = self.ledger.accepted
        self.send()
        self.tell(whose, HOW[how])
        dying = self.stage.start_dying_judge() if ONE in WHOSE[whose] else None
        self.send_again()
        self.send()
        self.broken += [f"{whose} {how}: {what}" for what in self.moderate()]
        until(lambda: self.ledger.accepted >= before + MORE, "more comments", seconds=PATIENCE)
        if dying is not None:
            until(lambda: dying.process.poll() is not None, "a judge's death", seconds=PATIENCE)
        self.tell(whose, RIGHT)
        self.send_again()

    def tell(self, whose: str, wrong: str) -> None:
        """Until each of these processes shows that it goes by that."""
        for name in WHOSE[whose]:
            self.stage.clocks[name].tell(wrong)
        for name in WHOSE[whose]:
            until(lambda name=name: self.goes_by(name, wrong), f"{name}: {wrong}", seconds=PATIENCE)

    def goes_by(self, name: str, wrong: str) -> bool:
        ahead = seconds_ahead(self.stage.started[name])
        if wrong == HOW["fast"]:
            return ahead > DRIFTED
        return abs(ahead - int(wrong.partition(" ")[0])) < DRIFTED

    def send(self) -> None:
        text, body = new_text(self.chance)
        text.key = str(uuid.UUID(int=self.chance.getrandbits(128)))
        self.ledger.texts.append(text)
        self.sent.append((text, body, self.chance.choice(PAGES)))
        self.people.post(*self.sent[-1])

    def send_again(self) -> None:
        """What was sent when the clocks said something else."""
        for one in self.sent[-2:]:
            self.people.post(*one)

    def moderate(self) -> Iterator[str]:
        """Whoever decides may take it back, and a token is good until the database's time says."""
        bearer = {"Authorization": f"Bearer {self.stage.old_token}"}
        answer = call("GET", f"{self.stage.address}{HELD}", headers=bearer)
        if answer.status != 401:
            yield f"a token that was over is good again: {answer.status}"
        items = until(self.newest_held, "comments that are held", seconds=PATIENCE)
        wanted = [(item, self.chance.choice(("approved", "rejected"))) for item in items]
        for result in self.people.decide_to(wanted):
            if result["state"] in FINAL:  # its author edited it meanwhile
                continue
            if result["outcome"] != "moved":
                yield f"nobody else decides, and this was answered: {result}"
                continue
            path = f"/v1/moderation/decisions/{result['decision']}/undo"
            answer = self.people.ask("POST", path)
            if answer.status >= 400 and answer.json.get("state") not in FINAL:
                yield f"a decision cannot be undone: {answer.status} {answer.text[:200]}"
            self.taken_back += 1

    def newest_held(self) -> list[dict[str, str]]:
        answer = self.people.ask("GET", HELD)
        items = list(answer.json["items"]) if answer.status == 200 else []
        return sorted(items, key=lambda item: str(item["comment"]))[-DECIDED:]


HELD = f"/v1/moderation/queue?site={SITE}&state=held&limit=200"


def set_clocks_wrong(run: Run) -> Outcome:
    """`times` times, each kind as often as the others."""
    ledger, chance = Ledger(), random.Random(run.seed)
    kinds = [
        kind for _ in range(0, run.times, len(KINDS)) for kind in chance.sample(KINDS, len(KINDS))
    ]
    with clocked(run.folder, run.database, **SETTINGS) as stage:
        with crowd(stage, ledger, seed=run.seed, **FEW) as people:
            trial = Trial(stage, people, ledger, chance)
            for number, kind in enumerate(kinds[: run.times]):
                trial.suffer(*kind)
                run.tell(number + 1)
        decided = wait_for_decisions(stage, since=time.monotonic(), run=run)
        late = undecided(stage.url)
        # What SQLite says about the time is what whoever wrote took for it.
        apart = 2 * HOUR if run.database == "sqlite" else CLOCKS_APART
        verdict = judged(stage.url, ledger, apart=apart)
    outcome = Outcome(run, trials=len(stage.faults))
    outcome.broken["P13"] = trial.broken + [w for found in verdict.broken.values() for w in found]
    outcome.break_if(late > 0, "P13", f"{late} comments undecided after {DECIDED_WITHIN} s")
    outcome.figures["P13"] = (
        f"{verdict.accepted:,} comments accepted, the last decided on {decided:.1f} s after the "
        f"last change; {trial.taken_back} decisions taken back"
    )
    outcome.notes += [", ".join(name for _, name in stage.faults), f"answers {ledger.answers}"]
    return outcome
