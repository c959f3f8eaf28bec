"""The rules of a site as pages: changing, trying, adopting, going back."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.config import Settings
from service.desk import rule_forms
from service.domain.policy import Policy
from service.domain.policy_fields import FIELDS
from tests.factories import a_text, post
from tests.service.desk.visiting import Visitor, sign_in
from workers import replaying
from workers.checks.links import check_links

RULES = "/desk/rules/news"


def filled(**changes: str) -> dict[str, str]:
    """The form as it stands, with changes by path: flood__per_author="3"."""
    sent = rule_forms.texts(Policy().as_json()) | {"seen": "1", "act": "adopt", "days": "7"}
    return sent | {path.replace("__", "."): text for path, text in changes.items()}


def test_the_form_shows_every_setting(desk: Visitor):
    page = desk.get(RULES).text
    assert [path for path in FIELDS if f'name="{path}"' not in page] == []
    assert "Version 1" in page


def test_one_site_is_not_asked_for(desk: Visitor):
    assert desk.get("/desk/rules").location == RULES


@pytest.mark.parametrize("path", FIELDS)
def test_what_the_form_shows_is_what_it_takes(path: str):
    texts = rule_forms.texts(Policy().as_json())
    read = rule_forms.read(texts)
    assert read.errors == {}
    assert read.settings == Policy().as_json()


def test_a_change_is_a_new_version(desk: Visitor):
    sent = filled(flood__per_author="3", words__hold="viagra\r\n\r\ncasino\r\n")
    answer = desk.send(RULES, **sent)
    assert answer.location == RULES
    page = desk.get(RULES).text
    assert "Version 2 of the rules is in force." in page
    assert "viagra\ncasino" in page
    history = desk.get(f"{RULES}/history").text
    assert "flood.per_author" in history
    assert "<del>5</del> → <ins>3</ins>" in history
    assert "<ins>viagra</ins>" in history


def test_nothing_typed_is_lost_when_something_is_wrong(desk: Visitor):
    wrong = filled(
        flood__per_author="none",
        links__hold_above="1000",
        words__hold="fine\n" + 201 * "x",
        spam__rejected_good="0.01",
        decisions__reasons="Bad code | Label | Text",
    )
    answer = desk.send(RULES, **wrong)
    assert answer.status_code == 422
    assert 'value="none"' in answer.text
    assert "Give a whole number." in answer.text
    assert "Line 2: Length must be between 1 and 200." in answer.text
    assert "Must be greater than or equal to 0 and less than or equal to 100." in answer.text
    assert "Bad code | Label | Text" in answer.text
    assert answer.text.count("aria-invalid") == 4
    assert 'value="0.01"' in answer.text
    assert "Version 1" in desk.get(RULES).text


def test_who_was_slower_is_told_and_keeps_what_they_wrote(desk: Visitor):
    desk.send(RULES, **filled(flood__per_author="3"))
    answer = desk.send(RULES, **filled(flood__per_author="4"))
    assert answer.status_code == 409
    assert "version 2 is in force now" in answer.text
    assert 'value="4"' in answer.text
    assert 'name="seen" value="2"' in answer.text


def test_nothing_changed_is_no_version(desk: Visitor):
    desk.send(RULES, **filled())
    assert "nothing changed" in desk.get(RULES).text


def test_try_see_adopt_and_go_back(
    desk: Visitor, client: FlaskClient, session: Session, settings: Settings, judge
):
    post(client, body=a_text(1) + " https://shop.example/offer")
    post(client, body=a_text(2))
    judge((check_links,))
    trial = desk.send(RULES, **filled(act="try", links__hold_above="0")).location
    page = desk.get(trial).text
    assert "It waits for a worker." in page
    session.rollback()
    replaying.replay(session, settings, (check_links,))
    page = desk.get(trial).text
    assert "1 of 2 comments would fare otherwise" in page
    assert 'href="#approved-held"' in page
    assert "https://shop.example/offer" in page
    assert "<del>2</del> → <ins>0</ins>" in page
    assert f'href="{RULES}?trial=' in page
    further = desk.get(RULES, trial=trial.rpartition("/")[2]).text
    assert re.search(r'name="links.hold_above"[^>]* value="0"', further)
    assert desk.send(f"{trial}/adopt").location == RULES
    assert "Version 2" in desk.get(RULES).text
    version = desk.get(f"{RULES}/history/1").text
    assert "Go back to version 1" in version
    desk.send(f"{RULES}/roll-back", version="1", seen="2")
    history = desk.get(f"{RULES}/history").text
    assert "in force again, as version 3" in history
    assert re.search(r"Version 3</a> <span class=\"soft\">in force", history)


def test_a_trial_of_old_rules_is_not_adopted(desk: Visitor):
    trial = desk.send(RULES, **filled(act="try", links__hold_above="0")).location
    desk.send(RULES, **filled(flood__per_author="3"))
    assert desk.send(f"{trial}/adopt").location == trial
    page = desk.get(trial).text
    assert "Not adopted" in page
    assert "Adopt</button>" not in page


def test_a_trial_can_be_cancelled(desk: Visitor):
    trial = desk.send(RULES, **filled(act="try")).location
    desk.send(f"{trial}/cancel")
    assert "It was cancelled" in desk.get(trial).text


def test_going_back_to_nowhere(desk: Visitor):
    assert desk.get(f"{RULES}/history/7").status_code == 404
    assert desk.send(f"{RULES}/roll-back", version="7", seen="1").status_code == 404


def test_only_editors_change_rules(app: Flask, session: Session, news: str):
    moderator = sign_in(Visitor(app.test_client()), session, scope="decide", name="m")
    page = moderator.get(RULES).text
    assert "Put in force" not in page
    assert moderator.send(RULES, **filled(flood__per_author="3")).status_code == 403
    assert moderator.send(f"{RULES}/roll-back", version="1", seen="1").status_code == 403


def test_hostile_words_stay_words(desk: Visitor):
    hostile = '"><script>alert(1)</script>'
    desk.send(RULES, **filled(words__hold=hostile))
    for page in (RULES, f"{RULES}/history", f"{RULES}/history/2"):
        assert "<script>alert" not in desk.get(page).text
