"""What a check found, and how findings together decide about a revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.domain.states import State


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict, not a password
    HOLD = "hold"
    REJECT = "reject"


SEVERITY = {Verdict.PASS: 0, Verdict.HOLD: 1, Verdict.REJECT: 2}


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in the text as its author sent it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one thing adds to a score, in log-odds: above 0 it speaks for spam, below 0 against."""

    name: str
    weight: float
    span: Span | None = None

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = {"name": self.name, "weight": round(self.weight, 7)}
        if self.span is not None:
            found["span"] = {"start": self.span.start, "end": self.span.end}
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check. `reason` is for moderators; `version` is the check's own.

    Where a model gave the score, `model` says which, and `signals` are what the score consists of.
    """

    check: str
    verdict: Verdict = Verdict.PASS
    reason: str = ""
    spans: tuple[Span, ...] = ()
    score: float | None = None
    version: int = 1
    is_spam: bool = False  # a rejection for being spam rather than for breaking a rule
    model: str | None = None
    signals: tuple[Contribution, ...] = ()

    def as_json(self) -> dict[str, Any]:
        # Spelled out, since asdict takes as long as some of the checks do.
        found = {
            "check": self.check,
            "verdict": self.verdict,
            "reason": self.reason,
            "spans": [{"start": span.start, "end": span.end} for span in self.spans],
            "score": self.score,
            "version": self.version,
            "is_spam": self.is_spam,
        }
        if self.model is not None:
            found["model"] = self.model
            found["signals"] = [signal.as_json() for signal in self.signals]
        return found


def worst(findings: Sequence[Finding]) -> Verdict:
    return max((finding.verdict for finding in findings), key=SEVERITY.__getitem__)


def outcome(findings: Sequence[Finding]) -> State:
    """The state that findings lead to: the worst verdict decides, so their order cannot matter.

    No findings at all means that nothing was checked, and what was not checked is held.
    """
    if not findings:
        return State.HELD
    verdict = worst(findings)
    if verdict is Verdict.PASS:
        return State.APPROVED
    if verdict is Verdict.HOLD:
        return State.HELD
    rejecting = [finding for finding in findings if finding.verdict is Verdict.REJECT]
    return State.SPAM if any(finding.is_spam for finding in rejecting) else State.REJECTED
