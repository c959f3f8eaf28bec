"""Who may move a revision where."""

from itertools import product

import pytest

from service.domain.states import FINAL, MOVES, UNDECIDED, Actor, State, may_move


@pytest.mark.parametrize(("actor", "start"), list(product(Actor, sorted(FINAL))))
def test_nobody_moves_what_is_final(actor, start):
    assert not any(may_move(actor, start, target) for target in State)


@pytest.mark.parametrize(("actor", "target"), list(product(Actor, State)))
def test_only_moderators_publish_what_screening_did_not_approve(actor, target):
    for start in set(State) - {State.RECEIVED}:
        if may_move(actor, start, State.APPROVED):
            assert actor is Actor.MODERATOR


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


def test_what_is_undecided_is_not_final():
    assert not UNDECIDED & FINAL
