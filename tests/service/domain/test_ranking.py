"""Ranking by votes."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.ranking import rank

VOTES = st.integers(0, 100_000)


def test_many_good_votes_rank_above_a_few_perfect_ones() -> None:
    assert rank(90, 10) > rank(1, 0) > rank(1, 9)


def test_it_is_the_bound_that_wilson_published() -> None:
    assert (rank(1, 0), rank(10, 0), rank(50, 50)) == (206_543, 722_460, 403_830)


@given(ups=VOTES, downs=VOTES)
def test_a_vote_for_it_never_lowers_a_comment_and_one_against_never_raises_it(ups, downs) -> None:
    assert rank(ups + 1, downs) >= rank(ups, downs) >= rank(ups, downs + 1) >= 0
