"""In which script most of a text is written: cheap and certain, where guessing its language is not.

Short comments seldom tell Norwegian from Danish; that one is in Cyrillic they tell at a glance.
"""

import re
from enum import StrEnum


class Script(StrEnum):
    LATIN = "latin"
    CYRILLIC = "cyrillic"
    GREEK = "greek"
    ARABIC = "arabic"
    HEBREW = "hebrew"
    DEVANAGARI = "devanagari"
    THAI = "thai"
    HAN = "han"  # without kana: Chinese, mostly
    JAPANESE = "japanese"  # kana, and the Han beside it
    KOREAN = "korean"
    OTHER = "other"
    NONE = "none"  # no letters at all


RANGES: dict[Script, str] = {
    Script.LATIN: "a-zA-Z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u1e00-\u1eff"
    "\u2c60-\u2c7f\ua720-\ua7ff\uff21-\uff3a\uff41-\uff5a",
    Script.CYRILLIC: "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    Script.GREEK: "\u0370-\u03ff\u1f00-\u1fff",
    Script.ARABIC: "\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    Script.HEBREW: "\u05d0-\u05ea\ufb1d-\ufb4f",
    Script.DEVANAGARI: "\u0900-\u097f\ua8e0-\ua8ff",
    Script.THAI: "\u0e00-\u0e3a\u0e40-\u0e4e",
    Script.HAN: "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff",
    Script.JAPANESE: "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d",
    Script.KOREAN: "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
}
LETTERS = {script: re.compile(f"[{letters}]") for script, letters in RANGES.items()}
ANY_LETTER = re.compile(r"[^\W\d_]")
KANA_SHARE = 0.05  # of the letters of a Japanese text, at least: grammar is written in them


def script_of(text: str) -> Script:
    if text.isascii():
        return Script.LATIN if LETTERS[Script.LATIN].search(text) else Script.NONE
    counts = {script: len(letters.findall(text)) for script, letters in LETTERS.items()}
    written = counts[Script.HAN] + counts[Script.JAPANESE]
    if counts[Script.JAPANESE] > KANA_SHARE * written:
        counts[Script.JAPANESE], counts[Script.HAN] = written, 0
    script = max(counts, key=counts.__getitem__)
    known, letters = sum(counts.values()), len(ANY_LETTER.findall(text))
    if letters - known > counts[script]:
        return Script.OTHER
    return script if counts[script] else Script.NONE
