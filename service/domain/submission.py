"""All that a check may see of a comment: its text, how it was sent, facts gathered beforehand."""

from dataclasses import dataclass, field

from service.domain.opinions import Filtered
from service.domain.policy import Mode
from service.domain.standings import Entry, Standing


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier revision on the same site whose text equals this one's, or nearly so."""

    comment_id: str
    similarity: float  # 1.0 = the same after folding; else the share of equal fingerprint bits
    by_same_author: bool
    minutes_before: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What the database knew when the check ran. Counts are of comments before this one."""

    thread_mode: Mode = Mode.OPEN
    raid: str | None = None  # why one is on here, if one is
    author_approved: int = 0
    author_rejected: int = 0
    author_in_window: int = 0
    address_in_window: int = 0
    thread_in_window: int = 0
    rejected_before: bool = False  # an earlier version, or part of it; or reports held it
    earlier: tuple[Earlier, ...] = ()
    standings: tuple[Entry, ...] = ()  # of its author, e-mail address and network address
    filtered: Filtered | None = None  # None: the policy does not ask, or the filter failed

    @property
    def author_is_trusted(self) -> bool:
        return any(entry.standing is Standing.TRUSTED for entry in self.standings)


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
