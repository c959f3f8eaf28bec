"""What a search looks for, and what it is looked for in: the same folded words on both databases.

An entry is one line of words with a space before and after each, so that every question that can
be asked (words, "a phrase", pre*, -not) is whether it contains something. Scripts without spaces
are cut into pairs of letters. Before the words stand marks: what else an entry is found by.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from urllib.parse import unquote, urlsplit
from uuid import UUID

from service.domain.folding import fold
from service.domain.scripts import Script

LONGEST_WORD = 64
MOST_TERMS = 20
LEAST_PREFIX = 3  # letters: with fewer, an index would have to add up half of all words
DEEPEST_SECTION = 5
RUN = re.compile("c+|[afxd]+")
PIECE = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
BORDER = "|"  # no phrase reaches from a name into a text
# Private-use characters, which no word has.
SITE, THREAD, AUTHOR, CHECK, SCRIPT, SECTION = "\ue000\ue001\ue002\ue003\ue004\ue005"


@dataclass(frozen=True, slots=True)
class Term:
    """Words in a row. The last may be the beginning of one."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_unwanted: bool = False

    @property
    def contained(self) -> str:
        """What an entry that has the term contains."""
        return f" {' '.join(self.words)}{'' if self.is_prefix else ' '}"


def parse(text: str) -> list[Term]:
    """Any text is a search. Where it has no letters and no digits there is nothing to look for."""
    terms = []
    for minus, phrase, word in PIECE.findall(text):
        words = _words(phrase or word, is_whole=False)
        if words:
            starts = not phrase and word.endswith("*")
            lone = len(words[-1]) == 1 and _has_no_spaces(words[-1])
            terms.append(Term(tuple(words), starts or lone, bool(minus)))
    return terms[:MOST_TERMS]


def entry(*, marks: Iterable[str], name: str, body: str) -> str:
    parts = (list(marks), _words(name, is_whole=True), _words(body, is_whole=True))
    return f" {f' {BORDER} '.join(' '.join(part) for part in parts)} "


def _words(text: str, *, is_whole: bool) -> list[str]:
    """With `is_whole`, the last letter of a run stands alone as well, so that it is found."""
    folded = fold(text)
    words: list[str] = []
    for run in RUN.finditer(folded.shape):
        word = folded.plain[run.start() : run.end()]
        if run[0][0] != "c":
            words.append(word[:LONGEST_WORD])
            continue
        words += [word[place : place + 2] for place in range(len(word) - 1)]
        if is_whole or len(word) == 1:
            words.append(word[-1])
    return words


def _has_no_spaces(letter: str) -> bool:
    return fold(letter).shape.startswith("c")


def marks(
    *,
    site: UUID,
    thread: UUID,
    author: UUID | None,
    checks: Iterable[str],
    script: Script,
    addresses: Sequence[str | None],
) -> list[str]:
    """`addresses` may say where the page is; the first that does counts."""
    return [
        site_mark(site),
        thread_mark(thread),
        *([author_mark(author)] if author else []),
        *map(check_mark, checks),
        script_mark(script),
        *section_marks(addresses),
    ]


def site_mark(site_id: UUID) -> str:
    return SITE + site_id.hex


def thread_mark(thread_id: UUID) -> str:
    return THREAD + thread_id.hex


def author_mark(author_id: UUID) -> str:
    return AUTHOR + author_id.hex


def check_mark(check: str) -> str:
    return CHECK + check.replace("_", CHECK)


def script_mark(script: Script) -> str:
    return SCRIPT + script


def section_mark(section: str) -> str:
    """Of a path's beginning, such as /sport/football. Hashed, since paths hold all sorts."""
    return SECTION + blake2b(_path(section).encode(), digest_size=8).hexdigest()


def section_marks(addresses: Sequence[str | None]) -> list[str]:
    """Of all that the path of the first address begins with, whole parts only."""
    address = next((one for one in addresses if one and "/" in one), "")
    parts = _path(address).split("/")[:-1]  # the last part is the article
    return [
        section_mark("/".join(parts[: depth + 1])) for depth in range(len(parts[:DEEPEST_SECTION]))
    ]


def _path(address: str) -> str:
    try:
        path = urlsplit(address).path
    except ValueError:
        return ""
    return "/".join(part for part in unquote(path).casefold().split("/") if part)
