"""What pages without script say, in six languages."""

import pytest
from markupsafe import Markup

from service.actions import errors
from service.api.problem_types import PROBLEMS
from service.api.problems import OF_FIELD
from service.domain.wording import MAX_BODY, MAX_NAME, Unacceptable, normalise_body, normalise_name
from service.embed.words import MESSAGES, PLURALS, Words, words_of

# As browsers choose: Intl.PluralRules of 0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111, 1000000.
CHOSEN = {
    "en": "other one other other other other other other other other other other",
    "de": "other one other other other other other other other other other other",
    "fr": "one one other other other other other other other other other many",
    "es": "other one other other other other other other other other other many",
    "ja": "other other other other other other other other other other other other",
    "ar": "zero one two few few many many other other few many other",
}
NUMBERS = (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111, 1_000_000)


@pytest.mark.parametrize("language", CHOSEN)
def test_numbers_choose_the_form_that_browsers_choose(language: str) -> None:
    assert [PLURALS[language](n) for n in NUMBERS] == CHOSEN[language].split()


def test_every_language_is_known() -> None:
    assert set(MESSAGES) == set(PLURALS) == set(CHOSEN)
    assert [words_of(tag).language for tag in ("de-AT", "AR", "pt", "", "x" * 35)] == [
        "de", "ar", "en", "en", "en",
    ]  # fmt: skip
    assert [words_of(tag).direction for tag in ("ar", "ja")] == ["rtl", "ltr"]


def test_numbers_are_written_as_usual() -> None:
    written = {language: Words(language).number(1234) for language in CHOSEN}
    assert written == {
        "en": "1,234", "de": "1.234", "fr": "1\u202f234", "es": "1234",
        "ja": "1,234", "ar": "1,234",
    }  # fmt: skip
    assert Words("es").number(-12345) == "-12.345"
    assert Words("de").say("comments", n=1) == "1 Kommentar"
    assert Words("de").say("votes", n=-1) == "-1 Stimme"


def test_what_is_filled_in_is_escaped_once() -> None:
    assert Words("en").say("replyTo", name="<b>{name}") == "Reply to &lt;b&gt;{name}"
    name = Markup("<bdi>Ann</bdi>")
    assert Words("fr").say("yourReply", name=name) == "Votre réponse à <bdi>Ann</bdi>"


# Texts that are refused, each for another reason.
BODIES = ("", "x" * (MAX_BODY + 1), "a\x00")
NAMES = ("...", "x" * (MAX_NAME + 1), "A\u202enn", "𝐀𝐧𝐧", "Аnn")


def codes_of_texts() -> set[str]:
    found = set()
    for normalise, texts in ((normalise_body, BODIES), (normalise_name, NAMES)):
        for text in texts:
            with pytest.raises(Unacceptable) as refused:
                normalise(text)
            found.add(refused.value.said.code)  # type: ignore[union-attr]
    assert len(found) == len(BODIES) + len(NAMES)
    return found


def test_every_language_says_what_readers_are_refused_for() -> None:
    of_actions = {refused.code for refused in errors.Refused.__subclasses__() if refused.code}
    of_publishers = {"foreign-page"}  # readers can do nothing about it
    needed = codes_of_texts() | (of_actions - of_publishers) | set(OF_FIELD.values())
    for language in set(CHOSEN) - {"en"}:
        told = set(MESSAGES[language]["refusals"])
        assert needed <= told
        assert told - needed <= set(PROBLEMS)
    assert MESSAGES["en"]["refusals"] == {}  # the service's own words


def test_a_refusal_that_has_no_translation_stays_as_it_is() -> None:
    assert Words("de").refusal("Something new.", "something-new") == "Something new."
    assert Words("de").refusal("…", "thread-closed").startswith("Die Kommentare")
    assert Words("en").refusal("Closed.", "thread-closed") == "Closed."
