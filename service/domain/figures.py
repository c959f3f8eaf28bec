"""A site's figures: what was decided in a stretch of time, by whom, how soon, and how rightly.

They are counted from decisions, which never change, so a day that is over never changes either.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from service.domain.states import Actor, State

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
# Upper bounds in seconds of the times that comments waited; the last is for all that is longer.
BOUNDS = (
    0.1, 1.0, 5.0, 15.0, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, DAY, 3 * DAY,
    7 * DAY, 30 * DAY,
)  # fmt: skip
REFUSED = frozenset({State.REJECTED, State.SPAM})


@dataclass(frozen=True, slots=True)
class Event:
    """One decision, and what is known of the revision that it is about."""

    actor: Actor
    start: State
    target: State
    by: str
    seconds: float  # since the revision was sent
    checks: Sequence[str]  # that did not pass
    screened: State | None  # what screening had made of it


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a moderator at one moment, and for how long it has, in seconds."""

    count: int
    p50: float
    p95: float


@dataclass(slots=True)
class Figures:
    received: int = 0
    screened: Counter[str] = field(default_factory=Counter)  # by state
    moderated: dict[str, Counter[str]] = field(default_factory=dict)  # by person, then by state
    hits: Counter[str] = field(default_factory=Counter)  # by check
    judged: Counter[str] = field(default_factory=Counter)  # hits that moderators decided on
    overturned: Counter[str] = field(default_factory=Counter)  # of these, approved
    at_once: Counter[int] = field(default_factory=Counter)  # times until screening, by bound
    by_hand: Counter[int] = field(default_factory=Counter)  # times until a moderator, by bound
    waiting: Waiting | None = None  # at the end

    def count(self, event: Event) -> None:
        bound = bisect_left(BOUNDS, event.seconds)
        if event.actor is Actor.SCREENING:
            self.screened[event.target] += 1
            self.hits.update(event.checks)
            if event.target is not State.HELD:
                self.at_once[bound] += 1
        if event.actor is not Actor.MODERATOR:
            return
        self.moderated.setdefault(event.by, Counter())[event.target] += 1
        if event.start is State.HELD:
            self.by_hand[bound] += 1
        # Who takes back a moderator's refusal overturns no check.
        if event.start is event.screened and event.start in REFUSED | {State.HELD}:
            self.judged.update(event.checks)
            if event.target is State.APPROVED:
                self.overturned.update(event.checks)

    def add(self, other: "Figures") -> None:
        """What stood at the end is no sum: it is left to who adds."""
        self.received += other.received
        for mine, theirs in (
            (self.screened, other.screened),
            (self.hits, other.hits),
            (self.judged, other.judged),
            (self.overturned, other.overturned),
        ):
            mine.update(theirs)
        self.at_once.update(other.at_once)
        self.by_hand.update(other.by_hand)
        for person, counts in other.moderated.items():
            self.moderated.setdefault(person, Counter()).update(counts)

    @property
    def alone(self) -> float | None:
        """The share that was decided without a person."""
        total = self.screened.total()
        return 1 - self.screened[State.HELD] / total if total else None

    def as_json(self) -> dict[str, Any]:
        """`asdict` would make no dicts of counters."""
        own: dict[str, Any] = {item.name: getattr(self, item.name) for item in fields(self)}
        return own | {"waiting": asdict(self.waiting) if self.waiting else None}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        waiting = stored["waiting"]
        return cls(
            received=stored["received"],
            moderated={name: Counter(counts) for name, counts in stored["moderated"].items()},
            at_once=Counter({int(bound): n for bound, n in stored["at_once"].items()}),
            by_hand=Counter({int(bound): n for bound, n in stored["by_hand"].items()}),
            waiting=Waiting(**waiting) if waiting else None,
            **{
                name: Counter(stored[name]) for name in ("screened", "hits", "judged", "overturned")
            },
        )


def quantile(counts: Counter[int], share: float) -> float | None:
    """Seconds within which this share was decided, as closely as the bounds tell; None: nothing."""
    wanted = share * counts.total()
    if not wanted:
        return None
    reached = 0.0
    for bound in sorted(counts):
        if reached + counts[bound] >= wanted:
            low = BOUNDS[bound - 1] if bound else 0.0
            high = BOUNDS[min(bound, len(BOUNDS) - 1)]
            return low + (high - low) * (wanted - reached) / counts[bound]
        reached += counts[bound]
    return BOUNDS[-1]
