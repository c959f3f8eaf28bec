"""Where the policy's line is crossed: by how many comments, and by how many newcomers."""

from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from service.domain.raids import RaidPolicy, Wave, crossings, in_words

POLICY = RaidPolicy(comments=10, site_comments=30, newcomers_share=0.8)
SITE, ONE, OTHER = uuid4(), uuid4(), uuid4()


def crossed(waves):
    return crossings(waves, POLICY, site_id=SITE)


def test_a_busy_thread_of_newcomers_is_under_a_raid():
    assert crossed({ONE: Wave(10, 8), OTHER: Wave(5, 5)}) == {ONE: Wave(10, 8)}


def test_regulars_may_be_as_busy_as_they_like():
    assert crossed({ONE: Wave(1_000, 799)}) == {}


def test_a_few_newcomers_are_no_raid():
    assert crossed({ONE: Wave(9, 9)}) == {}


def test_a_raid_on_many_threads_is_one_on_the_site():
    waves = {uuid4(): Wave(5, 5) for _ in range(6)}
    assert crossed(waves) == {SITE: Wave(30, 30)}


def test_what_comes_to_a_raided_thread_says_nothing_about_the_others():
    assert crossed({ONE: Wave(100, 100), OTHER: Wave(5, 5)}) == {ONE: Wave(100, 100)}


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_newcomers_never_end_a_raid(comments, newcomers):
    before = Wave(comments + newcomers, newcomers)
    after = Wave(comments + newcomers + 1, newcomers + 1)
    assert not before.crosses(POLICY, 10) or after.crosses(POLICY, 10)


def test_the_reason_gives_the_figures():
    assert in_words(Wave(140, 129), 5) == "a raid: 140 comments in 5 minutes, 92% by newcomers"
    assert "in a minute" in in_words(Wave(2, 2), 1)
    assert "moderator" in in_words(None, 0)
