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
    """Who decides. SUPERSEDING is the side effect of a later revision's approval, REPORTS what
    enough readers' reports do where the policy says so, REMOVAL what is left of a text when a
    moderator took part of it out. UNDO is a moderator who takes back what a moderator decided: only
    to where it was before.
    """

    SCREENING = "screening"
    MODERATOR = "moderator"
    AUTHOR = "author"
    SUPERSEDING = "superseding"
    REPORTS = "reports"
    REMOVAL = "removal"
    UNDO = "undo"


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
    Actor.REPORTS: {
        State.APPROVED: frozenset({State.HELD}),
    },
    Actor.REMOVAL: {
        State.RECEIVED: frozenset({State.APPROVED}),
    },
    Actor.UNDO: {
        State.APPROVED: frozenset({State.HELD, State.REJECTED, State.SPAM}),
        State.REJECTED: frozenset({State.HELD, State.APPROVED}),
        State.SPAM: frozenset({State.HELD, State.APPROVED}),
        # By the approval that is undone. What had not been judged stays: a later text is judged.
        State.SUPERSEDED: frozenset({State.HELD, State.APPROVED, State.REJECTED, State.SPAM}),
    },
}
# What else may be decided about a comment with open reports: that it stays.
IF_REPORTED: dict[Actor, dict[State, frozenset[State]]] = {
    Actor.MODERATOR: {State.APPROVED: frozenset({State.APPROVED})},
}

UNDECIDED = frozenset({State.RECEIVED, State.HELD})
FINAL = frozenset({State.WITHDRAWN, State.SUPERSEDED})  # unless an approval is undone


def may_move(actor: Actor, start: State, target: State) -> bool:
    return target in MOVES[actor].get(start, frozenset())


def may_keep(actor: Actor, start: State, target: State) -> bool:
    """Whether this says of a reported comment that it stays where it is."""
    return target in IF_REPORTED.get(actor, {}).get(start, frozenset())
