"""The widget that article pages load: made of what is written, small, and in six languages."""

import re

import deflate
import pytest

from tests.rules.sources import ROOT, ours, text
from tests.tools.make_widget import MESSAGE, SCRIPTS, SOURCES, TARGETS, made, messages

# Bytes, compressed, style and English included.
LARGEST = {"comments.js": 10_000, "count.js": 2_000}
LANGUAGES = ("de", "fr", "es", "ja", "ar")
PLURALS = {  # the forms that the Unicode CLDR gives whole numbers
    "en": {"one", "other"},
    "de": {"one", "other"},
    "fr": {"one", "many", "other"},
    "es": {"one", "many", "other"},
    "ja": {"other"},
    "ar": {"zero", "one", "two", "few", "many", "other"},
}
EMBED = SOURCES.parent.relative_to(ROOT)
MODULES = [path for path in ours(".js") if (ROOT / path).is_relative_to(SOURCES)]


def test_what_is_served_is_made_of_what_is_written():
    old = [name for name, content in made() if (TARGETS / name).read_text("utf-8") != content]
    assert not old, f"{old} are old. Run: python -m tests.tools.make_widget"


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_style_and_texts_are_small_together(name):
    size = len(deflate.gzip_compress((TARGETS / name).read_bytes(), 12))  # as it is served
    assert size <= LARGEST[name], f"{size:,} bytes compressed"


def test_a_name_means_one_thing_in_all_modules():
    """They are put into one scope; what is defined twice there would be a syntax error."""
    defined = [
        name
        for path in MODULES
        for name in re.findall(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)",
                               text(path), re.MULTILINE)
    ]  # fmt: skip
    assert {name for name in defined if defined.count(name) > 1} == set()


def test_every_message_is_used_and_none_is_missing():
    used = {name for path in MODULES for name in MESSAGE.findall(text(path))}
    pages = "".join(text(path) for path in ours(".html", ".py") if path.is_relative_to(EMBED))
    on_pages = {name for name in messages("en") if f'"{name}"' in pages}
    assert used | on_pages == set(messages("en"))
    said = set(re.findall(r'\bsay\("(\w+)"', pages))
    assert said <= set(messages("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_says_everything_with_the_same_gaps(language):
    english, other = messages("en"), messages(language)
    assert set(other) == set(english)
    for name, said in english.items():
        if name == "refusals":
            continue
        assert _gaps(other[name]) == _gaps(said), name


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
def test_each_language_has_its_own_forms_for_numbers(language):
    counted = {
        name: said
        for name, said in messages(language).items()
        if isinstance(said, dict) and name != "refusals"
    }
    assert counted
    for name, said in counted.items():
        assert set(said) <= PLURALS[language], name
        assert PLURALS[language] - {"many"} <= set(said) or language == "ar", name
        if language == "ar":
            assert PLURALS["ar"] - {"zero"} <= set(said), name


def _gaps(said) -> set[str]:
    """Of a counted message those of its general form: 'one' may do without the number."""
    return set(re.findall(r"\{\w+\}", said["other"] if isinstance(said, dict) else said))
