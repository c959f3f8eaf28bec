"""What is counted, and what times are made of the counts."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from service.domain.figures import BOUNDS, Event, Figures, Waiting, quantile
from service.domain.states import Actor, State


def an_event(**changes: object) -> Event:
    fields = {
        "actor": Actor.SCREENING, "start": State.RECEIVED, "target": State.HELD,
        "by": "screening", "seconds": 0.02, "checks": ("links",), "screened": None,
    }  # fmt: skip
    return Event(**{**fields, **changes})  # type: ignore[arg-type]


def a_moderator(**changes: object) -> Event:
    fields = {
        "actor": Actor.MODERATOR, "start": State.HELD, "target": State.APPROVED, "by": "ann",
        "seconds": 600.0, "screened": State.HELD,
    }  # fmt: skip
    return an_event(**{**fields, **changes})


def counted(*events: Event) -> Figures:
    figures = Figures()
    for event in events:
        figures.count(event)
    return figures


def test_the_share_decided_without_a_person():
    passed = an_event(target=State.APPROVED, checks=())
    assert counted(passed, passed, passed, an_event()).alone == 0.75
    assert counted(a_moderator()).alone is None


def test_a_check_is_overturned_when_what_it_held_is_approved():
    found = counted(an_event(), an_event(), a_moderator(), a_moderator(target=State.SPAM))
    assert found.hits == {"links": 2}
    assert found.judged == {"links": 2}
    assert found.overturned == {"links": 1}


def test_who_takes_back_a_refusal_of_a_moderator_overturns_no_check():
    back = a_moderator(start=State.REJECTED, screened=State.HELD)
    assert counted(back).judged == {}
    rejected_by_screening = a_moderator(start=State.REJECTED, screened=State.REJECTED)
    assert counted(rejected_by_screening).overturned == {"links": 1}


def test_only_what_ended_the_waiting_counts_as_its_time():
    late = a_moderator(start=State.APPROVED, target=State.REJECTED, screened=State.APPROVED)
    assert counted(late).by_hand == {}
    assert counted(an_event()).at_once == {}


def test_each_moderator_has_counts_of_their_own():
    found = counted(a_moderator(), a_moderator(by="bob"), a_moderator(target=State.SPAM))
    assert found.moderated == {"ann": {"approved": 1, "spam": 1}, "bob": {"approved": 1}}


def test_what_is_stored_is_what_was_counted():
    found = counted(an_event(), a_moderator())
    found.received, found.waiting = 3, Waiting(1, 5.0, 9.0)
    assert Figures.from_json(found.as_json()) == found


def test_days_add_up():
    total = counted(an_event(), a_moderator())
    total.add(counted(an_event(), a_moderator(by="bob")))
    assert total == counted(an_event(), an_event(), a_moderator(), a_moderator(by="bob"))


def test_times_of_nothing_are_none():
    assert quantile(Counter(), 0.5) is None


@given(st.lists(st.integers(0, len(BOUNDS)), min_size=1), st.floats(0.01, 1))
def test_a_quantile_lies_where_the_counts_are(bounds: list[int], share: float):
    found = quantile(Counter(bounds), share)
    assert found is not None
    low = BOUNDS[min(bounds) - 1] if min(bounds) else 0.0
    assert min(low, BOUNDS[-1]) <= found <= BOUNDS[min(max(bounds), len(BOUNDS) - 1)]


@given(st.lists(st.integers(0, len(BOUNDS)), min_size=1))
def test_later_quantiles_are_no_sooner(bounds: list[int]):
    counts = Counter(bounds)
    found = [quantile(counts, share) or 0 for share in (0.1, 0.5, 0.95, 1.0)]
    assert found == sorted(found)
