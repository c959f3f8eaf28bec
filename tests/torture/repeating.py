"""Cut one answer in five, so that people send again, four times at once: it is posted once."""

import random
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.e2e.running import SITE, Answer, call
from tests.torture.crowd import PAGES, UNANSWERED, new_text
from tests.torture.everything import wait_for_decisions
from tests.torture.ledger import Ledger, Text
from tests.torture.proxies import Scissors
from tests.torture.stage import staged
from tests.torture.trial import Outcome, Run
from tests.torture.verdict import judged

AT_ONCE = 4  # times that one person sends the same
PEOPLE = 4
CUT = 0.2  # of the answers
MOST_TRIES = 30


def send_again(run: Run) -> Outcome:
    """`times` comments, each sent by several at once until all of them were answered."""
    ledger, chance = Ledger(), random.Random(run.seed)
    outcome = Outcome(run, trials=run.times)
    with (
        staged(run.folder, run.database) as stage,
        Scissors(stage.port, seed=run.seed, share=CUT).serving() as scissors,
        ThreadPoolExecutor(PEOPLE) as people,
        ThreadPoolExecutor(PEOPLE * AT_ONCE) as senders,
    ):
        sender = Sender(scissors, ledger, senders)
        texts = [(*new_text(chance), chance.choice(PAGES)) for _ in range(run.times)]
        for number, wrong in enumerate(people.map(lambda one: sender.post(*one), texts)):
            outcome.broken["P3"] += wrong
            run.tell(number + 1)
        cut = scissors.cut
        wait_for_decisions(stage, since=time.monotonic(), run=run)
        verdict = judged(stage.url, ledger)
    outcome.broken["P3"] += [what for found in verdict.broken.values() for what in found]
    outcome.break_if(len(verdict.rows) != run.times, "P3", f"{len(verdict.rows)} rows")
    outcome.break_if(cut < run.times * AT_ONCE * CUT / 2, "P3", f"only {cut} answers were cut")
    sent = sum(len(text.calls) for text in ledger.texts)
    outcome.figures["P3"] = (
        f"sent {sent:,} times, {cut:,} answers cut off; {len(verdict.rows):,} rows"
    )
    return outcome


class Sender:
    def __init__(self, scissors: Scissors, ledger: Ledger, threads: ThreadPoolExecutor) -> None:
        self._scissors = scissors
        self._ledger = ledger
        self._threads = threads

    def post(self, text: Text, body: str, page: str) -> list[str]:
        """What was wrong about the answers to one comment."""
        text.key = str(uuid.uuid5(uuid.NAMESPACE_OID, text.mark))
        self._ledger.texts.append(text)
        waiting = [self._threads.submit(self._insist, text, body, page) for _ in range(AT_ONCE)]
        answers = [one.result() for one in waiting]
        wrong = [f"{text.mark}: {why}" for why in _unlike(answers)]
        other = self._insist(Text(text.mark, text.digest, text.key), f"{body} Or not?", page)
        if (other.status, other.json["type"]) != (422, "/problems/idempotency-mismatch"):
            wrong.append(f"{text.mark}: another text with its key was answered {other.status}")
        text.ids |= {answer.json["id"] for answer in answers if answer.status == 202}
        return wrong

    def _insist(self, text: Text, body: str, page: str) -> Answer:
        """Send until there is an answer."""
        new = {"site": SITE, "page": page, "body": body, "author": {"name": "Ann"}}
        headers = {"Idempotency-Key": text.key or "", "Connection": "close"}
        for _ in range(MOST_TRIES):
            noted = self._ledger.begin(text)
            try:
                answer = call(
                    "POST", f"{self._scissors.address}/v1/comments", body=new, headers=headers
                )
            except UNANSWERED:
                continue
            if not _is_whole(answer):
                continue
            noted.ended, noted.status = time.time(), answer.status
            return answer
        raise TimeoutError(f"{text.mark} was never answered")


def _is_whole(answer: Answer) -> bool:
    """Not where the connection ended among the headers, which http.client does not mind."""
    return answer.headers.get("content-length") == str(len(answer.text.encode()))


def _unlike(answers: Sequence[Answer]) -> list[str]:
    """All are the same, to the byte, and say that it is accepted."""
    statuses = {answer.status for answer in answers}
    if statuses != {202}:
        return [f"answered {sorted(statuses)}"]
    if len({answer.text for answer in answers}) > 1:
        return ["the same key had different answers"]
    return []
