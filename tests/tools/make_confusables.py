"""Writes service/domain/confusables.py: which characters look like one ASCII letter or digit.

Run it as `python -m tests.tools.make_confusables` where `confusable_homoglyphs` is installed. The
result is committed, so that neither the service nor its tests need that package.
"""

import json
import re
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path
from string import ascii_lowercase, digits

TARGET = Path(__file__).parents[2] / "service" / "domain" / "confusables.py"
WIDTH = 90

# A letter of these scripts is never taken for a Latin one: they are written from right to left, or
# every second syllable of an honest text would have a "look-alike" (a circle, a bar) among it.
HONEST = re.compile(
    "CJK|HIRAGANA|KATAKANA|HANGUL|BOPOMOFO|YI |TAI |THAI|LAO|KHMER|MYANMAR|ETHIOPIC|TIBETAN|"
    "DEVANAGARI|BENGALI|GUJARATI|GURMUKHI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM|SINHALA|CANADIAN|"
    "GEORGIAN|MONGOLIAN|BAMUM|MIAO"
)
NAMED = re.compile(
    r"LATIN (?:SMALL|CAPITAL) LETTER ([A-Z]) WITH .+|LATIN LETTER SMALL CAPITAL ([A-Z])"
    r"|NEGATIVE (?:SQUARED|CIRCLED) LATIN CAPITAL LETTER ([A-Z])"
)

HEADER = '''\
"""Characters that look like one ASCII letter or digit. Made by tests/tools/make_confusables.py.

Made from Unicode's confusables.txt (security data for UTS #39, Unicode License v3,
https://www.unicode.org/license.txt) and from the names of Latin letters with strokes and hooks.
"""

LOOK_ALIKES = {
'''


def is_disguise(char: str) -> bool:
    """Digits have their value and what decomposes is looked up in its parts: neither needs this."""
    if len(char) != 1 or char.isascii() or unicodedata.normalize("NFKD", char) != char:
        return False
    if unicodedata.bidirectional(char) in {"R", "AL", "AN"} or unicodedata.category(char) in {
        "Nd",
        "Mn",
        "Mc",
    }:
        return False
    name = unicodedata.name(char, "")
    return bool(NAMED.fullmatch(name)) or (char.isalpha() and not HONEST.match(name))


def look_alikes() -> dict[str, str]:
    source = files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8")
    groups = json.loads(source)
    found: dict[str, str] = {}
    for letter in ascii_lowercase + ascii_lowercase.upper() + digits:
        for other in groups.get(letter, ()):
            if is_disguise(other["c"]):
                found.setdefault(other["c"], letter.lower())
    for code in range(0x80, sys.maxunicode + 1):
        named = NAMED.fullmatch(unicodedata.name(chr(code), ""))
        if named and is_disguise(chr(code)):
            found.setdefault(chr(code), next(filter(None, named.groups())).lower())
    for char, letter in list(found.items()):  # Cyrillic 'в' looks like no 'b', but 'В' does
        for other_case in (char.lower(), char.upper()):
            if is_disguise(other_case):
                found.setdefault(other_case, letter)
    return found


def rows(found: dict[str, str]) -> list[str]:
    written = []
    for letter in ascii_lowercase + digits:
        chars = "".join(sorted(char for char, target in found.items() if target == letter))
        if not chars:
            continue
        parts = [chars[start : start + WIDTH] for start in range(0, len(chars), WIDTH)]
        if len(parts) == 1:
            written.append(f'    "{letter}": "{parts[0]}",')
        else:
            written += [f'    "{letter}": (', *(f'        "{part}"' for part in parts), "    ),"]
    return written


def main() -> None:
    found = look_alikes()
    TARGET.write_text(HEADER + "\n".join(rows(found)) + "\n}\n", encoding="utf-8")
    print(f"{len(found)} look-alikes written to {TARGET.name}")


if __name__ == "__main__":
    main()
