"""A thread's own mode goes before the site's; age closes, a raid has every comment read first."""

from datetime import timedelta

import pytest

from service.domain.modes import in_force
from service.domain.policy import Mode, Policy

DAY = timedelta(days=1)
A_WEEK = Policy(close_after_days=7)


@pytest.mark.parametrize(
    ("own", "policy", "age", "is_raided", "expected"),
    [
        (None, Policy(), None, False, Mode.OPEN),
        (None, Policy(mode=Mode.PREMODERATED), None, False, Mode.PREMODERATED),
        ("open", Policy(mode=Mode.CLOSED), None, False, Mode.OPEN),
        (None, A_WEEK, 7 * DAY, False, Mode.CLOSED),
        (None, A_WEEK, 7 * DAY - timedelta(seconds=1), False, Mode.OPEN),
        (None, A_WEEK, 7 * DAY, True, Mode.CLOSED),
        ("open", A_WEEK, 700 * DAY, False, Mode.OPEN),
        ("premoderated", A_WEEK, 700 * DAY, False, Mode.PREMODERATED),
        (None, Policy(), 700 * DAY, False, Mode.OPEN),
        (None, Policy(), None, True, Mode.PREMODERATED),
        ("open", Policy(), None, True, Mode.PREMODERATED),
        ("closed", Policy(), None, True, Mode.CLOSED),
    ],
)
def test_which_mode_is_in_force(own, policy, age, is_raided, expected):
    assert in_force(own, policy, age=age, is_raided=is_raided) is expected
