"""The ledger: what clients sent and were told, written down before and after each call."""

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

OVER_SOON = re.compile(r"/problems/(?:unavailable|busy)\b")
MARK = re.compile(r"mark[0-9a-f]{16}")  # one in each text, by which it is recognised anywhere


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Call:
    began: float
    ended: float | None = None
    status: int | None = None  # None: nobody answered, or the answer was cut off


@dataclass
class Text:
    """One text that somebody sent, as a new comment or as an edit of one."""

    mark: str
    digest: str
    key: str | None = None  # of a new comment: it is sent again until there is an answer
    calls: list[Call] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)  # that were answered; never more than one

    @property
    def is_accepted(self) -> bool:
        return any(call.status == 202 for call in self.calls)


@dataclass
class Seen:
    """A text in public answers: when the first one ended, when the last one was asked for."""

    first: float
    last: float
    where: str


@dataclass
class Health:
    at: float
    status: int
    says: str  # ok, degraded or unavailable


@dataclass
class Ledger:
    texts: list[Text] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    reads: int = 0
    decided: dict[str, str] = field(default_factory=dict)  # a decision's id: the state it led to
    undecided_calls: int = 0  # decisions sent without an answer: they may have been made or not
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)  # answers that nobody should get
    health: list[Health] = field(default_factory=list)
    slowest: float = 0.0  # of the answers to posts
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, text: Text) -> Call:
        call = Call(time.time())
        text.calls.append(call)
        return call

    def saw(self, marks: Iterable[str], *, began: float, where: str) -> None:
        ended = time.time()
        with self.lock:
            self.reads += 1
            for mark in marks:
                seen = self.seen.setdefault(mark, Seen(ended, began, where))
                seen.first, seen.last = min(seen.first, ended), max(seen.last, began)

    def told(self, what: str, status: int, text: str, retry_after: str | None) -> None:
        """Count an answer. Who is refused for a fault of ours is told so, and when to return."""
        is_clear = status == 503 and OVER_SOON.search(text) and int(retry_after or 0) > 0
        with self.lock:
            self.answers[what, status] += 1
            if status >= 500 and not is_clear:
                self.strange.append(f"{what}: {status} {text[:200]}")

    @property
    def accepted(self) -> int:
        return sum(text.is_accepted for text in self.texts)
