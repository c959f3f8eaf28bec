"""Identifiers and keyed hashes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.ids import (
    address_hash,
    email_hash,
    first_id_of,
    id_after,
    keyed_hash,
    network_of,
    new_id,
    subkey,
)

SECRET = "s" * 40
DAY = date(2026, 3, 1)


def test_ids_sort_by_age() -> None:
    ids = [new_id() for _ in range(1_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 1_000
    assert {one.version for one in ids} == {7}


def test_an_id_sorts_after_one_of_a_clock_that_is_ahead() -> None:
    last = first_id_of(datetime.now(UTC) + timedelta(hours=1))
    following = id_after(last)
    assert following > last
    assert id_after(following) > following
    assert following.version == 7
    assert following.variant == new_id().variant


def test_after_an_older_one_it_is_an_id_of_now() -> None:
    now = new_id()
    assert now < id_after(first_id_of(datetime.now(UTC) - timedelta(hours=1))) < id_after(None)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_an_address_stands_for_what_its_reader_cannot_change(address: str, network: str) -> None:
    assert network_of(address) == network


def test_an_address_is_another_one_the_next_day() -> None:
    today = address_hash(SECRET, "203.0.113.9", DAY)
    assert today == address_hash(SECRET, "203.0.113.9", DAY)
    assert today != address_hash(SECRET, "203.0.113.9", date(2026, 3, 2))
    assert today != address_hash("t" * 40, "203.0.113.9", DAY)
    assert "203" not in today


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert subkey(SECRET, "a") != subkey(SECRET, "b")
    assert keyed_hash(SECRET, "a", "x") != keyed_hash(SECRET, "b", "x")


def test_an_email_is_the_same_however_it_is_written() -> None:
    assert email_hash(SECRET, " Ann@Example.org ") == email_hash(SECRET, "ann@example.org")
