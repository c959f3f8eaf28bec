"""Finds the links in a text: those that browsers recognise and those that only people do."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from service.domain.findings import Span
from service.domain.folding import Folded, fold, is_disguise, visible

# Endings that make "word.ending" a link.
COMMON_ENDINGS = """
com org net info biz edu gov mil int ru su ua by kz uk de fr nl eu es ch cz sk pl hu ro bg gr tr se
dk fi ee lv lt pt br ar cl mx ca au nz jp cn hk tw kr vn th ph sg za ng ke eg ir il ae pk lk io ai
co tv cc ws ly gg gl gd vc fm sh tk ml ga cf gq xyz online shop store club blog app dev icu vip
casino poker loan mobi name asia tech cloud agency digital network ltd email finance download cam
sbs cfd lol buzz wiki рф рус онлайн сайт укр бел example
"""
# Real endings that also follow a full stop in hasty prose ("stop.it is"): they count only with a
# path or below a second level such as "co".
WORDY_ENDINGS = """
in it is be me so no to at us my am as la do pm id st top site live life world today news page link
click win bet best work space fun pro media group money trade stream review party rest bond monster
quest test
"""
ENDINGS = frozenset(COMMON_ENDINGS.split())
WORD_ENDINGS = frozenset(WORDY_ENDINGS.split())
SECOND_LEVELS = frozenset({"co", "com", "org", "net", "gov", "edu", "ac"})
# Endings that are hardly words, and so may be spelled out ("example dot com") or set apart by
# spaces, unless the name is none: "the dot com bubble".
SPELLED_ENDINGS = "com|org|net|info|biz|ru|xyz|io|рф"
NO_NAMES = """
a an and any big every first former in my new of old one our post pre that the their this was your
"""
NOT_NAMES = frozenset(NO_NAMES.split())

LETTER = "a-z0-9_\u0370-\u03ff\u0400-\u052f"
LABEL = f"[{LETTER}-]++"
ANY_LABEL = r"[^\s\x00-,/:-@\[-`{-\x7f.。·•∙]++"
TIGHT_DOT = r"(?:\.|[。·•∙]|\\\.|&(?:\#0*46|\#x0*2e|period);|\s?[\[({<]\s?(?:\.|dot)\s?[\])}>]\s?)"
LOOSE_DOT = r"(?:\s{1,3}dot\s{1,3}|\s{1,3}\.\s{0,3}|\.\s{1,3})"
PATH = r"""(?::\d{1,5})?(?:[/?\#](?:[^\s<>"()\[\]`]|\([^\s<>"()\[\]`]*\))*+)?"""

STRICT = re.compile(
    rf"""(?:(?<![a-z])[a-z][a-z0-9+-]{{1,15}}\s?:\s?//\s?(?:[^\s/?\#@<>]{{0,64}}@)?
            (?P<host>{LABEL}(?:{TIGHT_DOT}{LABEL})*+|{ANY_LABEL}(?:{TIGHT_DOT}{ANY_LABEL})*+|\[[0-9a-f:.]+\]){PATH}
          |(?<=\w)@{LABEL}(?:\.{LABEL})*+
          |(?<![{LETTER}-])(?P<bare>{LABEL}(?:{TIGHT_DOT}{LABEL})++)(?P<path>{PATH}))""",
    re.VERBOSE,
)
LOOSE = re.compile(
    rf"(?<![{LETTER}-])({LABEL})({LOOSE_DOT})((?:{SPELLED_ENDINGS})(?![{LETTER}-])){PATH}",
    re.VERBOSE,
)
DOT = re.compile(TIGHT_DOT)
TRAILING = ".,;:!?'*_~-"
LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class Link:
    span: Span
    host: str
    disguised: bool


@lru_cache(maxsize=16)  # several checks ask about the same comment
def find_links(text: str) -> tuple[Link, ...]:
    folded = fold(text)
    return _without_overlaps([*_strict_links(folded), *_loose_links(folded)])


def without_links(text: str) -> str:
    """The text with spaces for its links, so that all places stay as they are."""
    pieces, after = [], 0
    for link in find_links(text):
        pieces += [text[after : link.span.start], " " * (link.span.end - link.span.start)]
        after = link.span.end
    return "".join(pieces) + text[after:]


def is_within(host: str, domains: Collection[str]) -> bool:
    """Whether the host is one of the domains or below it: "notevil.com" is not in "evil.com"."""
    host = host[-LONGEST_HOST:]
    starts = [0, *(match.end() for match in re.finditer(r"\.", host))]
    return any(host[start:] in domains for start in starts)


def normal_host(host: str) -> str:
    """A host as it is compared: lower case, as IDNA writes it; as it stands if that fails."""
    host = unicodedata.normalize("NFKC", visible(host).text).casefold()
    host = DOT.sub(".", host).strip(".")
    if host.isascii() or len(host) > LONGEST_HOST:
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def host_of(url: str) -> str:
    """The host of an address such as a site's origin or a listed domain; "" where there is none."""
    after_scheme = url.strip().rpartition("://")[2]
    authority = re.split(r"[/?\#]", after_scheme, maxsplit=1)[0]
    host = authority.rpartition("@")[2]
    return normal_host(re.sub(r":\d*$", "", host)).removeprefix("*.")


def _strict_links(folded: Folded) -> Iterator[Link]:
    for match in STRICT.finditer(folded.plain):
        start = match.start()
        end = start + len(match[0].rstrip(TRAILING))
        if match["host"]:
            hidden = match[0].startswith("hxxp")
            yield _link(folded, at=(start, end), host_at=match.span("host"), disguised=hidden)
        elif match["bare"]:
            chain = match["bare"]
            domain_end = start + _end_of_domain(chain, has_path=len(match["path"]) > 1)
            if domain_end > start and not _starts_sentence(folded, start=start, end=domain_end):
                link_end = max(end, domain_end) if domain_end == match.end("bare") else domain_end
                yield _link(folded, at=(start, link_end), host_at=(start, domain_end))


def _end_of_domain(chain: str, *, has_path: bool) -> int:
    """Where in "example.com.Then" the domain ends; 0 if it is none."""
    dots = list(DOT.finditer(chain))
    labels = DOT.split(chain)
    if labels[0] == "www":
        return len(chain)
    ends = [*(dot.start() for dot in dots[1:]), len(chain)]
    for place in range(len(labels) - 1, 0, -1):
        ending = labels[place]
        if ending in ENDINGS or ending.startswith("xn--"):
            return ends[place - 1]
        if ending in WORD_ENDINGS and (has_path or labels[place - 1] in SECOND_LEVELS):
            return ends[place - 1]
    return 0


def _starts_sentence(folded: Folded, *, start: int, end: int) -> bool:
    """Whether "word.Ending" is rather the end of one sentence and the start of another."""
    span = folded.span(start, end)
    written = folded.original[span.start : span.end].rpartition(".")[2]
    return written.istitle() and not re.fullmatch(SPELLED_ENDINGS, written.casefold())


def _loose_links(folded: Folded) -> Iterator[Link]:
    for match in LOOSE.finditer(folded.plain):
        name, ending_at = match[1], folded.origins[match.start(3)]
        next_sentence = match[2].startswith(".") and folded.original[ending_at].isupper()
        if name not in NOT_NAMES and not next_sentence:
            yield Link(
                folded.span(*match.span()), normal_host(f"{name}.{match[3]}"), disguised=True
            )


def _link(
    folded: Folded, *, at: tuple[int, int], host_at: tuple[int, int], disguised: bool = False
) -> Link:
    host_span = folded.span(*host_at)
    host = folded.original[host_span.start : host_span.end]
    shape = folded.shape[host_at[0] : host_at[1]]
    return Link(folded.span(*at), normal_host(host), disguised or _is_disguised(host, shape))


def _is_disguised(host: str, shape: str) -> bool:
    """Characters that vanish or stand for others, dots that are none, or labels of two scripts."""
    composed = unicodedata.normalize("NFC", host)
    if visible(host).text != host or unicodedata.normalize("NFKC", host) != composed:
        return True
    if any(dot != "." for dot in DOT.findall(host.casefold())):
        return True
    labels = ("".join(kind for kind in label if kind in "afx") for label in shape.split(" "))
    return any(is_disguise(label, speaks_foreign=True) for label in labels)


def _without_overlaps(links: list[Link]) -> tuple[Link, ...]:
    """Links in order. One spelled out completes the one that it overlaps: "http://a dot com"."""
    kept: list[Link] = []
    for link in sorted(links, key=lambda link: (link.span.start, link.span.end)):
        if kept and link.span.start < kept[-1].span.end:
            last = kept.pop()
            span = Span(last.span.start, max(last.span.end, link.span.end))
            host = last.host if "." in last.host.removeprefix("www.") else link.host
            link = Link(span, host, last.disguised or link.disguised)
        kept.append(link)
    return tuple(kept)
