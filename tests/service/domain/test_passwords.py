"""Which passwords are good enough, and how they are kept."""

import threading
import time

import argon2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain import passwords
from service.domain.passwords import (
    hash_password,
    is_password,
    needs_rehash,
    new_password,
    normalise_password,
)
from service.domain.wording import Unacceptable

ABOUT = "ann.miller@lighthouse-mail.example"
GUESSED_FIRST = [
    "password1234", "Password2026!", "P@ssw0rd!P@ssw0rd!", "passwordpassword", "qwertyuiop123",
    "QWERTZuiop2025", "123456789012", "111111111111", "abcabcabcabc", "aaaaaaaaaaaaaaaaaaaa",
    "letmeinletmein", "iloveyou1234567", "Summer2026!!!", "correct horse battery staple",
    "correcthorsebatterystaple", "afterword-admin", "moderator 2026", "ann.miller@lighthouse-mail",
    "Lighthouse2026", "millermiller!1", "administrator1", "1q1q1q1q1q1q1q", "zxcvbnmasdfghjkl",
    "2026-11-26 2026", "............", "            ", "newsroom-editor-99", "!!!!secret!!!!2024",
]  # fmt: skip
GOOD = [
    "heron kettle gravel plum", "tannin-ovals-93-rugby", "Xk7#vTq9mLpw", "mjqhdkwpzrtb",
    "Der Dackel frisst Klinker", "我喜欢在海边散步看日落吃冰淇淋", "пароход уплыл на север вчера",
    "password heron kettle gravel",
]  # fmt: skip


@pytest.mark.parametrize("password", GUESSED_FIRST)
def test_what_everybody_would_try_is_refused(password: str) -> None:
    with pytest.raises(Unacceptable, match="first guesses"):
        new_password(password, about=ABOUT)


@pytest.mark.parametrize("password", GOOD)
def test_other_passwords_are_taken_whatever_they_are_made_of(password: str) -> None:
    assert new_password(password, about=ABOUT) == password


@pytest.mark.parametrize(("length", "told"), [(11, "at least 12"), (257, "at most 256")])
def test_the_length_has_bounds(length: int, told: str) -> None:
    with pytest.raises(Unacceptable, match=told):
        new_password(("heron kettle gravel plum " * 20)[:length], about=ABOUT)


@pytest.mark.parametrize("length", [12, 256])
def test_the_bounds_themselves_are_allowed(length: int) -> None:
    password = ("heron kettle gravel plum " * 20)[:length]
    assert len(new_password(password, about=ABOUT)) == length


def test_a_password_is_itself_however_a_keyboard_composes_it() -> None:
    hashed = hash_password(normalise_password("Bäckerei am Fluss"))
    assert is_password(hashed, "Ba\u0308ckerei am Fluss")
    assert not is_password(hashed, "Backerei am Fluss")


def test_it_is_kept_as_argon2id_with_a_salt_of_its_own() -> None:
    first, second = hash_password("heron kettle gravel"), hash_password("heron kettle gravel")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not needs_rehash(first)


def test_a_cheaper_hash_of_before_is_still_good_and_to_be_made_anew() -> None:
    before = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    hashed = before.hash("heron kettle gravel")
    assert is_password(hashed, "heron kettle gravel")
    assert needs_rehash(hashed)


def test_nobody_gets_in_without_a_hash_or_with_a_broken_one() -> None:
    assert not is_password(None, "nobody's")
    assert not is_password("", "nobody's")
    assert not is_password("not a hash", "heron kettle gravel")


def test_who_is_unknown_costs_what_others_cost() -> None:
    assert not needs_rehash(passwords.NOBODYS)
    assert passwords.HASHER.verify(passwords.NOBODYS, "nobody's")


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=600))
def test_any_text_is_answered(text: str) -> None:
    assert not is_password(passwords.NOBODYS, "not " + text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_is_taken_or_refused_in_words(text: str, about: str) -> None:
    try:
        password = new_password(text, about=about)
    except Unacceptable:
        return
    assert passwords.SHORTEST <= len(password) <= passwords.LONGEST


def test_a_longer_password_is_not_cut_to_one_that_is_good() -> None:
    longest = ("heron kettle gravel plum " * 20)[: passwords.LONGEST]
    hashed = hash_password(longest)
    assert is_password(hashed, longest)
    assert not is_password(hashed, longest + "x")


def test_two_are_hashed_at_once_and_no_more() -> None:
    with passwords.AT_ONCE, passwords.AT_ONCE:
        waiting = threading.Thread(target=hash_password, args=("heron kettle gravel",))
        waiting.start()
        time.sleep(0.2)
        assert waiting.is_alive()
    waiting.join(timeout=20)
    assert not waiting.is_alive()
