"""Comments that are too short, too long, or only look as if they said something."""

import re
import unicodedata

from service.domain.findings import Finding, Span, Verdict
from service.domain.folding import visible
from service.domain.links import without_links
from service.domain.policy import LengthPolicy, Policy
from service.domain.submission import Submission

WORD = re.compile(r"\S+")


def check_length(submission: Submission, policy: Policy) -> Finding:
    body, bounds = submission.body, policy.length
    problems = [_characters(body, bounds), _lines(body, bounds.max_lines), _emptiness(body)]
    longest, long_words = _long_words(body, bounds.max_word)
    if long_words:
        problems.append(f"A word has {longest} characters; {bounds.max_word} may pass.")
    reason = " ".join(filter(None, problems))
    return Finding("length", Verdict.HOLD, reason, long_words) if reason else Finding("length")


def _characters(body: str, bounds: LengthPolicy) -> str:
    count = _length(visible(body).text.strip())
    if count < bounds.min_characters:
        least = bounds.min_characters
        return f"The comment needs at least {least} visible characters; it has {count}."
    if count > bounds.max_characters:
        return f"The comment has {count} characters; {bounds.max_characters} may pass."
    return ""


def _lines(body: str, most: int) -> str:
    count = len(body.splitlines())
    return f"The comment has {count} lines; {most} may pass." if count > most else ""


def _emptiness(body: str) -> str:
    """Punctuation alone says nothing; an emoji does."""
    if any(char.isalnum() or unicodedata.category(char) == "So" for char in visible(body).text):
        return ""
    return "The comment has no letter, digit or emoji: it looks empty."


def _long_words(body: str, most: int) -> tuple[int, tuple[Span, ...]]:
    """How long the longest word is, links aside, and where the ones that are too long stand."""
    text = visible(without_links(body))
    if text.text.isascii():  # as nearly all are, and then nothing has to be measured word by word
        longest = max(map(len, text.text.split()), default=0)
        if longest <= most:
            return longest, ()
    lengths = {match.span(): _length(match[0]) for match in WORD.finditer(text.text)}
    too_long = tuple(text.span(*place) for place, length in lengths.items() if length > most)
    return max(lengths.values(), default=0), too_long


def _length(text: str) -> int:
    """In composed characters: an accent makes no text longer."""
    return len(text) if text.isascii() else len(unicodedata.normalize("NFC", text))
