"""Comparing what was decided then with what would be decided now."""

import json
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.findings import Finding, Verdict
from service.domain.replay import MOST_EXAMPLES, Compared, Comparison
from service.domain.states import State

A, H, R, S = State.APPROVED, State.HELD, State.REJECTED, State.SPAM
FINDINGS = {
    A: Finding("links"),
    H: Finding("links", Verdict.HOLD, "Many links."),
    R: Finding("words", Verdict.REJECT, "A word."),
    S: Finding("form", Verdict.REJECT, "A robot.", is_spam=True),
}
OUTCOMES = st.sampled_from([A, H, R, S])
DECIDED = st.sampled_from([A, R, S, None])
FLAGS = st.lists(st.sampled_from(["links", "words"]), unique=True)
ROWS = st.lists(st.tuples(OUTCOMES, OUTCOMES, DECIDED, FLAGS), max_size=40)


def compared(then, now, moderator=None, flags=(), revision: UUID | None = None) -> Compared:
    return Compared(
        revision=revision or uuid4(), comment=uuid4(), then=then, flags=flags,
        moderator=moderator, findings=[FINDINGS[now]],
    )  # fmt: skip


def comparison(*rows) -> Comparison:
    found = Comparison()
    for row in rows:
        found.note(row if isinstance(row, Compared) else compared(*row))
    return found


def test_outcomes_are_counted_then_and_now():
    found = comparison((A, A), (A, H), (H, A), (H, A), (S, S))
    assert found.outcomes() == {
        "approved": {"approved": 1, "held": 1}, "held": {"approved": 2}, "spam": {"spam": 1},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("now", "moderator", "name"),
    [
        (A, A, "would_agree"),
        (R, S, "would_agree"),
        (S, R, "would_agree"),
        (A, R, "would_approve_refused"),
        (A, S, "would_approve_refused"),
        (R, A, "would_refuse_approved"),
        (S, A, "would_refuse_approved"),
        (H, A, "would_hold"),
        (H, R, "would_hold"),
    ],
)
def test_screening_alone_is_held_against_the_moderator(now, moderator, name):
    against = comparison((H, now, moderator)).against_moderators()
    assert (against["decided"], against[name]) == (1, 1)
    assert against["no_longer_needed"] == (now is not H)


def test_without_a_moderator_there_is_nothing_to_agree_with():
    assert comparison((H, A), (A, S)).against_moderators() == {}


def test_hits_of_a_check_are_counted_and_those_that_were_overturned():
    found = comparison((H, H, A, ["links"]), (H, A, R, ["links"]), (A, H, A), (A, H))
    assert found.checks["links"] == {
        "then": 2, "then_overturned": 1, "now": 3, "now_overturned": 2,
    }  # fmt: skip


def test_only_changes_have_examples_and_these_without_what_passed():
    changed = compared(A, H)
    found = comparison((A, A), changed)
    [(cell, count, [example])] = found.changes()
    assert (cell.then, cell.now, count) == (A, H, 1)
    assert example["revision"] == str(changed.revision)
    assert [one["check"] for one in example["now"]] == ["links"]
    assert comparison((H, A)).examples[next(iter(comparison((H, A)).counts))][0]["now"] == []


def test_the_newest_examples_of_each_change_are_kept():
    ids = [UUID(int=number) for number in range(30)]
    found = comparison(*(compared(A, H, revision=one) for one in ids[::2]))
    found.add(comparison(*(compared(A, H, revision=one) for one in ids[1::2])))
    [(_, count, examples)] = found.changes()
    assert count == 30
    assert [one["revision"] for one in examples] == [str(one) for one in ids[:-11:-1]]
    assert len(examples) == MOST_EXAMPLES


@given(ROWS, ROWS)
def test_pieces_add_up_to_the_whole_and_survive_being_stored(first, second):
    rows = [compared(*row) for row in (*first, *second)]
    whole = comparison(*rows)
    parts = comparison(*rows[: len(first)])
    parts = Comparison.from_json(json.loads(json.dumps(parts.as_json())))
    parts.add(comparison(*rows[len(first) :]))
    assert parts.counts == whole.counts
    assert list(map(sorted_ids, parts.changes())) == list(map(sorted_ids, whole.changes()))
    assert {**parts.checks} == {**whole.checks}
    against = whole.against_moderators()
    kinds = ("would_agree", "would_approve_refused", "would_refuse_approved", "would_hold")
    assert sum(against[kind] for kind in kinds) == against["decided"]
    assert sum(sum(ends.values()) for ends in whole.outcomes().values()) == len(rows)


def sorted_ids(change):
    cell, count, examples = change
    return cell, count, [one["revision"] for one in examples]
