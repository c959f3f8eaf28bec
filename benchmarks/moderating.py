"""A moderator who hides a comment and shows it again, over the API."""

import json

from benchmarks.load import Connection
from benchmarks.seeding import comment_id, revision_id
from benchmarks.stack import Stack
from benchmarks.texts import http_request

SHOWN, HIDDEN = "approved", "rejected"


class Moderator:
    """Decides on one comment of the past, the `number`th."""

    def __init__(self, stack: Stack, number: int) -> None:
        self.comment = comment_id(number)
        self._revision = revision_id(number)
        self._state = SHOWN
        self._headers = f"Authorization: Bearer {stack.token}\r\nContent-Type: application/json\r\n"
        self._connection = Connection(stack.port)

    @property
    def is_shown(self) -> bool:
        return self._state == SHOWN

    def turn(self) -> None:
        """Hide what is shown, show what is hidden; committed when this returns."""
        target = HIDDEN if self.is_shown else SHOWN
        decision = {
            "comment": self.comment,
            "revision": self._revision,
            "seen": self._state,
            "to": target,
        }
        content = json.dumps({"decisions": [decision]}).encode()
        reply = self._connection.exchange(
            http_request("POST", "/v1/moderation/decisions", self._headers, content)
        )
        if reply.status != 200 or json.loads(reply.content)["results"][0]["outcome"] != "moved":
            raise RuntimeError(f"A decision was answered {reply.status}: {reply.content.decode()}")
        self._state = target

    def close(self) -> None:
        self._connection.close()
