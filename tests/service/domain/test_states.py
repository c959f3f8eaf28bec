"""Who may move a revision where."""

from itertools import product

import pytest

from service.domain.states import FINAL, MOVES, UNDECIDED, Actor, State, may_move


@pytest.mark.parametrize(("actor", "start"), list(product(Actor, sorted(FINAL))))
def test_nobody_moves_what_is_final(actor, start):
    if (actor, start) == (Actor.UNDO, State.SUPERSEDED):
        return  # with the approval by which it was
    assert not any(may_move(actor, start, target) for target in State)


@pytest.mark.parametrize(("actor", "target"), list(product(Actor, State)))
def test_only_moderators_publish_what_screening_did_not_approve(actor, target):
    for start in set(State) - {State.RECEIVED}:
        if may_move(actor, start, State.APPROVED):
            assert actor in (Actor.MODERATOR, Actor.UNDO)


def test_screening_decides_only_what_was_received():
    assert set(MOVES[Actor.SCREENING]) == {State.RECEIVED}


@pytest.mark.parametrize(("actor", "state"), list(product(Actor, State)))
def test_nothing_moves_to_where_it_is_or_back_to_received(actor, state):
    assert not may_move(actor, state, state)
    assert not may_move(actor, state, State.RECEIVED)


@pytest.mark.parametrize("state", sorted(set(State) - FINAL))
def test_authors_may_always_withdraw(state):
    assert may_move(Actor.AUTHOR, state, State.WITHDRAWN)


def test_moderators_may_take_back_what_they_decided():
    assert may_move(Actor.MODERATOR, State.APPROVED, State.REJECTED)
    assert may_move(Actor.MODERATOR, State.REJECTED, State.APPROVED)
    assert may_move(Actor.MODERATOR, State.SPAM, State.APPROVED)


@pytest.mark.parametrize("start", [State.HELD, State.APPROVED, State.REJECTED, State.SPAM])
def test_what_moderators_decided_can_be_undone_and_nothing_else(start):
    for target in State:
        if start != target:
            decided = may_move(Actor.MODERATOR, start, target)
            assert may_move(Actor.UNDO, target, start) == (decided or target == State.SUPERSEDED)


def test_what_is_undecided_is_not_final():
    assert not UNDECIDED & FINAL
