"""The ways in: what each takes from honest clients, for the catalogue to turn against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.factories import PAGE, a_comment

JSON = {"Content-Type": "application/json"}
KIB = 1024
SOME_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
ANYONE, AUTHOR, MODERATOR = "anyone", "author", "moderator"


@dataclass(frozen=True)
class Door:
    """Addresses and bodies name what a stage has by {public}, {held} and {revision}."""

    name: str
    method: str
    path: str
    who: str = ANYONE
    valid: dict[str, Any] = field(default_factory=dict)
    texts: tuple[str, ...] = ()  # fields that take a text and nothing else
    most_bytes: int = 64 * KIB
    query: Mapping[str, str] = field(default_factory=dict)
    parameters: tuple[str, ...] = ()  # whose text is anybody's
    repeated: tuple[str, ...] = ()
    lenient: bool = False  # a page for people, whose links others lengthen and cut


DECISION = {"revision": "{revision}", "seen": "held", "to": "approved", "note": "n", "message": "m"}
WRITING = (
    Door("post", "POST", "/v1/comments", valid=a_comment(page_title="Fog", parent=None),
         texts=("site", "page", "body", "author", "parent", "page_title", "page_url")),
    Door("edit", "PATCH", "/v1/comments/{public}", AUTHOR, {"body": "Once more."}, ("body",)),
    Door("vote", "PUT", "/v1/comments/{public}/vote", valid={"value": 1}, texts=("value",)),
    Door("report", "POST", "/v1/comments/{public}/reports", valid={"reason": "spam", "note": "n"},
         texts=("reason", "note")),
    Door("decision", "POST", "/v1/comments/{held}/decisions", MODERATOR, DECISION,
         ("revision", "seen", "to", "reason", "note", "message")),
    Door("decisions", "POST", "/v1/moderation/decisions", MODERATOR,
         {"decisions": [{"comment": "{held}", **DECISION}]}, ("decisions",), 2048 * KIB),
    Door("removal", "POST", "/v1/moderation/comments/{public}/removals", MODERATOR,
         {"revision": "{revision}", "seen": "approved", "spans": [{"start": 0, "end": 3}], "note": "n"},
         ("revision", "seen", "spans", "reason", "note", "message")),
    Door("bulk", "POST", "/v1/moderation/bulk", MODERATOR,
         {"filter": {"q": "bridge"}, "to": "spam", "note": "n"}, ("filter", "to", "note", "reason"), 2048 * KIB),
    Door("view", "POST", "/v1/moderation/views", MODERATOR,
         {"name": "Mine", "filter": {"q": "bridge"}}, ("name", "filter", "site")),
    Door("looks", "POST", "/v1/moderation/looks", MODERATOR, {"limit": 1},
         ("site", "q", "section", "check", "order", "after", "since", "thread")),
    Door("standing", "POST", "/v1/moderation/standings", MODERATOR,
         {"comment": "{public}", "kind": "author", "standing": "watched", "note": "n"},
         ("kind", "comment", "standing", "until", "reason", "note")),
    Door("author search", "POST", "/v1/moderation/author-searches", MODERATOR,
         {"site": "news", "name": "Ann"}, ("site", "name", "email")),
    Door("policy", "PUT", "/v1/moderation/sites/news/policy", MODERATOR,
         {"settings": {"max_characters": 4000}}, ("settings",), 4096 * KIB),
    Door("thread", "PUT", "/v1/moderation/threads", MODERATOR,
         {"site": "news", "page": PAGE, "mode": "open", "note": "n"}, ("site", "page", "mode", "note")),
    Door("raid", "POST", "/v1/moderation/raids", MODERATOR, {"site": "news", "page": PAGE}, ("site", "page")),
    Door("replay", "POST", "/v1/moderation/replays", MODERATOR, {"site": "news", "last": 9},
         ("site", "policy", "since"), 4096 * KIB),
)  # fmt: skip
HERE = {"site": "news", "page": PAGE}
READING = (
    Door("comments", "GET", "/v1/comments", query=HERE, parameters=("page", "site", "after", "limit", "sort")),
    Door("counts", "GET", "/v1/counts", query=HERE, parameters=("page", "site"), repeated=("page",)),
    Door("page without script", "GET", "/embed/thread", query=HERE, parameters=("page", "site", "reply", "lang"), lenient=True),
    Door("fragment", "GET", "/embed/fragment", query=HERE, parameters=("page", "site", "sort"), lenient=True),
    Door("feed", "GET", "/embed/feed", query=HERE, parameters=("page", "site"), lenient=True),
    Door("queue", "GET", "/v1/moderation/queue", MODERATOR,
         parameters=("q", "site", "section", "check", "since", "after", "limit", "thread")),
    Door("audit", "GET", "/v1/moderation/audit", MODERATOR, parameters=("by", "site", "kind", "since", "after")),
    Door("desk", "GET", "/desk/", parameters=("q", "next"), lenient=True),
)  # fmt: skip
