"""Policies survive storage and describe themselves."""

import json
from dataclasses import fields, is_dataclass

import pytest

from service.domain.policy import Action, LinksPolicy, Mode, Policy, WordsPolicy


def settings(policy):
    for item in fields(policy):
        value = getattr(policy, item.name)
        if is_dataclass(value):
            yield from settings(value)
        else:
            yield item, value


def test_a_policy_survives_storage():
    policy = Policy(
        mode=Mode.PREMODERATED,
        links=LinksPolicy(blocked_domains=("evil.com",), disguised=Action.REJECT),
        words=WordsPolicy(hold=("viagra",)),
    )
    assert Policy.from_json(json.loads(json.dumps(policy.as_json()))) == policy


def test_settings_added_since_a_policy_was_stored_get_their_defaults():
    assert Policy.from_json({}) == Policy()
    assert Policy.from_json({"links": {"hold_above": 7}}).links == LinksPolicy(hold_above=7)


def test_settings_that_are_no_more_are_passed_over():
    assert Policy.from_json({"astrology": {"on": True}}) == Policy()


def test_every_setting_says_what_it_means():
    for item, _ in settings(Policy()):
        assert item.metadata["meaning"].endswith("."), item.name


@pytest.mark.parametrize("pair", list(settings(Policy())), ids=lambda pair: pair[0].name)
def test_every_default_lies_within_its_bounds(pair):
    item, value = pair
    low, high = item.metadata["low"], item.metadata["high"]
    value = len(value) if type(value) is str else value
    assert low is None or low <= value
    assert high is None or value <= high


def test_policies_cannot_be_changed():
    with pytest.raises(AttributeError):
        Policy().mode = Mode.CLOSED
