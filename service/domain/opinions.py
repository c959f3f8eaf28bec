"""What the filter says about a comment, before any policy decides what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from service.domain.findings import Contribution, Span, Verdict

SURE = 0.55  # likeness to a rejected text from which on a variant may be rejected itself
NAMED = 3  # contributions of each kind that a reason names
MARKED = 6  # places
UNNAMED = {"before reading it", "everything else"}


def probability(logit: float) -> float:
    return 1 / (1 + exp(-max(-700.0, logit)))


def percent(logit: float) -> str:
    """The probability, never rounded to certainty."""
    share = 100 * probability(logit)
    return f"{min(share, 99.99):.2f} %" if share > 99 else f"{max(share, 0.1):.3g} %"


def _named(contributions: Sequence[Contribution]) -> str:
    known = [one for one in contributions if one.name not in UNNAMED]
    sides = (
        ("For it", [one for one in known if one.weight > 0][:NAMED]),
        ("against it", [one for one in known if one.weight < 0][:NAMED]),
    )
    said = [f"{side}: {_listed(found)}" for side, found in sides if found]
    sentence = "; ".join(said)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def _listed(found: Sequence[Contribution]) -> str:
    return ", ".join(f"{one.name} {_signed(one.weight)}" for one in found)


def _signed(weight: float) -> str:
    return f"{weight:+.1f}".replace("-", "\N{MINUS SIGN}")


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely a model finds it that a comment is unwanted, in log-odds, and why."""

    logit: float
    model: str
    contributions: Sequence[Contribution]  # they add up to the logit
    hold_from: float | None  # logits; None: it may not do that yet
    reject_from: float | None

    @property
    def probability(self) -> float:
        return probability(self.logit)

    def verdict(self, *, may_reject: bool) -> Verdict:
        if self.hold_from is None or self.logit < self.hold_from:
            return Verdict.PASS
        if may_reject and self.reject_from is not None and self.logit >= self.reject_from:
            return Verdict.REJECT
        return Verdict.HOLD

    def why(self, verdict: Verdict) -> str:
        """What speaks most for it and against it, in words, and the bound that it has reached."""
        bound = self.reject_from if verdict is Verdict.REJECT else self.hold_from
        done = "rejected" if verdict is Verdict.REJECT else "held"
        limit = "" if bound is None else f"; {done} from {percent(bound)} on"
        return f"{percent(self.logit)} likely{limit}. {_named(self.contributions)}".strip()

    def spans(self) -> tuple[Span, ...]:
        """Where in the text is what speaks for it, the strongest first."""
        found = [one.span for one in self.contributions if one.span and one.weight > 0]
        return tuple(dict.fromkeys(found))[:MARKED]


@dataclass(frozen=True, slots=True)
class Variant:
    """A rejected comment that this one is a variant of."""

    comment_id: str
    how: str  # "text", "wording" or "anchor"
    likeness: float
    anchor: str = ""
    is_spam: bool = True

    @property
    def is_sure(self) -> bool:
        """Whether it is nearly the same text, rather than one that shares something with it."""
        return self.how == "text" and self.likeness >= SURE


@dataclass(frozen=True, slots=True)
class Burst:
    """Comments like this one that came before it and that no moderator has judged."""

    first_id: str
    earlier: int


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the site's filter says about a comment."""

    spam: Opinion
    conduct: Opinion | None = None
    variant: Variant | None = None
    burst: Burst | None = None
