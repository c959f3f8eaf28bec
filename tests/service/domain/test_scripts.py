"""In which script a text is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.scripts import Script, script_of


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("An ordinary comment.", Script.LATIN),
        ("Übergrößenträger, naïve", Script.LATIN),
        ("Это комментарий про YouTube", Script.CYRILLIC),
        ("Αυτό είναι", Script.GREEK),
        ("هذا تعليق", Script.ARABIC),
        ("זו תגובה", Script.HEBREW),
        ("यह टिप्पणी है", Script.DEVANAGARI),
        ("ความคิดเห็น", Script.THAI),
        ("这是一条评论", Script.HAN),
        ("これは東京の話です", Script.JAPANESE),
        ("댓글입니다", Script.KOREAN),
        ("ეს არის კომენტარი", Script.OTHER),
        ("12 + 30 = 42!!! 🙂", Script.NONE),
        ("", Script.NONE),
    ],
)
def test_the_script_of_a_text(text, script):
    assert script_of(text) is script


@given(st.text())
def test_every_text_has_one(text):
    assert script_of(text) in Script
