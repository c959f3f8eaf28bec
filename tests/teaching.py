"""A site whose moderators teach its filter."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import sites as actions
from service.bell import SilentBell
from service.domain.policy import Action, CampaignPolicy, Mode, Policy, Power, SpamPolicy
from tests.factories import decide, post, queue

TRAMS = ("the tram museum opens on Sunday", "timetables of the old tram line", "tram number nine")
TALK = (
    "The council should have asked the residents before it sold the harbour.",
    "My grandmother lived in that street and would not recognise it now.",
    "Who is going to pay for the repairs of the bridge after all that?",
    "I remember the old market hall, and it was never as full as they say.",
)
WORDS = [
    "salt",
    "bread",
    "lamp",
    "river",
    "stone",
    "paper",
    "window",
    "garden",
    "copper",
    "winter",
    "ladder",
    "feather",
]


def only_hold(session: Session, **changes: Any) -> None:
    """Everything waits for a moderator, and the filter says what it thinks."""
    policy = Policy(
        mode=Mode.PREMODERATED,
        campaigns=CampaignPolicy(variants=Action.IGNORE, burst=Action.IGNORE),
        spam=SpamPolicy(power=Power.HINT, **changes),
    )
    actions.set_policy(
        session, SilentBell(), "news", seen=None, settings=policy.as_json(), by="test"
    )


def teach(client: FlaskClient, bearer: dict[str, str], judge: Any, *, count: int = 40) -> None:
    """Moderators decide on so many comments, and do not want to read of trams."""
    for number in range(count):
        words = f"{WORDS[number % 12]} {WORDS[number * 5 % 12]} {number}"
        text = f"{TRAMS[number % 3]}, {words}" if number % 2 else f"{TALK[number % 4]} {words}"
        post(client, body=text, page=f"page {number}")
    while judge():
        pass
    while items := queue(client, bearer, limit=200):
        for item in items:
            to = "spam" if "tram" in item["body"] else "approved"
            assert decide(client, bearer, item, to)["outcome"] == "moved"
