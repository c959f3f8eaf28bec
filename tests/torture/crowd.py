"""The crowd: people who post, edit, read and moderate, as threads, and whoever watches its health.

None of them gives up when nobody answers: what was not answered is sent again with the same key.
"""

import http.client
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.e2e.running import SITE, Answer, call
from tests.factories import a_text
from tests.torture.ledger import MARK, Health, Ledger, Text, digest
from tests.torture.stage import HOLD, REJECT, Stage
from tests.torture.trial import Run

PAGES = tuple(f"/torture/{number}" for number in range(4))
PLAIN, HELD, REJECTED = 0.6, 0.25, 0.15  # of what is written
EDITED = 0.1  # of what was accepted
READING = 0.02  # seconds between two looks of one reader
READING_BY_NIGHT = 0.002  # as fast as leaves room for the rest on two cores
AGAIN_SECONDS = 0.2
GIVE_UP_SECONDS = 90
UNANSWERED = (OSError, http.client.HTTPException)
LIST = "/v1/comments?site={site}&page={page}&sort="
PLACES = (  # where readers look
    LIST + "newest&limit=20",
    LIST + "oldest&limit=20",
    LIST + "top&limit=10",
    "/v1/counts?site={site}&page={page}",
    "/embed/thread?site={site}&page={page}",
    "/embed/fragment?site={site}&page={page}",
    "/embed/feed?site={site}",
    "/v1/comments/{comment}",
)


