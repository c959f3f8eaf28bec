"""What readers may send as a text or a name, brought into one form."""

import re
import unicodedata

MAX_BODY = 20_000  # characters taken at all; what a site finds too long is its policy's matter
MAX_NAME = 60

# Readers cannot see these, so in a name they only serve to look like somebody else. The joiners
# U+200C and U+200D are kept: Persian, Hindi and emoji need them.
JOINERS = "\u200c\u200d"
BLANKS = (
    "\u2800\u3164\u115f\u1160\uffa0\u034f\ufe0f\ufe0e"  # drawn as nothing, though not called so
)
COSTUMES = ("<font>", "<circle>", "<square>")  # mathematical bold, circled and squared letters
SCRIPTS_THAT_MIX = ("LATIN", "CYRILLIC", "GREEK")


class Said(str):
    """A sentence for people, with a code by which programs know it in any language."""

    __slots__ = ("code",)
    code: str

    def __new__(cls, text: str, code: str) -> "Said":
        said = super().__new__(cls, text)
        said.code = code
        return said


class Unacceptable(ValueError):
    """Text that cannot be taken. The message is for its writer; the code, if any, for programs."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.said = Said(text, code) if code else text


def normalise_body(text: str) -> str:
    """NFC with plain line ends. Raises Unacceptable when nothing is left or too much is."""
    body = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not any(is_visible(letter) for letter in body):
        raise Unacceptable("Please write something.", "body-empty")
    if len(body) > MAX_BODY:
        raise Unacceptable(
            f"Please shorten your comment to {MAX_BODY:,} characters.", "body-too-long"
        )
    if "\x00" in body:
        raise Unacceptable(
            "The text has a character (U+0000) that cannot be stored.", "text-unstorable"
        )
    return body


def normalise_name(text: str) -> str:
    """NFC, single spaces. Raises Unacceptable for names that hide something or pose as another."""
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        raise Unacceptable("Please give a name with at least one letter or digit.", "name-empty")
    if len(name) > MAX_NAME:
        raise Unacceptable(f"Please shorten the name to {MAX_NAME} characters.", "name-too-long")
    if any(_is_hidden(letter) for letter in name):
        raise Unacceptable(
            "Please leave out invisible and control characters from the name.", "name-hidden"
        )
    if name.isascii():  # as most are: of one alphabet, in plain letters
        return name
    if any(_is_costume(letter) for letter in name):
        raise Unacceptable("Please write the name in plain letters.", "name-not-plain")
    if any(len(_scripts(word)) > 1 for word in name.split(" ")):
        raise Unacceptable("Please write each word of the name in one alphabet.", "name-mixed")
    return name


def is_visible(letter: str) -> bool:
    return unicodedata.category(letter)[0] not in "CZ" and letter not in BLANKS


def _is_costume(letter: str) -> bool:
    return unicodedata.decomposition(letter).startswith(COSTUMES)


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") and letter not in JOINERS


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "") for letter in word if letter.isalpha())
    return {script for name in names for script in SCRIPTS_THAT_MIX if name.startswith(script)}
