"""Undoes disguises in text, keeping a map back to the original so that findings can point at it.

Two readings of a text are offered. `as_written` ignores only what readers ignore: case, accents,
invisible characters, the typographic variants of a letter. `undisguised` also reads look-alike
letters, "l33t", **bold** parts of words and s p e l l e d - o u t words; being bolder, it says of
each word whether there was a disguise at all. Word lists are folded the same way as texts.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from service.domain.confusables import LOOK_ALIKES
from service.domain.findings import Span

# What a character is to a reader, one letter each, so that a text's "shape" can be searched:
#   a  an ASCII letter        f  a foreign letter that looks like one    x  any other letter
#   d  an ASCII digit         c  a letter of a script that puts no spaces between words
#   $  stands for a letter    !  does so only between letters            *  markup that vanishes
SHAPES = (
    dict.fromkeys(map(ord, "abcdefghijklmnopqrstuvwxyz"), "a")
    | dict.fromkeys(map(ord, "0123456789"), "d")
    | {ord("@"): "$", ord("$"): "$", ord("€"): "$", ord("!"): "!", ord("|"): "!"}
    | dict.fromkeys(map(ord, "*_~`\\"), "*")
)
ASCII_SHAPES = {code: SHAPES.get(code, " ") for code in range(128)}

# One letter stands for all that are drawn alike: "1" may be an "i" or an "l", and so may "!".
DRAWN_ALIKE = str.maketrans("01l!|345789@$€", "oiiiieastbgase")

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
# Default-ignorable characters that are no format controls, and three blanks that pass for letters.
INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
ORDINARY = re.compile(r"[\t-\r -~]*+")
KEPT_CONTROLS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")

WORD = re.compile("[afxdc]+")
ITEM = "[afxdc$]"
LONE_ITEM = f"{ITEM}(?!{ITEM})"
# The gap between the letters of a spelled-out word is always as wide: "b u y   p i l l s" is two.
DISGUISABLE = re.compile(
    rf"(?P<spelled>(?<!{ITEM}){LONE_ITEM}([ *!]{{1,3}}){LONE_ITEM}(?:\2{LONE_ITEM})+)"
    rf"|{ITEM}+(?:[!*]+{ITEM}+)*"
)
FOREIGN = re.compile(f"(?<!{ITEM})f*x[fx]*(?!{ITEM})")
ENGLISH = re.compile(f"(?<!{ITEM})a+(?!{ITEM})")

LONGEST_LIGATURE = 6  # one Arabic "letter" spells a sentence of 18; 20,000 of them are no text
CACHED_CHARACTERS = 20_000  # hostile text could otherwise fill the cache with all of Unicode


@dataclass(frozen=True, slots=True)
class Folded:
    """A text, character by character: `plain` as readers take them, `bare` as they are drawn."""

    original: str
    plain: str
    bare: str
    shape: str
    origins: Sequence[int]  # of each folded character, its place in the original

    def span(self, start: int, end: int) -> Span:
        return original_span(self.original, self.origins, start=start, end=end)


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a text with one space between them."""

    original: str
    text: str
    origins: Sequence[int]
    disguised: tuple[Span, ...] = ()  # which of the words in `text` were disguised

    def span(self, start: int, end: int) -> Span:
        return original_span(self.original, self.origins, start=start, end=end)

    def is_disguised(self, start: int, end: int) -> bool:
        following = bisect_right(self.disguised, start, key=lambda word: word.end)
        return following < len(self.disguised) and self.disguised[following].start < end


def fold(text: str) -> Folded:
    if ORDINARY.fullmatch(text):
        plain = text.lower()
        return Folded(
            text,
            plain,
            plain.translate(DRAWN_ALIKE),
            plain.translate(ASCII_SHAPES),
            range(len(text)),
        )
    plains: list[str] = []
    bares: list[str] = []
    shapes: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(text):
        plain, bare, shape = FOLDS[char]
        plains.append(plain)
        bares.append(bare)
        shapes.append(shape)
        if len(plain) == 1:
            origins.append(index)
        else:
            origins.extend([index] * len(plain))
    return Folded(text, "".join(plains), "".join(bares), "".join(shapes), origins)


def original_span(original: str, origins: Sequence[int], *, start: int, end: int) -> Span:
    """Where folded characters came from, with the accents and invisible characters that follow."""
    after = origins[end - 1] + 1
    while after < len(original) and not FOLDS[original[after]][0]:
        after += 1
    return Span(origins[start], after)


