"""What the queue's form lets moderators choose from to narrow it down."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.risk import Band
from service.domain.scripts import Script
from service.store.queue import Order

# The checks that workers run, by their names in findings. The desk does not import its workers.
CHECKS = (
    "campaign", "conduct", "flood", "form", "history", "length", "links", "mode", "newcomer",
    "raid", "repetition", "screening", "shouting", "spam", "standing",
    "words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    label: str
    options: Sequence[tuple[str, str]]


SCRIPTS = {Script.HAN: "Chinese", Script.NONE: "no letters at all", Script.OTHER: "another"}

CHOICES = (
    Choice("order", "Order", (("", "By age"), (Order.RISK, "Riskiest first"))),
    Choice("check", "Check", (("", "Any check"), *((name, f"found by {name}") for name in CHECKS))),
    Choice(
        "band",
        "How likely unwanted",
        (
            ("", "Any risk"),
            (Band.LOW, "below 5 %"),
            (Band.UNSURE, "5 to 50 %"),
            (Band.LIKELY, "50 to 90 %"),
            (Band.CERTAIN, "90 % or more"),
        ),
    ),
    Choice(
        "script",
        "Script",
        (("", "Any script"), *((one, SCRIPTS.get(one, one.capitalize())) for one in Script)),
    ),
)
