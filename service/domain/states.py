"""The states of a revision and who may move it from one to another: the whole rule in one table."""

from enum import StrEnum


class State(StrEnum):
    RECEIVED = "received"
    HELD = "held"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class Actor(StrEnum):
    """Who decides. SUPERSEDING is the side effect of a later revision's approval."""

    SCREENING = "screening"
    MODERATOR = "moderator"
    AUTHOR = "author"
    SUPERSEDING = "superseding"


MOVES: dict[Actor, dict[State, frozenset[State]]] = {
    Actor.SCREENING: {
        State.RECEIVED: frozenset({State.APPROVED, State.HELD, State.REJECTED, State.SPAM}),
    },
    Actor.MODERATOR: {
        State.HELD: frozenset({State.APPROVED, State.REJECTED, State.SPAM}),
        State.APPROVED: frozenset({State.REJECTED, State.SPAM}),
        State.REJECTED: frozenset({State.APPROVED}),
        State.SPAM: frozenset({State.APPROVED}),
    },
    Actor.AUTHOR: {
        State.RECEIVED: frozenset({State.WITHDRAWN}),
        State.HELD: frozenset({State.WITHDRAWN}),
        State.APPROVED: frozenset({State.WITHDRAWN}),
        State.REJECTED: frozenset({State.WITHDRAWN}),
        State.SPAM: frozenset({State.WITHDRAWN}),
    },
    Actor.SUPERSEDING: {
        State.RECEIVED: frozenset({State.SUPERSEDED}),
        State.HELD: frozenset({State.SUPERSEDED}),
        State.APPROVED: frozenset({State.SUPERSEDED}),
        State.REJECTED: frozenset({State.SUPERSEDED}),
        State.SPAM: frozenset({State.SUPERSEDED}),
    },
}

UNDECIDED = frozenset({State.RECEIVED, State.HELD})
FINAL = frozenset({State.WITHDRAWN, State.SUPERSEDED})


def may_move(actor: Actor, start: State, target: State) -> bool:
    return target in MOVES[actor].get(start, frozenset())