def as_written(folded: Folded) -> Reading:
    words: list[str] = []
    origins: list[int] = []
    for match in WORD.finditer(folded.shape):
        start, end = match.span()
        words.append(folded.plain[start:end])
        origins += folded.origins[start:end]
        origins.append(origins[-1])
    return Reading(folded.original, " ".join(words), origins[:-1])


def undisguised(folded: Folded) -> Reading:
    speaks_foreign = len(FOREIGN.findall(folded.shape)) > len(ENGLISH.findall(folded.shape))
    words: list[str] = []
    origins: list[int] = []
    disguised: list[Span] = []
    for match in DISGUISABLE.finditer(folded.shape):
        start, end = match.span()
        shape, word, places = match[0], folded.bare[start:end], folded.origins[start:end]
        gaps = " *!" if match["spelled"] else "*"
        if any(gap in shape for gap in gaps):
            kept = [kind not in gaps for kind in shape]
            word, places = "".join(compress(word, kept)), list(compress(places, kept))
        if is_disguise(shape, speaks_foreign=speaks_foreign):
            disguised.append(Span(len(origins), len(origins) + len(word)))
        words.append(word)
        origins += places
        origins.append(origins[-1])
    return Reading(folded.original, " ".join(words), origins[:-1], tuple(disguised))


@lru_cache(maxsize=4_096)
def is_disguise(shape: str, *, speaks_foreign: bool) -> bool:
    """Whether a word of this shape hides another one.

    A word wholly of look-alikes, such as the Russian for "test", is honest in a text whose words
    are mostly of another script than ours; a word that mixes two scripts never is.
    """
    kinds = set(shape)
    if not kinds & {"a", "f", "x", "c"}:
        return False
    if kinds & {"d", "$", "!"}:
        return len(shape) > 2
    if kinds & {" ", "*"}:
        return True
    if "a" in kinds:
        return bool(kinds & {"f", "x"})
    return kinds == {"f"} and not speaks_foreign


def visible(text: str) -> Reading:
    """The text itself, less the characters that nobody can see."""
    if ORDINARY.fullmatch(text):
        return Reading(text, text, range(len(text)))
    places = [index for index, char in enumerate(text) if not is_invisible(char)]
    return Reading(text, "".join(map(text.__getitem__, places)), places)


def is_invisible(char: str) -> bool:
    """Format characters, fillers and controls: what a font draws nothing for, spaces aside."""
    if unicodedata.category(char) in {"Cf", "Cc"}:
        return char not in KEPT_CONTROLS
    return INVISIBLE.match(char) is not None


def letters_and_digits(text: str) -> str:
    """A word in plain letters, its digits left as they are: "𝐃𝐎𝐑𝐀 7 7" is "dora77"."""
    folded = fold(text)
    pairs = zip(folded.plain, folded.bare, strict=True)
    plain = (one if one.isascii() else other for one, other in pairs)
    return "".join(char for char in plain if char.isalnum())


def is_accent(char: str) -> bool:
    """Marks over, under and through letters. Vowel signs and voicing marks spell, so they stay."""
    combining = unicodedata.combining(char)
    return (
        combining in range(10, 37)
        or combining >= 200
        or combining == 1
        or unicodedata.category(char) == "Me"
    )


class _Folds(dict[str, tuple[str, str, str]]):
    """How single characters fold, worked out when first met."""

    def __missing__(self, char: str) -> tuple[str, str, str]:
        plain = "" if is_invisible(char) else _plain(char)
        alike = [ASCII_LOOK.get(part, part) for part in plain]
        shape = "".join(map(_shape, plain, alike))
        folds = plain, "".join(alike).translate(DRAWN_ALIKE), shape
        if len(self) < CACHED_CHARACTERS:
            self[char] = folds
        return folds


def _plain(char: str) -> str:
    value = unicodedata.digit(char, None)  # circled ones have a value, too
    if value is not None:
        return str(value)
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    kept = (part for part in parts if not is_accent(part) and not is_invisible(part))
    return "".join(kept)[:LONGEST_LIGATURE]


def _shape(plain: str, alike: str) -> str:
    if plain.isascii() or ord(plain) in SHAPES:
        return SHAPES.get(ord(plain), " ")
    if alike.isascii():
        return "f"
    if UNSPACED.match(plain):
        return "c" if spells(plain) else " "
    return "x" if spells(plain) else " "


def spells(char: str) -> bool:
    """Whether a character is part of a word: vowel signs are, though `isalnum` denies it."""
    return char.isalnum() or unicodedata.category(char).startswith("M")


ASCII_LOOK = {char: letter for letter, chars in LOOK_ALIKES.items() for char in chars}
FOLDS = _Folds()
