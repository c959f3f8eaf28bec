"""What an action may refuse, in the domain's words. service/api/problems.py says it in HTTP's.

Refused
├── NotFound            the thing is not there, or not for the asker: nobody can tell which
├── OriginNotAllowed    asked from a foreign website
├── ForeignPage         a page_url that is not the site's
├── Unauthenticated     no token, or none that is valid
├── Forbidden           a token that does not allow this
├── IdentityRequired    the site takes comments from signed-in readers alone
├── ThreadClosed
├── ThreadIsSlow        the same reader wrote there a moment ago
├── ParentNotFound      a reply to something that is not public in this thread
├── KeyReused           the Idempotency-Key stood for another comment before
├── EditWindowClosed
├── OwnComment          nobody votes on what they wrote
├── TooManyVotes        from one address, on one comment
├── UnknownReason       a refusal for a reason that is not on the site's list, where it must be
├── IllegalMove         the states do not allow this decision
├── StateMoved          somebody decided first
├── StandingMoved       somebody decided about the author first
├── PolicyMoved         somebody changed the policy first
├── TooManyReplays      of one site, not finished yet
├── TooManyGuesses      of passwords or codes
└── AlreadyExists
"""

from datetime import datetime


class Refused(Exception):
    """Base of all refusals; `detail` is a sentence for whoever asked.

    `code` names those that readers meet, where the kind of problem alone does not.
    """

    detail = ""
    code = ""

    def __init__(self, detail: str = "") -> None:
        self.detail = detail or self.detail
        super().__init__(self.detail)


class NotFound(Refused):
    detail = "There is nothing here, or nothing that you may see."


class OriginNotAllowed(Refused):
    detail = "This website is not among those from which the site takes comments."


class ForeignPage(Refused):
    code = "foreign-page"
    detail = "page_url must be a page of the site, from one of its origins."


class Unauthenticated(Refused):
    detail = "Send a valid token: Authorization: Bearer <token>."


class Forbidden(Refused):
    detail = "This token does not allow that."


class IdentityRequired(Refused):
    code = "identity-required"
    detail = (
        "Comments here are for readers who are signed in. Please sign in on this website first."
    )


class ThreadClosed(Refused):
    code = "thread-closed"
    detail = "Comments on this article are closed."


class ThreadIsSlow(Refused):
    """Says after how many seconds the reader may write there again."""

    def __init__(self, seconds: int) -> None:
        when = "in a second" if seconds == 1 else f"in {seconds:,} seconds"
        super().__init__(
            "In this conversation everybody writes one comment at a time, with a pause in between."
            f" Yours can be sent {when}."
        )
        self.seconds = seconds


class ParentNotFound(Refused):
    code = "parent-not-found"
    detail = "The comment that this answers is not, or no longer, shown under this article."


class KeyReused(Refused):
    detail = "This Idempotency-Key was used for another comment. Use a new key for a new comment."


class EditWindowClosed(Refused):
    code = "edit-window-closed"
    detail = "The time in which this comment could be changed is over."


class OwnComment(Refused):
    code = "own-comment"
    detail = "You wrote this comment. Votes are for the comments of others."


class TooManyVotes(Refused):
    code = "too-many-votes"
    detail = "Enough votes on this comment came from your network today. You can vote on others."


class UnknownReason(Refused):
    def __init__(self, code: str, known: str) -> None:
        super().__init__(f"This site's reasons are {known}; {code!r} is none of them.")


class IllegalMove(Refused):
    """Which moves are legal stands in service/domain/states.py."""


class StateMoved(Refused):
    """Somebody decided first; says who, when, and what the state is now."""

    def __init__(self, *, state: str, by: str | None, at: datetime | None) -> None:
        who = f" by {by}" if by else ""
        super().__init__(f"This was decided meanwhile{who}: it is {state} now.")
        self.state, self.by, self.at = state, by, at


class StandingMoved(Refused):
    detail = "Somebody decided about this author meanwhile. Look at them again and decide anew."


class PolicyMoved(Refused):
    detail = "The policy was changed meanwhile. Read it again and repeat your change."


class TooManyReplays(Refused):
    detail = "This site has several replays that have not ended. Wait for one, or cancel one."


class TooManyGuesses(Refused):
    detail = "There were too many attempts from here. Please wait a quarter of an hour."


class AlreadyExists(Refused):
    pass
