"""How somebody stands follows from the history of what was decided about them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from service.domain.standings import (
    Entry,
    Kind,
    Standing,
    in_force,
    in_force_now,
    of_author,
    of_email,
)

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def entry(number: int, standing: Standing, *, lasts: timedelta | None = None) -> Entry:
    since = START + number * DAY
    return Entry(
        of_email("abc"), number, standing, since, since + lasts if lasts else None, None, "ann"
    )


def test_nothing_is_in_force_before_the_first_entry():
    assert in_force([], START) is None
    assert in_force([entry(1, Standing.WATCHED)], START) is None


def test_the_newest_entry_counts():
    watched, banned = entry(1, Standing.WATCHED), entry(2, Standing.BANNED)
    assert in_force([watched, banned], START + DAY) == watched
    assert in_force([watched, banned], START + 2 * DAY) == banned
    assert in_force([watched, banned, entry(3, Standing.NONE)], START + 3 * DAY) is None


def test_the_newest_entry_counts_now_also_where_the_clock_was_set_back():
    watched, muted = entry(1, Standing.WATCHED), entry(2, Standing.MUTED, lasts=DAY)
    assert in_force_now([watched, muted], START + DAY) == muted
    assert in_force_now([watched, muted], START + 3 * DAY) is None
    assert in_force_now([muted, entry(3, Standing.NONE)], START + DAY) is None
    assert in_force_now([], START) is None


def test_what_has_expired_is_over_and_brings_nothing_back():
    watched, muted = entry(1, Standing.WATCHED), entry(2, Standing.MUTED, lasts=DAY)
    assert in_force([watched, muted], START + 2.9 * DAY) == muted
    assert in_force([watched, muted], START + 3 * DAY) is None


def test_a_subject_says_of_what_kind_it_is():
    assert entry(1, Standing.WATCHED).kind is Kind.EMAIL
    assert of_author(UUID(int=1)) == "author:00000000-0000-0000-0000-000000000001"
