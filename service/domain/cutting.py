"""Taking parts out of a text, with a mark in the place of each, and nothing else."""

import re
from collections.abc import Iterable, Sequence

from service.domain.findings import Span
from service.domain.wording import Unacceptable, is_visible

# After a mark these would make a link or a definition of it.
TAKEN_FOR_MARKUP = ("(", "[", ":")
PIECE = re.compile(r"[^\n.!?。！？]+[.!?。！？]*|[.!?。！？]+")


def cut(text: str, spans: Iterable[Span], *, mark: str) -> str:
    """What is left is the text as it was. Raises Unacceptable when that is nothing, or all."""
    parts = merged(spans)
    if not parts:
        raise Unacceptable("Choose the part that is to be taken out.")
    if parts[0].start < 0 or parts[-1].end > len(text):
        raise Unacceptable("A part that is to be taken out lies outside of the text.")
    kept, left, at = "", "", 0
    for part in parts:
        kept += text[at : part.start] + mark
        left += text[at : part.start]
        at = part.end
        if text[at : at + 1] in TAKEN_FOR_MARKUP:
            kept += " "
    if not any(map(is_visible, left + text[at:])):
        raise Unacceptable("Nothing would be left of the comment. Reject it instead.")
    return kept + text[at:]


def merged(spans: Iterable[Span]) -> Sequence[Span]:
    """In their order, those that touch as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def mark_of(words: str, reason: str | None) -> str:
    """Brackets would end it early, so there are none inside."""
    inside = f"{words}: {reason}" if reason else words
    return f"[{''.join(letter for letter in inside if letter not in '[]')}]"


def sentences(text: str) -> list[Span]:
    """The text in pieces as people would choose them; lines end them as well as full stops do."""
    found: list[Span] = []
    for match in PIECE.finditer(text):
        if match[0].strip():
            blank = len(match[0]) - len(match[0].lstrip())
            found.append(Span(match.start() + blank, match.end()))
    return found
