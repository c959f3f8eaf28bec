"""What two signals mean together, and what talk of numbers means alone."""

from workers.filter import combinations
from workers.filter.signal_names import COMBINED, SIGNALS, Signal
from workers.filter.views import Comment


def test_every_combination_has_words_and_is_made_of_known_signals():
    assert combinations.COMBINATIONS.keys() == COMBINED.keys()
    for both in combinations.COMBINATIONS.values():
        assert set(both.one) | set(both.other) <= SIGNALS.keys()


def test_one_signal_is_no_combination():
    assert list(combinations.combined([Signal("says-blog", 1.0)])) == []
    both = [Signal("says-blog", 1.0), Signal("phone", 1.0)]
    assert [signal.name for signal in combinations.combined(both)] == ["praise-offer"]


def test_words_that_only_count_followers_tell_nothing(small):
    compares = small.parts(Comment("he has more subscribers than she"))
    assert "subscribers" not in compares.words
    assert "than" in compares.words
    wants = small.parts(Comment("please give me subscribers, he has more"))
    assert "subscribers" in wants.words
