"""What pages say that need no script, in the languages of the widget and out of its catalogue."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

ENGLISH = "en"
MESSAGES: Mapping[str, Mapping[str, Any]] = {
    path.stem: json.loads(path.read_bytes())
    for path in (Path(__file__).parent / "src" / "messages").glob("*.json")
}
RIGHT_TO_LEFT = {"ar"}


def _only_one(n: int) -> str:
    return "one" if n == 1 else "other"


def _spanish(n: int) -> str:
    return "many" if n and n % 1_000_000 == 0 else _only_one(n)


def _french(n: int) -> str:
    return "one" if n == 0 else _spanish(n)


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    rest = n % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


# The rules of the Unicode CLDR for whole numbers, as browsers have them in Intl.PluralRules.
PLURALS: Mapping[str, Callable[[int], str]] = {
    "en": _only_one,
    "de": _only_one,
    "fr": _french,
    "es": _spanish,
    "ja": lambda _: "other",
    "ar": _arabic,
}
# What stands between thousands, and from which number on.
GROUPS = {
    "en": (",", 1_000),
    "de": (".", 1_000),
    "fr": ("\u202f", 1_000),
    "es": (".", 10_000),
    "ja": (",", 1_000),
    "ar": (",", 1_000),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Messages in one language; what is filled in is escaped."""

    language: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    def say(self, message: str, *, n: int = 0, name: str | Markup = "") -> Markup:
        """`n` chooses among the forms of a message that counts."""
        text = MESSAGES[self.language][message]
        if not isinstance(text, str):
            text = text.get(PLURALS[self.language](abs(n)), text["other"])
        return escape(text).format(n=self.number(n), name=name)

    def refusal(self, text: str, code: str) -> str:
        """In this language, if it is one that readers meet."""
        if self.language == ENGLISH:
            return text
        said: str = MESSAGES[self.language]["refusals"].get(code, text)
        return said

    def number(self, n: int) -> str:
        separator, since = GROUPS[self.language]
        return f"{n:,}".replace(",", separator) if abs(n) >= since else str(n)


def words_of(tag: str) -> Words:
    """Of a tag such as de-AT. A language that is not known here is answered in English."""
    language = tag.lower().partition("-")[0]
    return Words(language if language in MESSAGES else ENGLISH)
