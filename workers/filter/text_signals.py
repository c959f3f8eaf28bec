"""What a comment's letters say: addresses, disguises, shape."""

import re
import unicodedata
from collections.abc import Iterator
from math import log2
from operator import ne

from service.domain.findings import Span
from service.domain.folding import letters_and_digits
from service.domain.links import without_links
from workers.filter.signal_names import Signal
from workers.filter.views import View

MAIL = re.compile(r"[\w.+-]{2,64}@[a-z0-9-]{2,63}\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w/.=-])\+?\d[\d ().-]{7,16}\d(?![\w/=-])")
# Not at the start of a line, nor in a tweet passed on: there it answers somebody.
HANDLE = re.compile(r"(?<![\w@/.\n])(?<!^)(?<!rt )(?<!\")@[a-z0-9_]{4,}(?!\w*:)", re.IGNORECASE)
HASHTAG = re.compile(r"(?<!\S)#[^\W\d]\w{2,}")
BRAND = re.compile(r"(?<![\w@/.-])[^\W\d_]{3,}[0-9]{2,4}(?![\w/-])")
# "4D" is how lotteries of numbers call themselves; "DORA 77", but not "APRIL 2024".
BRAND_CAPITAL = re.compile(
    r"(?<![\w@/.-])(?:[A-Z]{3,}[0-9]{2,4}|[A-Z]{4,} [0-9]{2,3}|[A-Z]{3,}[0-9]D)(?![\w/-])"
)
SPELT = re.compile(r"\w\W+\w\W+\w")
HIDDEN_BRAND = re.compile(r"[a-z]{3,}(?:\d{2,4}|\dd)")
CURRENCY = re.compile(
    r"[$€£₹₽¥]\s?\d|\d\s?[$€£₹₽💵💰]|(?<!\w)\d[\d.,]{0,12}\s?(?:usd|eur|btc|eth|usdt|rupees|руб|dollars?)"
    r"(?!\w)",
    re.IGNORECASE,
)
PERCENT = re.compile(
    r"\d ?% ?(?:off|discount|profit|roi|bonus|return|скидк)|\b100 ?%", re.IGNORECASE
)
ADULTS = re.compile(r"(?<!\d)18 ?\+|\+ ?18(?!\d)|🔞")
STYLED = re.compile(
    "[\U0001d400-\U0001d7ff\u2460-\u24ff\U0001f100-\U0001f1e5\uff21-\uff5a\u1d00-\u1d22]"
)
INVISIBLE = re.compile("(?<=\\w)[\u00ad\u200b\u200c\u2060-\u2064\u180e\u034f\u061c](?=\\w)")
STACKED = re.compile("[^\\W\\d_][\u0300-\u036f\u0489\u20d0-\u20f0]+")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2705]")
MARKUP = re.compile(r"<a\s+href|\[url[=\]]|\[link|\]\(https?:", re.IGNORECASE)
CODE = re.compile(r"[{};]\s*(?:\n|$)|\w\(\)|::|=>|</\w+>|==|\w\.\w{1,60}\(|Exception|Error:|`")
LEET = re.compile(
    r"(?i)(?<![\w.@#/-])(?:[a-z]{1,20}[013457@$][a-z0-9@$]{0,20}[a-z]|\$[a-z]{3,20})(?!\w)"
)
THOUSANDS = re.compile(r"\d{1,3}(?:[., ]\d{3}){1,4}")
# Letters of one script that can pass for those of another.
LATIN_LOOKS = frozenset("abcehikmoprtuxyABCEHIKMOPSTXY")
SHOUTS = re.compile(r"!{2,}|!")
ENDING = " \n\ufeff"
ANSWERS = re.compile(r"^\s*(?:@\w|>|re:|hi |hello |dear )", re.IGNORECASE)


