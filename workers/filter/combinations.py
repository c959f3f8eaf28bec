"""Signals that mean more together than each alone: an offer and a contact, praise and a link.

A linear model adds; what moderators look for is often that two things meet.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from workers.filter.signal_names import Signal

LEADS = frozenset(
    {"link-bare", "link-cheap", "link-shortened", "link-chat", "link-markup", "link-path",
     "keyword-host", "link-elsewhere"}
)  # fmt: skip
REACHES = frozenset({"says-contact", "phone", "mail", "handle", "link-chat", "link-shortened"})
OFFERS = frozenset({"says-selling", "author-sells", "author-link", "keywords"})


@dataclass(frozen=True, slots=True)
class Combination:
    """Some of each of two groups of signals."""

    one: Collection[str]
    other: Collection[str]


COMBINATIONS = {
    "praise-offer": Combination({"says-blog", "says-praise"}, OFFERS | LEADS | {"phone", "mail"}),
    "praise-trade": Combination({"says-blog", "says-praise"}, {"says-market"}),
    "offer-lead": Combination({"says-selling", "keywords"}, LEADS | {"phone", "mail", "says-go"}),
    "money-contact": Combination({"says-money", "says-crypto", "says-broker"}, REACHES),
    "money-lead": Combination({"says-money", "says-crypto", "says-free"}, LEADS),
    "money-trader": Combination({"says-money", "says-crypto", "says-finance"}, {"says-broker"}),
    "cure-contact": Combination({"says-pharma", "says-broker"}, REACHES | LEADS),
    "adult-lead": Combination({"says-adult"}, REACHES | LEADS | {"says-go"}),
    "luck-brand": Combination(
        {"says-slots", "says-gambling", "says-luck"}, {"brand", "brand-capital", "brand-disguised"}
    ),
    "luck-styled": Combination({"says-slots", "says-gambling", "says-luck"}, {"styled", "spelled"}),
    "asks-lead": Combination({"says-asks"}, {"says-go", "link", "handle"}),
}


def combined(found: Sequence[Signal]) -> Iterator[Signal]:
    names = {signal.name for signal in found}
    if len(names) < 2:
        return
    for name, both in COMBINATIONS.items():
        if not names.isdisjoint(both.one) and not names.isdisjoint(both.other):
            yield Signal(name, 1.0)
