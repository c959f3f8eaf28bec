"""Trials: what rules that are only proposed would have done to past comments, drawn as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response

from service.actions import replaying
from service.actions.errors import PolicyMoved
from service.api import access
from service.api.database import db
from service.api.replays import FAILED, compared
from service.desk import rules
from service.desk.showing import back, show
from service.domain.policy_fields import differences
from service.domain.replay import UNFINISHED, Comparison, Stage
from service.domain.roles import POLICY, READ
from service.domain.states import State

OUTCOMES = (State.APPROVED, State.HELD, State.REJECTED, State.SPAM)
DARKEST = 4  # shades of a cell


@dataclass(frozen=True, slots=True)
class Cell:
    then: State
    now: State
    count: int
    shade: int  # from 0, by its share of all that came to this row

    @property
    def is_change(self) -> bool:
        return self.then is not self.now and self.count > 0


def show_trial(site: str, id: UUID) -> Response:
    record = access.moderated_site(site, READ)
    trial = rules.trial_of(record, id)
    found = Comparison.from_json(trial.result) if trial.result else Comparison()
    return show(
        "desk/trial.html",
        site=record,
        trial=trial,
        is_going=trial.stage in UNFINISHED,
        has_failed=trial.stage == Stage.FAILED,
        failed=FAILED,
        proposed=differences(record.policy.as_json(), trial.settings),
        has_moved=record.policy_version != trial.policy_version,
        table=table(found.outcomes()),
        outcomes=OUTCOMES,
        result=compared(found),
        may_change=access.holder().may(POLICY, record.id),
    )


def table(outcomes: Mapping[str, Mapping[str, int]]) -> list[tuple[State, list[Cell]]]:
    """From which outcome to which, the row for what it was then."""
    rows = []
    for then in OUTCOMES:
        ends = outcomes.get(then, {})
        all_of_row = sum(ends.values()) or 1
        rows.append((then, [_cell(then, now, ends.get(now, 0), all_of_row) for now in OUTCOMES]))
    return rows


def _cell(then: State, now: State, count: int, all_of_row: int) -> Cell:
    share = count / all_of_row
    return Cell(then, now, count, 0 if not count else 1 + min(DARKEST - 1, int(share * DARKEST)))


def adopt_trial(site: str, id: UUID) -> Response:
    """Put the rules that were tried in force, unless others were meanwhile."""
    record = access.moderated_site(site, POLICY)
    trial = rules.trial_of(record, id)
    settings: dict[str, Any] = trial.settings
    try:
        version = rules.adopt(record, settings, seen=trial.policy_version)
    except PolicyMoved:
        notice = (
            "Not adopted: the rules were changed since this trial began. Below is what adopting"
            " would change now. To go on, change them further and try again."
        )
        return back(f"/desk/rules/{site}/trials/{id}", notice=notice)
    return back(f"/desk/rules/{site}", notice=f"Version {version} of the rules is in force.")


def cancel_trial(site: str, id: UUID) -> Response:
    record = access.moderated_site(site, POLICY)
    rules.trial_of(record, id)
    replaying.cancel(db.session(), id, sites=[record.id])
    return back(f"/desk/rules/{site}/trials/{id}", notice="The trial was cancelled.")
