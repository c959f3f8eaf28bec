"""Words and phrases that the site lists.

Case, accents, look-alike letters, l33t, spelling out and what stands between the words of a phrase
make no difference. Whole words are compared: "specialist" is not hit by "cialis". Scripts that put
no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) have no whole words to
compare: their entries are found wherever they stand. Symbols, such as emoji, are found as written.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import ahocorasick

from service.domain.findings import SEVERITY, Finding, Span, Verdict
from service.domain.folding import (
    DRAWN_ALIKE,
    UNSPACED,
    Reading,
    as_written,
    fold,
    spells,
    undisguised,
)
from service.domain.policy import Policy
from service.domain.submission import Submission

SHOWN = 20  # moderators need examples of what was found, not each of a thousand
SYMBOL = re.compile(r"[^\w\s.,;:!?'’\"/()\[\]-]")


class Entry(NamedTuple):
    listed: str
    verdict: Verdict


class Match(NamedTuple):
    span: Span
    entry: Entry


class Lists(NamedTuple):
    """Both lists, compiled once for each way of reading a text."""

    written: ahocorasick.Automaton
    drawn: ahocorasick.Automaton
    symbols: ahocorasick.Automaton


def check_words(submission: Submission, policy: Policy) -> Finding:
    if not (policy.words.hold or policy.words.reject):
        return Finding("words")
    lists = compiled(policy.words.hold, policy.words.reject)
    matches = sorted(set(find_words(submission.body, lists)), key=_place)
    if not matches:
        return Finding("words")
    first_of_each = list({match.entry: match for match in reversed(matches)}.values())[::-1]
    return Finding(
        "words",
        max((match.entry.verdict for match in matches), key=SEVERITY.__getitem__),
        " ".join(_sentence(submission.body, match) for match in first_of_each[:SHOWN]),
        tuple(dict.fromkeys(match.span for match in matches))[:SHOWN],
    )


def find_words(body: str, lists: Lists) -> Iterator[Match]:
    folded = fold(body)
    as_read, drawn = as_written(folded), undisguised(folded)
    as_is = Reading(body, folded.plain, folded.origins)
    for automaton, reading in ((lists.written, as_read), (lists.symbols, as_is)):
        for start, end, entry in _whole(automaton, reading.text):
            yield Match(reading.span(start, end), entry)
    if drawn.disguised:
        for start, end, entry in _whole(lists.drawn, drawn.text):
            if drawn.is_disguised(start, end):
                yield Match(drawn.span(start, end), entry)


@lru_cache(maxsize=32)
def compiled(hold: tuple[str, ...], reject: tuple[str, ...]) -> Lists:
    lists = Lists(*(ahocorasick.Automaton() for _ in Lists._fields))
    # Rejecting comes last, so that it wins where a word is on both lists.
    for words, verdict in ((hold, Verdict.HOLD), (reject, Verdict.REJECT)):
        for listed in words:
            entry = Entry(listed, verdict)
            for automaton, key in zip(lists, _keys(listed), strict=True):
                if key:
                    automaton.add_word(key, (len(key), entry))
    for automaton in lists:
        automaton.make_automaton()
    return lists


def _keys(listed: str) -> tuple[str, str, str]:
    """What to look for among the words as written, the words as drawn, and the symbols."""
    words = listed.lower().split()
    if listed.isascii() and "".join(words).isalnum() and min(map(len, words)) > 1:
        # What folding comes to for nearly all entries, at a tenth of its cost.
        phrase = " ".join(words)
        return phrase, phrase.translate(DRAWN_ALIKE), ""
    folded = fold(listed)
    if SYMBOL.search(folded.plain):  # "c++" is more than the letter, "a$$" no article
        return "", undisguised(folded).text, folded.plain.strip()
    return as_written(folded).text, undisguised(folded).text, ""


def _whole(automaton: ahocorasick.Automaton, text: str) -> Iterator[tuple[int, int, Entry]]:
    """Occurrences that are not part of a longer word."""
    if not len(automaton):  # an empty one refuses to search
        return
    for last, (length, entry) in automaton.iter(text):
        start, end = last + 1 - length, last + 1
        if not _joined(text[start - 1 : start + 1]) and not _joined(text[last : end + 1]):
            yield start, end, entry


def _joined(pair: str) -> bool:
    """Whether two neighbours belong to one word. At the ends of a text there is but one of them."""
    return len(pair) == 2 and all(spells(char) and not UNSPACED.match(char) for char in pair)


def _place(match: Match) -> tuple[int, int, str]:
    return match.span.start, match.span.end, match.entry.listed


def _sentence(body: str, match: Match) -> str:
    written = body[match.span.start : match.span.end]
    does = "reject" if match.entry.verdict is Verdict.REJECT else "hold"
    return f"'{written}' matches '{match.entry.listed}' on the list of words that {does}."
