"""Settings by path: nothing is lost on the way, and differences name what changed."""

import json

from service.domain.policy import FloodPolicy, Policy, WordsPolicy
from service.domain.policy_fields import FIELDS, differences, flat, nested


def test_a_policy_survives_being_flattened():
    policy = Policy(words=WordsPolicy(hold=("viagra", "casino")))
    stored = json.loads(json.dumps(policy.as_json()))
    assert Policy.from_json(nested(flat(stored))) == Policy.from_json(stored)


def test_the_defaults_are_those_of_the_policy():
    assert {path: field.default for path, field in FIELDS.items()} == flat(Policy().as_json())
    assert flat({}) == flat(Policy().as_json())


def test_every_setting_has_its_path():
    assert FIELDS["flood.window_minutes"].section == "flood"
    assert FIELDS["mode"].choices == ["open", "premoderated", "closed"]
    assert FIELDS["decisions.reasons"].columns == ["code", "label", "message"]


def test_nothing_differs_from_itself():
    assert differences({}, Policy().as_json()) == []


def test_differences_say_what_was_before_and_after():
    after = Policy(flood=FloodPolicy(per_author=3), words=WordsPolicy(hold=("b", "c"))).as_json()
    before = Policy(words=WordsPolicy(hold=("a", "b"))).as_json()
    words, flood = differences(before, after)
    assert (words.field.path, words.added, words.removed) == ("words.hold", ["c"], ["a"])
    assert (flood.field.path, flood.before, flood.after) == ("flood.per_author", 5, 3)