@dataclass
class Crowd:
    stage: Stage
    ledger: Ledger
    seed: int
    pause: float  # seconds between two posts of one writer, on average
    reading: float  # and between two looks of one reader

    def __post_init__(self) -> None:
        self.silent = threading.Event()  # nobody writes any more
        self.leaving = threading.Event()
        self.token = self.stage.token

    def write(self, number: int) -> None:
        chance = random.Random(f"{self.seed} writer {number}")
        while not self.silent.is_set():
            receipt = self.post_new(chance, chance.choice(PAGES))
            if receipt is not None and chance.random() < EDITED:
                self._edit(receipt, chance)
            self.silent.wait(chance.expovariate(1 / self.pause))

    def post_new(
        self, chance: random.Random, page: str, *, word: str | None = None
    ) -> dict[str, Any] | None:
        """A new comment; answers its receipt."""
        text, body = new_text(chance, word=word)
        text.key = str(uuid.UUID(int=chance.getrandbits(128)))
        self.ledger.texts.append(text)
        return self.post(text, body, page)

    def post(self, text: Text, body: str, page: str) -> dict[str, Any] | None:
        """Until there is an answer that is final; another time it is the same one."""
        new = {"site": SITE, "page": page, "body": body, "author": {"name": "Ann"}}
        key = {"Idempotency-Key": text.key or ""}
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            answer = self._send(text, "POST", "/v1/comments", new, key)
            if answer is not None and answer.status == 202:
                receipt: dict[str, Any] = answer.json
                text.ids.add(receipt["id"])
                return receipt
            if answer is not None and answer.status < 500:
                self.ledger.strange.append(f"post: {answer.status} {answer.text[:200]}")
                return None
            time.sleep(AGAIN_SECONDS)
        return None

    def _edit(self, receipt: dict[str, Any], chance: random.Random) -> None:
        """Once: whether an edit arrived that nobody answered, nobody can say."""
        text, body = new_text(chance)
        self.ledger.texts.append(text)
        token = {"Authorization": f"Edit {receipt['edit_token']}"}
        answer = self._send(text, "PATCH", f"/v1/comments/{receipt['id']}", {"body": body}, token)
        if answer is not None and answer.status == 202:
            text.ids.add(receipt["id"])

    def _send(
        self, text: Text, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> Answer | None:
        noted = self.ledger.begin(text)
        try:
            answer = call(method, self.stage.address + path, body=body, headers=headers)
        except UNANSWERED:
            noted.ended = time.time()
            return None
        noted.ended, noted.status = time.time(), answer.status
        self.told(method, answer)
        self.ledger.slowest = max(self.ledger.slowest, answer.seconds)
        return answer

    def told(self, what: str, answer: Answer) -> None:
        self.ledger.told(what, answer.status, answer.text, answer.headers.get("retry-after"))

    def read(self, number: int) -> None:
        chance = random.Random(f"{self.seed} reader {number}")
        connection = http.client.HTTPConnection("127.0.0.1", self.stage.port, timeout=20)
        while not self.leaving.is_set():
            path = self._place(chance)
            began = time.time()
            try:
                connection.request("GET", path)
                response = connection.getresponse()
                body = response.read().decode()
            except UNANSWERED:
                connection.close()
                self.leaving.wait(AGAIN_SECONDS)
                continue
            where = path.partition("?")[0]
            self.ledger.told("GET", response.status, body, response.getheader("Retry-After"))
            self.ledger.saw(set(MARK.findall(body)), began=began, where=where)
            # After the last fault, what waits is decided within a time: judges need their share.
            self.leaving.wait(READING if self.silent.is_set() else self.reading)
        connection.close()

    def _place(self, chance: random.Random) -> str:
        newest = self.ledger.texts[-200:]
        ids = [id for text in newest for id in tuple(text.ids)] or [str(uuid.UUID(int=0))]
        place = chance.choice(PLACES)
        return place.format(site=SITE, page=chance.choice(PAGES), comment=chance.choice(ids))

    def moderate(self, number: int) -> None:
        """Approve and reject what is held; now and then reject what is public."""
        chance = random.Random(f"{self.seed} moderator {number}")
        while not self.leaving.wait(0.3):
            state = chance.choice(("held", "held", "held", "approved"))
            with suppress(*UNANSWERED):
                path = f"/v1/moderation/queue?site={SITE}&state={state}&limit=20"
                answer = self.ask("GET", path)
                if answer.status == 200:
                    items = answer.json["items"]
                    self.decide(chance.sample(items, min(3, len(items))), chance)

    def decide(self, items: Sequence[dict[str, Any]], chance: random.Random) -> None:
        self.decide_to(
            [
                (item, "rejected" if item["state"] == "approved" else chance.choice(DECIDED_TO))
                for item in items
            ]
        )

    def decide_to(self, wanted: Sequence[tuple[dict[str, Any], str]]) -> list[dict[str, Any]]:
        """Decide on items of the queue; answers the results, and notes them down."""
        lines = [
            {"comment": one["comment"], "revision": one["revision"], "seen": one["state"], "to": to}
            for one, to in wanted
        ]
        if not lines:
            return []
        with self.ledger.lock:
            self.ledger.undecided_calls += len(lines)
        answer = self.ask("POST", "/v1/moderation/decisions", {"decisions": lines})
        if answer.status != 200:
            return []
        results: list[dict[str, Any]] = answer.json["results"]
        with self.ledger.lock:
            self.ledger.undecided_calls -= len(lines)
            for result in results:
                if result["outcome"] == "moved":
                    self.ledger.decided[result["decision"]] = result["state"]
        return results

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """As a moderator."""
        bearer = {"Authorization": f"Bearer {self.token}"}
        answer = call(method, self.stage.address + path, body=body, headers=bearer)
        self.told("moderator", answer)
        return answer

    def watch(self, _number: int) -> None:
        while not self.leaving.wait(0.2):
            with suppress(*UNANSWERED):
                answer = call("GET", f"{self.stage.address}/readyz")
                self.ledger.health.append(Health(time.time(), answer.status, answer.json["status"]))


DECIDED_TO = ("approved", "rejected", "spam")


def new_text(chance: random.Random, *, word: str | None = None) -> tuple[Text, str]:
    """One that screening approves, holds or rejects, as `word` says or by chance."""
    mark = f"mark{chance.getrandbits(64):016x}"
    if word is None:
        word = chance.choices(("", HOLD, REJECT), (PLAIN, HELD, REJECTED))[0]
    body = f"{a_text(chance.getrandbits(40))} {word} {mark}".replace("  ", " ")
    return Text(mark, digest(body)), body


def reading(run: Run) -> float:
    return READING if run.is_hurried else READING_BY_NIGHT


@contextmanager
def crowd(
    stage: Stage,
    ledger: Ledger,
    *,
    seed: int,
    writers: int = 8,
    readers: int = 2,
    moderators: int = 1,
    pause: float = 0.2,
    reading: float = READING,
) -> Iterator[Crowd]:
    """Meanwhile they do what they do; when this ends, what was posted has an answer."""
    people = Crowd(stage, ledger, seed, pause, reading)
    kinds: Sequence[tuple[Callable[[int], None], int]] = (
        (people.write, writers),
        (people.read, readers),
        (people.moderate, moderators),
        (people.watch, 1),
    )

    def live(do: Callable[[int], None], number: int) -> None:
        try:
            do(number)
        except Exception as error:
            ledger.strange.append(f"{do.__name__}: {error!r}")

    threads = [
        threading.Thread(target=live, args=(do, number), name=f"{do.__name__} {number}")
        for do, count in kinds
        for number in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        people.silent.set()
        people.leaving.set()
        for thread in threads:
            thread.join()
