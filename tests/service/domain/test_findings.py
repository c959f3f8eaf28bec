"""Findings decide together, and the worst decides."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.findings import SEVERITY, Finding, Span, Verdict, outcome, worst
from service.domain.states import State

FINDINGS = st.lists(
    st.builds(Finding, st.just("check"), st.sampled_from(Verdict), is_spam=st.booleans()),
    max_size=8,
)
MILDEST_FIRST = {State.APPROVED: 0, State.HELD: 1, State.REJECTED: 2, State.SPAM: 3}


def test_what_was_not_checked_is_held():
    assert outcome([]) is State.HELD


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ([Finding("a")], State.APPROVED),
        ([Finding("a"), Finding("b", Verdict.HOLD)], State.HELD),
        ([Finding("a", Verdict.HOLD), Finding("b", Verdict.REJECT)], State.REJECTED),
        ([Finding("a", Verdict.REJECT), Finding("b", Verdict.REJECT, is_spam=True)], State.SPAM),
        ([Finding("a", Verdict.HOLD, is_spam=True), Finding("b", Verdict.REJECT)], State.REJECTED),
    ],
)
def test_the_worst_verdict_decides(verdicts, state):
    assert outcome(verdicts) is state


@given(FINDINGS.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_the_order_of_findings_changes_nothing(pair):
    found, shuffled = pair
    assert outcome(found) is outcome(shuffled)


@given(FINDINGS.filter(bool), st.sampled_from(Verdict), st.booleans())
def test_one_more_finding_never_makes_the_outcome_milder(found, verdict, is_spam):
    more = [*found, Finding("more", verdict, is_spam=is_spam)]
    assert SEVERITY[worst(more)] >= SEVERITY[worst(found)]
    assert MILDEST_FIRST[outcome(more)] >= MILDEST_FIRST[outcome(found)]


def test_a_finding_is_stored_as_json():
    stored = json.loads(
        json.dumps(Finding("links", Verdict.HOLD, "Why.", (Span(1, 3),), 0.5).as_json())
    )
    assert stored == {
        "check": "links",
        "verdict": "hold",
        "reason": "Why.",
        "spans": [{"start": 1, "end": 3}],
        "score": 0.5,
        "version": 1,
        "is_spam": False,
    }
