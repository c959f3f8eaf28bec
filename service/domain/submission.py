"""All that a check may see of a comment: its text, how it was sent, facts gathered beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from service.domain.findings import Contribution
from service.domain.policy import Mode

SURE = 0.55  # likeness to a rejected text from which on a variant may be rejected itself


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier revision on the same site whose text equals this one's, or nearly so."""

    comment_id: str
    similarity: float  # 1.0 = the same after folding; else the share of equal fingerprint bits
    by_same_author: bool
    minutes_before: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely a model finds it that a comment is unwanted, in log-odds, and why."""

    logit: float
    model: str
    contributions: Sequence[Contribution]  # they add up to the logit
    hold_from: float | None  # logits; None: it may not do that yet
    reject_from: float | None


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


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knew when the check ran. Counts are of comments before this one."""

    thread_mode: Mode = Mode.OPEN
    author_approved: int = 0
    author_rejected: int = 0
    author_in_window: int = 0
    address_in_window: int = 0
    thread_in_window: int = 0
    rejected_before: bool = False  # a moderator rejected an earlier version of this comment
    earlier: tuple[Earlier, ...] = ()
    filtered: Filtered | None = None  # None: the policy does not ask, or the filter failed


@dataclass(frozen=True, slots=True)
class Submission:
    body: str
    author_name: str = ""
    page: str = ""
    page_url: str | None = None
    origins: tuple[str, ...] = ()  # the site's own, whose links are not counted as foreign
    revision_number: int = 1
    form_trap_filled: bool = False
    form_seconds: float | None = None  # from showing the form to sending it, as the form says
    facts: Facts = field(default_factory=Facts)