def of_shape(seen: View) -> Iterator[Signal]:
    text, words = seen.text, seen.words
    letters = sum(map(str.isalpha, text))
    if letters > 12 and sum(map(str.isupper, text)) > 0.6 * letters:
        yield Signal("capitals", 1.0)
    if text.count("!") > 2:
        yield Signal("shouts", 1.0, _span(SHOUTS, text))
    if not text.isascii() and (emoji := EMOJI.findall(text)):
        yield Signal("emoji", min(2.0, 0.5 * len(emoji)), _span(EMOJI, text))
    if "?" in text.rstrip(ENDING)[-1:] or "? " in text:
        yield Signal("asks", 1.0)
    if len(words) < 6 and not seen.links:
        yield Signal("short", 1.0)
    elif len(words) > 60:
        yield Signal("long", 1.0)
    if ANSWERS.search(text):
        yield Signal("answers", 1.0)
    if CODE.search(text):
        yield Signal("code", 1.0, _span(CODE, text))
    if len(words) > 7 and len(set(words)) < 0.6 * len(words):
        yield Signal("repeats", 1.0)
    if text.count("\n") > 4:
        yield Signal("lines", 1.0)


def of_addresses(seen: View) -> Iterator[Signal]:
    text = seen.text
    for name, pattern, hint in (
        ("mail", MAIL, "@"),
        ("phone", PHONE, ""),
        ("handle", HANDLE, "@"),
        ("hashtag", HASHTAG, "#"),
        ("brand", BRAND, ""),
        ("brand-capital", BRAND_CAPITAL, ""),
        ("currency", CURRENCY, ""),
        ("percent", PERCENT, "%"),
        ("adults", ADULTS, ""),
        ("link-markup", MARKUP, ""),
    ):
        found = pattern.search(text) if hint in text else None
        if found and not (name == "phone" and THOUSANDS.fullmatch(found[0])):
            yield Signal(name, 1.0, Span(*found.span()))


def of_disguises(seen: View) -> Iterator[Signal]:
    text = seen.text
    if not text.isascii():
        styled = STYLED.findall(text)
        if len(styled) > 2:
            yield Signal("styled", 1.0, _span(STYLED, text))
        mixed = _mixed(seen)
        if mixed is not None:
            yield Signal("mixed", 1.0, mixed)
        if found := INVISIBLE.search(text):
            yield Signal("invisible", 1.0, Span(*found.span()))
        decomposed = unicodedata.normalize("NFC", text) if STACKED.search(text) else ""
        if decomposed and len(STACKED.findall(decomposed)) > 1:
            yield Signal("stacked", 1.0, _span(STACKED, decomposed))
    if seen.spelled:
        yield Signal("spelled", 1.0)
    if brand := _disguised_brand(seen):
        yield Signal("brand-disguised", 1.0, brand)
    rest = without_links(text) if seen.links else text
    leet = [word for word in LEET.finditer(rest) if len(word[0]) > 3]
    if leet:
        yield Signal("leet", min(2.0, log2(1 + len(leet))), Span(*leet[0].span()))


def _disguised_brand(seen: View) -> Span | None:
    """A word such as "win88" that was spelled out or written in other letters."""
    for span in seen.reading.disguised:
        place = seen.reading.span(span.start, span.end)
        written = seen.text[place.start : place.end]
        hidden = SPELT.search(written) or not "".join(filter(str.isalnum, written)).isascii()
        if hidden and HIDDEN_BRAND.fullmatch(letters_and_digits(written)):
            return place
    return None


def _mixed(seen: View) -> Span | None:
    """The first word whose letters change between scripts and back, or the second that changes."""
    half = None
    for span in seen.reading.disguised:
        place = seen.reading.span(span.start, span.end)
        changes = _changes(seen.text[place.start : place.end])
        if changes > 1 or (changes and half):
            return half or place
        if changes:
            half = place
    return None


def _changes(word: str) -> int:
    """How often the letters change from Latin ones that look like others to others, or back."""
    foreign = [
        not char.isascii() for char in word if char in LATIN_LOOKS or "\u0370" <= char <= "\u058f"
    ]
    return sum(map(ne, foreign, foreign[1:]))


def _span(pattern: re.Pattern[str], text: str) -> Span | None:
    found = pattern.search(text)
    return Span(*found.span()) if found else None
