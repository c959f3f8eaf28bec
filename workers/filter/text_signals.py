"""What a comment's letters say: addresses, disguises, shape."""

import re
import unicodedata
from collections.abc import Iterator
from math import log2

from service.domain.findings import Span
from service.domain.links import without_links
from workers.filter.signal_names import Signal
from workers.filter.views import View

MAIL = re.compile(r"[\w.+-]{2,64}@[a-z0-9-]{2,63}\.[a-z]{2,}", re.IGNORECASE)
PHONE = re.compile(r"(?<![\w/.=-])\+?\d[\d ().-]{7,16}\d(?![\w/=-])")
HANDLE = re.compile(r"(?<![\w@/.])@[a-z0-9_]{4,}", re.IGNORECASE)
HASHTAG = re.compile(r"(?<!\S)#[^\W\d]\w{2,}")
BRAND = re.compile(r"(?<![\w@/.-])[^\W\d_]{3,}[0-9]{2,4}(?![\w/-])")
BRAND_CAPITAL = re.compile(r"(?<![\w@/.-])[A-Z]{4,} ?[0-9]{2,4}(?![\w/-])")
CURRENCY = re.compile(
    r"[$€£₹₽¥]\s?\d|\d\s?[$€£₹₽💵💰]|(?<!\w)\d[\d.,]{0,12}\s?(?:usd|eur|btc|eth|usdt|rupees|руб|dollars?)"
    r"(?!\w)",
    re.IGNORECASE,
)
STYLED = re.compile(
    "[\U0001d400-\U0001d7ff\u2460-\u24ff\U0001f100-\U0001f1e5\uff21-\uff5a\u1d00-\u1d22]"
)
INVISIBLE = re.compile("(?<=\\w)[\u00ad\u200b\u200c\u2060-\u2064\u180e\u034f\u061c](?=\\w)")
STACKED = re.compile("[^\\W\\d_][\u0300-\u036f\u0489\u20d0-\u20f0]+")
EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2705]")
MARKUP = re.compile(r"<a\s+href|\[url[=\]]|\[link|\]\(https?:", re.IGNORECASE)
CODE = re.compile(r"[{};]\s*(?:\n|$)|\w\(\)|::|=>|</\w+>|==|\w\.\w{1,60}\(|Exception|Error:|`")
LEET = re.compile(r"(?i)(?<![\w.])[a-z]{0,20}[0-9@$][a-z0-9@$]{0,20}[a-z][0-9@$]{0,9}(?!\w)")
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
    if len(words) < 6:
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
        ("link-markup", MARKUP, ""),
    ):
        if hint in text and (found := pattern.search(text)):
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
    rest = without_links(text) if seen.links else text
    leet = [word for word in LEET.finditer(rest) if len(word[0]) > 3]
    if leet:
        yield Signal("leet", min(2.0, log2(1 + len(leet))), Span(*leet[0].span()))


def _mixed(seen: View) -> Span | None:
    """The first word that is written in letters of two scripts."""
    for span in seen.reading.disguised:
        place = seen.reading.span(span.start, span.end)
        word = seen.text[place.start : place.end]
        if any("a" <= char.lower() <= "z" for char in word) and any(
            "\u0370" <= char <= "\u058f" for char in word
        ):
            return place
    return None


def _span(pattern: re.Pattern[str], text: str) -> Span | None:
    found = pattern.search(text)
    return Span(*found.span()) if found else None
