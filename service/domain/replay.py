"""A replay compares what screening decided then with what another policy would decide now."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Self
from uuid import UUID

from service.domain.findings import Finding, Verdict, outcome
from service.domain.states import State

MOST_REPLAYED = 1_000_000
MOST_EXAMPLES = 10  # of each kind of change, the newest
REFUSED = frozenset({State.REJECTED, State.SPAM})


class Stage(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = (Stage.WAITING, Stage.RUNNING)


class Cell(NamedTuple):
    """Revisions that fared alike: then, now, and in the last decision of a moderator, if any."""

    then: State
    now: State
    moderator: State | None

    @property
    def is_change(self) -> bool:
        return self.then is not self.now


@dataclass(frozen=True, slots=True)
class Compared:
    """One revision judged again."""

    revision: UUID
    comment: UUID
    then: State
    flags: Sequence[str]  # the checks that did not pass then
    moderator: State | None
    findings: Sequence[Finding]  # now


@dataclass(slots=True)
class Comparison:
    """Counts of many revisions, and examples of those that would fare otherwise."""

    counts: Counter[Cell] = field(default_factory=Counter)
    examples: dict[Cell, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def note(self, one: Compared) -> None:
        cell = Cell(one.then, outcome(one.findings), one.moderator)
        found = [finding for finding in one.findings if finding.verdict is not Verdict.PASS]
        self.counts[cell] += 1
        if cell.is_change:
            example = {
                "comment": str(one.comment),
                "revision": str(one.revision),
                "now": [finding.as_json() for finding in found],
            }
            self._exemplify(cell, [example])
        overturned = one.moderator is State.APPROVED
        for when, names in (("then", one.flags), ("now", [finding.check for finding in found])):
            for name in names:
                self.checks[name][when] += 1
                self.checks[name][f"{when}_overturned"] += overturned

    def add(self, other: Self) -> None:
        self.counts.update(other.counts)
        for cell, examples in other.examples.items():
            self._exemplify(cell, examples)
        for name, hits in other.checks.items():
            self.checks[name].update(hits)

    def _exemplify(self, cell: Cell, examples: Sequence[dict[str, Any]]) -> None:
        """Ids sort by age."""
        known = [*self.examples[cell], *examples]
        known.sort(key=lambda example: str(example["revision"]), reverse=True)
        self.examples[cell] = known[:MOST_EXAMPLES]

    def leave_out(self, comments: Collection[str]) -> None:
        """Of the examples: the counts stay."""
        for cell, examples in self.examples.items():
            self.examples[cell] = [one for one in examples if one["comment"] not in comments]

    def outcomes(self) -> dict[str, dict[str, int]]:
        """How many went from which outcome to which."""
        found: dict[str, dict[str, int]] = {}
        for cell, count in self.counts.items():
            ends = found.setdefault(cell.then.value, {})
            ends[cell.now.value] = ends.get(cell.now.value, 0) + count
        return found

    def against_moderators(self) -> Counter[str]:
        """What moderators decided, beside what screening would decide by itself now."""
        found: Counter[str] = Counter()
        for cell, count in self.counts.items():
            if cell.moderator is not None:
                found["decided"] += count
                found[_against(cell.now, cell.moderator)] += count
                if cell.then is State.HELD and cell.now is not State.HELD:
                    found["no_longer_needed"] += count
        return found

    def changes(self) -> Iterator[tuple[Cell, int, Sequence[dict[str, Any]]]]:
        """The most frequent first."""
        for cell, count in self.counts.most_common():
            if cell.is_change:
                yield cell, count, self.examples[cell]

    def as_json(self) -> dict[str, Any]:
        cells = [[*cell, count, self.examples.get(cell, [])] for cell, count in self.counts.items()]
        return {"cells": cells, "checks": self.checks}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        comparison = cls()
        for then, now, moderator, count, examples in stored["cells"]:
            cell = Cell(State(then), State(now), moderator and State(moderator))
            comparison.counts[cell] = count
            comparison.examples[cell] = examples
        comparison.checks.update({name: Counter(hits) for name, hits in stored["checks"].items()})
        return comparison


def _against(now: State, moderator: State) -> str:
    if now is State.HELD:
        return "would_hold"
    if (now in REFUSED) == (moderator in REFUSED):
        return "would_agree"
    return "would_approve_refused" if now is State.APPROVED else "would_refuse_approved"
