"""The disguises that spammers use, put on: for training on disguised copies, and for measuring."""

import random
import re
from collections.abc import Callable, Sequence

ALIKE = str.maketrans("aeopcxyikABEHKMOPCTX", "аеорсхуікАВЕНКМОРСТХ")
LEET = str.maketrans("aeiost", "43105$")
ACCENTS = "\u0301\u0300\u0308\u0323\u0332\u0336"
VANISHING = "\u200b\u200c\u200d\u2060"
GOOD = """
the of and to in is that it was for on are as with his they at be this from have or by one had
not but what all were when we there can an your which their said if do will each about how up
out them then she many some so these would other into has more her two like him see time could
no make than first been its who now people my made over did down only way find use may water
long little very after words called just where most know government think because really years
world country against question reason
"""
GOOD_WORDS = GOOD.split()
WORDS = re.compile(r"[^\W\d_]{3,}")
HOSTS = re.compile(r"(?i)\b(?:https?://)?(?:www\.)?([a-z0-9-]+)\.([a-z]{2,4})\b")


def homoglyphs(text: str, _dice: random.Random) -> str:
    return text.translate(ALIKE)


def bold(text: str, _dice: random.Random) -> str:
    return "".join(
        chr(0x1D400 + ord(char) - 65) if "A" <= char <= "Z"
        else chr(0x1D41A + ord(char) - 97) if "a" <= char <= "z"
        else char
        for char in text
    )  # fmt: skip


def invisible(text: str, dice: random.Random) -> str:
    return WORDS.sub(lambda word: dice.choice(VANISHING).join(word[0]), text)


def leet(text: str, _dice: random.Random) -> str:
    return WORDS.sub(lambda word: word[0].translate(LEET), text)


def spaced(text: str, _dice: random.Random) -> str:
    return " ".join(" ".join(word) for word in text.split())


def wide(text: str, _dice: random.Random) -> str:
    return "  ".join(" ".join(word) for word in text.split())


def hidden_links(text: str, dice: random.Random) -> str:
    dot = dice.choice((" dot ", "[.]", " (dot) ", " . "))
    return HOSTS.sub(lambda link: f"{link[1]}{dot}{link[2]}", text)


def capitals(text: str, dice: random.Random) -> str:
    return "".join(char.upper() if dice.random() < 0.5 else char.lower() for char in text)


def accents(text: str, dice: random.Random) -> str:
    return "".join(
        char + dice.choice(ACCENTS) if char.isalpha() and dice.random() < 0.4 else char
        for char in text
    )


def punctuated(text: str, dice: random.Random) -> str:
    mark = dice.choice(".-_*")
    return WORDS.sub(lambda word: mark.join(word[0]), text)


def typos(text: str, dice: random.Random) -> str:
    return WORDS.sub(lambda word: _mistyped(word[0], dice), text)


def _mistyped(word: str, dice: random.Random) -> str:
    if len(word) < 4 or dice.random() < 0.5:
        return word
    place = dice.randrange(1, len(word) - 2)
    kind = dice.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place] * (0 if kind == 1 else 2) + word[place + 1 :]


def padded(
    text: str, dice: random.Random, words: Sequence[str] = GOOD_WORDS, times: int = 1
) -> str:
    """With good words, as many as it has itself, or several times as many."""
    count = max(4, len(text.split())) * times
    return f"{text} {' '.join(dice.choice(words) for _ in range(count))}"


Trick = Callable[[str, random.Random], str]
TRICKS: dict[str, Trick] = {
    "homoglyphs": homoglyphs,
    "bold": bold,
    "invisible": invisible,
    "leet": leet,
    "spaced": spaced,
    "wide": wide,
    "hidden links": hidden_links,
    "capitals": capitals,
    "accents": accents,
    "punctuated": punctuated,
    "typos": typos,
}
