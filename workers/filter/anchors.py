"""What a campaign cannot change: where it leads, whom to write to, what it is called."""

import re
from collections.abc import Iterator
from functools import lru_cache

from service.domain.folding import fold, undisguised
from service.domain.links import is_within
from workers.filter.features import Parts
from workers.filter.link_signals import CHATS, EVERYBODYS, REFERENCES, SHORTENERS
from workers.filter.text_signals import HANDLE, MAIL, PHONE
from workers.filter.views import Segmenter

MOST = 30
BRAND = re.compile(
    r"(?<![\w@/.#-])(?=\w{5,40}(?!\w))(?:[^\W\d_]{3,}[0-9]{2,4}"
    r"|(?=\w*[^\W\d_]\w*[0-9])(?=\w*[0-9]\w*[^\W\d_])\w{6,}"
    r"|[^\W\d_]{2,}[a-z][A-Z]\w{2,}|[A-Z]{5,}|[A-Z][a-z]{4,})(?![\w/-])"
)
HASHTAG = re.compile(r"(?<!\S)#(\w{5,})")
TIMES = re.compile(r"\d+(?:st|nd|rd|th|am|pm|min|mins|s|km|px|gb|mb|k|kg|mg|usd)", re.IGNORECASE)


def anchors(found: Parts, known: Segmenter) -> frozenset[str]:
    """Folded, each with its kind before it. Strong ones tell alone; names ("name:") do not."""
    anchored: set[str] = set()
    for anchor in _all(found, known):
        anchored.add(anchor)
        if len(anchored) >= MOST:
            break
    return frozenset(anchored)


def _all(found: Parts, known: Segmenter) -> Iterator[str]:
    text = found.seen.text
    for link in found.seen.links:
        if "@" not in text[link.span.start : link.span.end]:
            yield from _of_link(link.host, text[link.span.start : link.span.end])
    if "@" in text:
        yield from (f"mail:{mail.lower()}" for mail in MAIL.findall(text))
        yield from (f"handle:{handle.lower()}" for handle in HANDLE.findall(text))
    for phone in PHONE.findall(text):
        digits = re.sub(r"\D", "", phone)
        if len(digits) > 8:
            yield f"phone:{digits[-9:]}"
    yield from (f"tag:{_folded(tag)}" for tag in HASHTAG.findall(text))
    yield from _names(found, known)


def _of_link(host: str, written: str) -> Iterator[str]:
    host = host.removeprefix("www.")
    if is_within(host, CHATS | EVERYBODYS | SHORTENERS):
        path = re.sub(r"^.*?://", "", written).partition("/")[2].rstrip("/.,)!")
        if len(path) > 3:
            yield f"link:{host}/{path[:60]}"
    elif not is_within(host, REFERENCES):
        yield f"host:{'.'.join(host.split('.')[-2:]) if host.count('.') > 2 else host}"


def _names(found: Parts, known: Segmenter) -> Iterator[str]:
    written = BRAND.findall(_unstyled(found))
    for name in dict.fromkeys(written):
        folded = _folded(name)
        if len(folded) < 5 or folded in known or TIMES.fullmatch(name):
            continue
        if any(char.isdigit() for char in name) or not (name.istitle() or name.isupper()):
            yield f"brand:{folded}"
        elif folded.isascii():
            yield f"name:{folded}"


def _unstyled(found: Parts) -> str:
    """Bold and enclosed letters as plain ones, with their case, so that names can be seen."""
    text = found.seen.text
    if text.isascii():
        return text
    return re.sub("[\U0001d400-\U0001d7ff\u2460-\u24ff\U0001f130-\U0001f189\uff01-\uff5e]",
                  lambda char: _plain(char[0]), text)  # fmt: skip


def _plain(char: str) -> str:
    plain = fold(char).plain
    return plain.upper() if plain.isascii() else plain


@lru_cache(maxsize=4_096)
def _folded(name: str) -> str:
    return undisguised(fold(name)).text.replace(" ", "")
