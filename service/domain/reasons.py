"""The reasons that moderators give for a decision, and what each of them tells the author."""

from collections.abc import Iterable
from dataclasses import MISSING, dataclass
from enum import StrEnum

from service.domain.setting import setting
from service.domain.states import State

LONGEST_MESSAGE = 1_000
# Only a refusal needs a reason from the list: what speaks for a comment may be said in any word.
REFUSALS = frozenset({State.REJECTED, State.SPAM})


class OtherReasons(StrEnum):
    TAKE = "take"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    code: str = setting(
        MISSING, "Small letters, digits and hyphens.", low=1, high=64,
        pattern=r"[a-z0-9][a-z0-9-]*\Z",
    )  # fmt: skip
    label: str = setting(MISSING, "What moderators read.", low=1, high=80)
    message: str = setting(
        "", "What the author reads beside the state. Empty: nothing.", low=0, high=LONGEST_MESSAGE
    )


SHIPPED = (
    # Spammers learn from what they are told.
    Reason(code="spam", label="Spam or advertising"),
    Reason(
        code="abuse",
        label="Abuse or insult",
        message="It attacks a person. Please write again what you think of the matter itself.",
    ),
    Reason(
        code="hate",
        label="Hatred against a group",
        message="It disparages people for what they are. That has no place here.",
    ),
    Reason(
        code="off-topic",
        label="Off topic",
        message="It is not about this article. Please post it where it fits.",
    ),
    Reason(
        code="personal-data",
        label="Personal data",
        message="It names private details of somebody. Please write it again without them.",
    ),
    Reason(
        code="illegal",
        label="Against the law",
        message="We may not publish it for legal reasons.",
    ),
    Reason(
        code="duplicate",
        label="Said before",
        message="The same was posted before, and once is enough.",
    ),
    Reason(
        code="unreadable",
        label="Cannot be read",
        message="We could not make out what it says. Please write it again more plainly.",
    ),
    Reason(code="other", label="Another reason"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsPolicy:
    reasons: tuple[Reason, ...] = setting(
        SHIPPED,
        "The reasons for refusing a comment that moderators choose from: code, label for them and"
        " message to the author.",
    )
    other_reasons: OtherReasons = setting(
        OtherReasons.TAKE,
        "take records any other reason as it is sent, as programs of before may. refuse asks for"
        " one of the list.",
    )
    removed: str = setting(
        "removed by a moderator",
        "The words that stand, in brackets and with the reason, for a part that was taken out.",
        low=1,
        high=80,
    )

    def find(self, code: str | None) -> Reason | None:
        return next((reason for reason in self.reasons if reason.code == code), None)


def codes(reasons: Iterable[Reason]) -> str:
    return ", ".join(reason.code for reason in reasons)
