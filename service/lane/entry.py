"""One kept answer, and how it is given: whole, without its body, or as 304."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from service.lane.encodings import (
    DECODERS,
    ENCODERS,
    FILE_ENCODERS,
    IDENTITY,
    SMALLEST,
    is_compressible,
)

Header = tuple[str, str]
Headers = list[Header]

KEYS = "surrogate-key"  # the response header that names what an answer depends on
# Said of one exchange, not of the answer.
OF_ONE_EXCHANGE = frozenset({"x-request-id", "date", "connection", "content-length"})
# What a 304 repeats: RFC 9110, section 15.4.5, and what browsers need to let a page's script read.
IN_304 = frozenset({"cache-control", "etag", "vary", "access-control-allow-origin", "expires"})
OVERHEAD = 4_000  # bytes that an entry takes beside its bodies, measured: names, headers, dicts


@dataclass(frozen=True, slots=True)
class Answer:
    """Ready to be sent: `headers` and `body` are what a WSGI server wants."""

    etag: str
    headers: Headers
    headers_304: Headers
    body: Sequence[bytes]


@dataclass(slots=True)
class Entry:
    """An answer in the encodings that somebody asked for so far. Times are of `time.monotonic`."""

    headers: Headers
    etag: str
    keys: frozenset[str]
    compressible: bool
    expires_at: float
    answers: dict[str, Answer] = field(default_factory=dict)
    purged_at: float | None = None

    @property
    def size(self) -> int:
        return OVERHEAD + sum(len(part) for answer in self.answers.values() for part in answer.body)

    def encode(self, encoding: str) -> Answer:
        """The same in another encoding, from then on kept too."""
        known, answer = next(iter(self.answers.items()))
        content = DECODERS[known](answer.body[0])
        made = _answer(self.headers, self.etag, content, encoding)
        self.answers[encoding] = made
        return made


def entry_of(headers: Headers, content: bytes, encoding: str, *, expires_at: float) -> Entry:
    """`headers` and `content` as the application gave them; kept in `encoding` alone, for now."""
    values = {name.lower(): value for name, value in headers}
    kept = [_same(pair) for pair in headers if pair[0].lower() not in OF_ONE_EXCHANGE]
    varies = is_compressible(values.get("content-type", ""))
    compressible = varies and len(content) >= SMALLEST
    encoding = encoding if compressible else IDENTITY
    etag = values["etag"]
    if varies:  # also while the answer is too small: it may grow
        kept = _with_vary(kept)
    entry = Entry(
        headers=kept,
        etag=etag,
        keys=frozenset(values.get(KEYS, "").split()),
        compressible=compressible,
        expires_at=expires_at,
    )
    entry.answers[encoding] = _answer(kept, etag, content, encoding)
    return entry


@lru_cache(128)
def _same(pair: Header) -> Header:
    """Most headers are the same in all answers, and need be there only once."""
    return pair


def _with_vary(headers: Headers) -> Headers:
    also = [value for name, value in headers if name.lower() == "vary"]
    others = [pair for pair in headers if pair[0].lower() != "vary"]
    return [*others, _same(("Vary", ", ".join(["Accept-Encoding", *also])))]


def _answer(headers: Headers, etag: str, content: bytes, encoding: str) -> Answer:
    full = [pair for pair in headers if pair[0].lower() != "etag"]
    if encoding != IDENTITY:
        is_file = all(name.lower() != KEYS for name, _ in headers)
        content = (FILE_ENCODERS if is_file else ENCODERS)[encoding](content)
        full.append(("Content-Encoding", encoding))
        # Other bytes need another strong ETag.
        etag = f'{etag[:-1]}-{encoding}"'
    full += [("ETag", etag), ("Content-Length", str(len(content)))]
    short = [pair for pair in full if pair[0].lower() in IN_304]
    return Answer(etag, full, short, [content])


def matches(if_none_match: str, etag: str) -> bool:
    """RFC 9110, section 13.1.2: weak comparison."""
    if if_none_match == etag:
        return True
    return any(tag in ("*", etag) for tag in _tags(if_none_match))


def _tags(text: str) -> Iterable[str]:
    return (tag.strip().removeprefix("W/") for tag in text.split(","))
