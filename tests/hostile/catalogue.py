"""Hostile requests by classes: each class is a table, and meets every door that it fits."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.conftest import ORIGIN
from tests.hostile.doors import JSON, READING, WRITING, Door

CANARY = "zqx7canary"  # stands in what is sent, and in no refusal
KIB = 1024
WHOLE, SHARE = 2, 4


@dataclass(frozen=True)
class Row:
    """One request, and what has to come back: a problem of one of these kinds, or an answer."""

    what: str
    door: Door
    slugs: tuple[str, ...] = ()  # none: it is answered as any other
    method: str = ""
    suffix: str = ""
    query: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.door.name}: {self.what}"


Bytes = Callable[[dict[str, Any]], bytes]


def dumps(valid: dict[str, Any]) -> bytes:
    return json.dumps(valid).encode()


def twice(valid: dict[str, Any]) -> bytes:
    name, value = next(iter(valid.items()), ("a", 1))
    return f'{{"{name}": "{CANARY}", '.encode() + dumps(valid | {name: value})[1:]


def beside(raw: str) -> Bytes:
    """A valid body with one more key, whose value is written like this."""
    return lambda valid: f'{{"{CANARY}": {raw}, '.encode() + dumps(valid)[1:]


def always(raw: bytes) -> Bytes:
    return lambda _: raw


# What is not JSON as it has to be, made from what would be taken.
NO_JSON: dict[str, Bytes] = {
    "nothing": always(b""),
    "only spaces": always(b" \t\r\n" * 99),
    "half of a body": lambda valid: dumps(valid)[:-1],
    "something after the end": lambda valid: dumps(valid) + b"{}",
    "a byte that is no UTF-8": lambda valid: dumps(valid).replace(b'"', b'"\xff', 1),
    "a slash in more bytes than it takes": always(b'{"a": "\xc0\xaf"}'),
    "half of a surrogate pair, in bytes": always(b'{"a": "\xed\xa0\xbd"}'),
    "half of a surrogate pair, escaped": beside(r'"\udc00\ud800"'),
    "half of a pair as a key": always(rb'{"\ud83d": 1}'),
    "UTF-16": lambda valid: json.dumps(valid).encode("utf-16"),
    "UTF-32 without a mark": lambda valid: json.dumps(valid).encode("utf-32-le"),
    "a byte order mark": lambda valid: b"\xef\xbb\xbf" + dumps(valid),
    "one key twice": twice,
    "one key twice, once escaped": lambda _: rb'{"site": "news", "s\u0069te": "news"}',
    "one key twice, far inside": beside('{"a": {"b": 1, "b": 2}}'),
    "a number that is none": beside("NaN"),
    "an infinite number": beside("-Infinity"),
    "a number of thousands of digits": beside("7" * 6000),
    "a number that begins with 0": beside("0123"),
    "hexadecimal": beside("0xff"),
    "a comment": lambda valid: b"/* */" + dumps(valid),
    "single quotes": lambda valid: dumps(valid).replace(b'"', b"'"),
    "a comma too many": lambda valid: dumps(valid)[:-1] + b",}",
    "a control character": always(b'{"a": "\x01"}'),
    "lists in lists": always(b"[" * 32_000),
    "objects in objects": always(b'{"":' * 9_000),
    "lists in lists that end": always(b"[" * 30_000 + b"]" * 30_000),
    "depth behind a text that looks like depth": beside('"' + "[" * 99 + '\\"", "a": ' + "[" * 21),
}
# JSON, but of no kind that any door takes.
NO_OBJECT: dict[str, Bytes] = {
    "a list": always(b"[]"),
    "a text": always(json.dumps(CANARY).encode()),
    "a number": always(b"-0"),
    "true": always(b"true"),
    "null": always(b"null"),
    "nearly too deep": lambda _: b"[" * 20 + b"]" * 20,
}
# One more key. What was not meant to be set cannot be set.
NO_FIELD: dict[str, Bytes] = {
    **{
        name: lambda valid, name=name: dumps(valid | {name: CANARY})  # type: ignore[misc]
        for name in ("__proto__", "constructor", "id", "state", "badge", "is_admin", "$where", "",
                     "created_at", "site_id", "decided_by", "nul\0", "f" * 9_000)
    },
    "thousands of keys": lambda valid: dumps(valid | {f"k{n}": n for n in range(4_000)}),
    "keys whose hashes collide": lambda valid: dumps(
        valid | {str(n * ((1 << 61) - 1)): 0 for n in range(1, 1_500)}
    ),
    "keys that differ by marks alone": lambda valid: dumps(
        valid | {"e" + "\u0301" * n: 0 for n in range(90)}
    ),
}  # fmt: skip
# Instead of a text.
NO_TEXT: dict[str, Any] = {
    "a number": 7, "true": True, "a list": [CANARY], "an object": {"$ne": CANARY}, "a list in lists": [[[]]],
    "with U+0000": f"{CANARY}\0", "a megabyte less a little": CANARY * 6_000,
}  # fmt: skip
BOMB = gzip.compress(bytes(1 << 26))  # 64 MiB in as many kilobytes
HEADERS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("without a type", {"Content-Type": ""}, "unsupported-media-type"),
    ("as text, which asks no preflight", {"Content-Type": "text/plain"}, "unsupported-media-type"),
    ("as a form", {"Content-Type": "application/x-www-form-urlencoded"}, "unsupported-media-type"),
    ("as a form with files", {"Content-Type": "multipart/form-data; boundary=b"}, "unsupported-media-type"),
    ("in UTF-7", {"Content-Type": "application/json; charset=utf-7"}, "unsupported-media-type"),
    ("as two types", {"Content-Type": "application/json, text/html"}, "unsupported-media-type"),
    ("as a relative of JSON", {"Content-Type": "application/ld+json"}, "unsupported-media-type"),
    ("as JSON hidden in a parameter", {"Content-Type": "text/plain; application/json"}, "unsupported-media-type"),
    ("packed", {"Content-Encoding": "gzip"}, "unsupported-encoding"),
    ("packed three times", {"Content-Encoding": "br, deflate, gzip"}, "unsupported-encoding"),
    ("packed by what nobody knows", {"Content-Encoding": CANARY}, "unsupported-encoding"),
    ("with a header of 16 kB", {"X-Filler": "f" * 16 * KIB}, "header-too-large"),
    ("with 16 kB of cookies", {"Cookie": "; ".join(f"c{n}={'c' * 50}" for n in range(300))}, "header-too-large"),
    ("with hundreds of headers", {f"X-Filler-{n}": "filler" for n in range(700)}, "header-too-large"),
)  # fmt: skip
HOST = ORIGIN.removeprefix("https://")
FOREIGN = {
    "of no page": "null",
    "of another site": "https://evil.example",
    "that begins like the site's": f"{ORIGIN}.evil.example",
    "that ends like the site's": f"https://evil-{HOST}",
    "of the site without TLS": f"http://{HOST}",
    "of the site at another port": f"{ORIGIN}:8443",
    "with a name before the site's": f"https://{HOST}@evil.example",
    "with a dot after the site's": f"{ORIGIN}.",
    "in capitals": ORIGIN.upper(),
    "twice": f"{ORIGIN}, https://evil.example",
}
# What anybody can claim and nobody may believe.
CLAIMS: dict[str, dict[str, str]] = {
    "a host before ours": {"X-Forwarded-Host": "evil.example"},
    "an address before ours": {"X-Forwarded-Prefix": "/evil.example"},
    "another address": {"X-Original-URL": "/desk/", "X-Rewrite-URL": "/desk/"},
    "no TLS": {"X-Forwarded-Scheme": "http", "X-Forwarded-Proto": "evil.example"},
    "all of it at once": {"Forwarded": "for=127.0.0.1;host=evil.example;proto=evil.example"},
    "another method": {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE"},
    "a tag of what it has": {"If-None-Match": '*, W/"evil.example"'},
    "a time to come": {"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"},
    "a range": {"Range": "bytes=0-0,1-1,2-2"},
    "no encoding at all": {"Accept-Encoding": "identity;q=0, *;q=0"},
    "another type": {"Accept": "text/html"},
}
# Values of a parameter that takes any text: pages, names, words to search for.
TEXTS = (
    "' OR '1'='1", "'; DROP TABLE comments;--", "x' UNION SELECT token_hash FROM tokens--", "%", "_", "\\", "%%%",
    "../../../etc/passwd", "..%2f..%2f", "//evil.example", "http://[::1", "http://x:99999999/", "file:///etc/passwd",
    "\\\\evil.example\\c$", "<script>alert(1)</script>", "{{7*7}}", "${7*7}", "%(a)s", "{0.__class__}", "\u2028", "a\u0301" * 60,
    "\u202eabc", "\r\nSet-Cookie: a=b", "javascript:alert(1)", "-1", "1e400", "NaN", "\U0010ffff", '"', '"' * 60, "(((", "a AND", "NEAR(",
)  # fmt: skip


def rows() -> Iterator[tuple[str, list[Row]]]:
    """Every class meets every door. All doors of a kind share their reading and writing, so that
    the first of them meet each row, and every other door a part of them, always another."""
    for number, door in enumerate(WRITING):
        share = 1 if number < WHOLE else SHARE
        for name, made in {
            "no JSON": of_bodies(door, NO_JSON, "invalid-json"),
            "no object": of_bodies(door, NO_OBJECT, "invalid-request"),
            "no field": of_bodies(door, NO_FIELD, "invalid-request", "payload-too-large"),
            "no text": of_texts(door),
            "headers": of_headers(door),
            "origins": of_origins(door),
        }.items():
            yield f"{door.name}, {name}", made[number % share :: share]
    for number, door in enumerate(READING):
        share = 1 if number == 0 else SHARE
        yield f"{door.name}, queries", of_queries(door)[number % share :: share]
        yield (
            f"{door.name}, claims",
            [Row(f"claims {w}", door, headers=h) for w, h in CLAIMS.items()],
        )
        yield f"{door.name}, methods", of_methods(door)


def of_bodies(door: Door, bodies: Mapping[str, Bytes], *slugs: str) -> list[Row]:
    return [Row(what, door, slugs, body=make(door.valid)) for what, make in bodies.items()]


def of_texts(door: Door) -> list[Row]:
    """Each field that takes a text, one after the other, given something else."""
    return [
        Row(f"{name} is {what}", door, ("invalid-request", "payload-too-large", "not-found"),
            body=dumps(door.valid | {name: value}))
        for name in door.texts for what, value in NO_TEXT.items()
    ]  # fmt: skip


def of_headers(door: Door) -> list[Row]:
    valid = dumps(door.valid)
    rows = [Row(what, door, (slug,), body=valid, headers=given) for what, given, slug in HEADERS]
    large = b" " * door.most_bytes + valid
    rows.append(Row("a bomb", door, ("unsupported-encoding",), body=BOMB[: 60 * KIB],
                    headers={"Content-Encoding": "gzip"}))  # fmt: skip
    return [*rows, Row("larger than anybody needs", door, ("payload-too-large",), body=large)]


def of_origins(door: Door) -> list[Row]:
    valid = dumps(door.valid)
    return [
        Row(f"an Origin {what}", door, ("origin-not-allowed",), body=valid, headers={"Origin": origin})
        for what, origin in FOREIGN.items()
    ]  # fmt: skip


def of_queries(door: Door) -> list[Row]:
    refused = ("invalid-request", "not-found", *([""] if door.lenient else []))
    made = [
        Row(f"{name}={text[:24]!r}", door, ("", *refused), query=f"{name}={quote(text)}")
        for name in door.parameters for text in TEXTS
    ]  # fmt: skip
    for name in (*door.parameters, "unheard_of"):
        made += [
            Row(f"{name} with U+0000", door, refused, query=f"{name}=a%00{CANARY}"),
            Row(f"{name} that is no UTF-8", door, refused, query=f"{name}=%ff%c0%af"),
            Row(f"{name} with half of a pair", door, refused, query=f"{name}=%ed%a0%80"),
            Row(f"{name} of 9000 letters", door, refused, query=f"{name}={CANARY * 900}"),
        ]
        if name not in door.repeated:
            made.append(Row(f"{name} twice", door, refused, query=f"{name}=a&{name}=b"))
    return made


def of_methods(door: Door) -> list[Row]:
    refused = ("method-not-allowed", "not-found")
    suffixes = (
        "/style.css",
        "/.css",
        "%2f.js",
        ";.css",
        "/../../etc/passwd",
        "/%00",
        "/" + "x" * 5_000,
    )
    return [
        *[Row(f"{method} it", door, refused, method=method) for method in ("TRACE", "PROPFIND", "X")],
        *[Row(f"at {suffix[:20]}", door, ("not-found", "method-not-allowed"), suffix=suffix) for suffix in suffixes],
        Row("with a body", door, body=b"b" * 100_000, headers=JSON),
    ]  # fmt: skip
