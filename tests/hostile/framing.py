"""Bytes on a connection of which two servers could make different requests: a table."""

import json
from dataclasses import dataclass

from tests.e2e.running import SITE
from tests.factories import a_comment

KIB = 1024
EVIL = b"evil.example"
HOST, JSON = b"Host: 127.0.0.1", b"Content-Type: application/json"
FORM = b"Content-Type: application/x-www-form-urlencoded"
CHUNKED = b"Transfer-Encoding: chunked"
END = b"0\r\n\r\n"
BODY = json.dumps(a_comment(site=SITE)).encode()


def request(line: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    return b"\r\n".join([line, *headers, b"", body])


def get(*headers: bytes, line: bytes = b"GET /livez HTTP/1.1") -> bytes:
    return request(line, HOST, *headers)


def post(*headers: bytes, body: bytes = BODY, version: bytes = b"HTTP/1.1") -> bytes:
    return request(b"POST /v1/comments " + version, HOST, JSON, *headers, body=body)


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


def length(data: bytes, by: bytes = b"%d") -> bytes:
    return b"Content-Length: " + by.replace(b"%d", b"%d" % len(data))


WHOLE = length(BODY)
HIDDEN = post(WHOLE)  # in another's body; it would be stored if it were taken for a request
LAST = get(b"Connection: close")  # sent after each row: where does the server see its beginning?


@dataclass(frozen=True)
class Row:
    """What is sent before LAST, and the statuses of all answers; of LAST it is 200."""

    what: str
    sent: bytes
    statuses: tuple[int, ...] = (400,)  # and then the server hangs up

    @property
    def stored(self) -> int:
        return self.statuses.count(202)


CHUNKS = (
    Row("a body in one chunk", post(CHUNKED, body=chunk(BODY) + END), (202, 200)),
    Row("in chunks of one byte", post(CHUNKED, body=b"".join(chunk(BODY[n : n + 1]) for n in range(len(BODY))) + END), (202, 200)),
    Row("with an extension", post(CHUNKED, body=chunk(BODY, b';a=b;c="d"') + END), (202, 200)),
    Row("with trailers, which are not believed", post(CHUNKED, body=chunk(BODY) + b"0\r\nX-Forwarded-For: 1.2.3.4\r\nContent-Length: 3\r\n\r\n"), (202, 200)),
    Row("with coding in capitals", post(CHUNKED.upper(), body=chunk(BODY) + END), (202, 200)),
    Row("with 32 kB of extensions", post(CHUNKED, body=chunk(BODY, b";a=b" * 8 * KIB) + END)),
    Row("with a size of other letters", post(CHUNKED, body=b"zz\r\n" + BODY + b"\r\n" + END)),
    Row("with a size below nothing", post(CHUNKED, body=b"-5\r\n" + BODY + b"\r\n" + END)),
    Row("with a size in 0x", post(CHUNKED, body=b"0x" + chunk(BODY) + END)),
    Row("with a size of 68 bits", post(CHUNKED, body=b"fffffffffffffff05\r\n" + BODY + b"\r\n" + END)),
    Row("without a size", post(CHUNKED, body=b"\r\n" + BODY + b"\r\n" + END)),
    Row("with lines that end in LF", post(CHUNKED, body=b"%x\n" % len(BODY) + BODY + b"\n0\n\n")),
    Row("longer than said, a request in it", post(CHUNKED, body=b"3\r\n" + BODY + b"\r\n" + END + HIDDEN)),
    Row("endless", post(CHUNKED, body=chunk(b" " * KIB) * 200), (413,)),
)  # fmt: skip
LENGTHS = (
    Row("a length twice", post(WHOLE, WHOLE), (202, 200)),
    Row("two lengths, the second shorter", post(length(HIDDEN), length(b""), body=HIDDEN)),
    Row("two lengths, the second longer", post(length(b""), length(HIDDEN), body=HIDDEN)),
    Row("two lengths in one header", post(length(HIDDEN, b"0, %d"), body=HIDDEN)),
    Row("one length twice in one header", post(length(BODY, b"%d, %d"))),
    *(
        Row(f"a length of {text!r}", post(b"Content-Length: " + text, body=HIDDEN))
        for text in (b"-1", b"+0", b"0x0", b"", b"none", b"0.0", b"0;", b"9" * 40)
    ),
    Row("a length that a name's underscore makes another", post(b"Content_Length: 0", WHOLE), (202, 200)),
    Row("a length and chunks", post(length(END), CHUNKED, body=END + HIDDEN)),
    Row("chunks and a length", post(CHUNKED, length(END + HIDDEN), body=END + HIDDEN)),
    Row("chunks twice", post(CHUNKED, CHUNKED, body=chunk(BODY) + END), (400, 200)),
    Row("chunks in HTTP/1.0", post(CHUNKED, body=chunk(BODY) + END, version=b"HTTP/1.0")),
    Row("nothing said, in HTTP/1.0", post(version=b"HTTP/1.0")),
    *(
        Row(f"coded as {text!r}", post(b"Transfer-Encoding: " + text, body=END + HIDDEN))
        for text in (b"xchunked", b"chunked, identity", b"\x0bchunked", b'"chunked"', b"identity")
    ),
    Row("packed, and in chunks", post(b"Transfer-Encoding: gzip, chunked", body=chunk(BODY) + END), (400, 200)),
    Row("coded in two headers", post(CHUNKED, b"Transfer-Encoding: identity", body=END + HIDDEN)),
    Row("a request in the body of a GET", get(length(HIDDEN)) + HIDDEN, (200, 200)),
    Row("a request in the chunks of a GET", get(CHUNKED) + chunk(HIDDEN) + END, (200, 200)),
    Row("a request in the body of a HEAD", get(length(HIDDEN), line=b"HEAD /livez HTTP/1.1") + HIDDEN, (200, 200)),
)  # fmt: skip
NAMES = (
    *(
        Row(f"a header like {text!r}", get(text))
        for text in (b"X Y: a", b"X-Y : a", b": a", b"no colon", b" X: a", b"X-A: a\r\n b", b"X-A: a\0b",
                     b"X\0A: b", b"X-A: a\x01b", b"X-\xff: a", b"X-A: a\rX-B: c")
    ),
    Row("a space after a length's name", post(b"Content-Length : 0", body=HIDDEN)),
    Row("a space after a coding's name", post(b"Transfer-Encoding : chunked", WHOLE)),
    Row("a coding on a line of its own", post(b"Transfer-Encoding:\r\n chunked", body=END + HIDDEN)),
    Row("lines that end in LF", get().replace(b"\r\n", b"\n"), (200, 200)),
    Row("a value of other bytes", get(b"X-A: \xff\xfe"), (200, 200)),
    Row("a header of 600 kB", get(b"X-A: " + b"a" * 600 * KIB), (431,)),
    Row("thousands of headers", get(*(b"X-%d: a" % n for n in range(5_000))), (431,)),
    Row("a second host", get(b"Host: " + EVIL), (400, 200)),
    Row("the same host twice", get(HOST), (400, 200)),
    Row("no host", request(b"GET /livez HTTP/1.1"), (400, 200)),
    *(
        Row(f"a host like {text!r}", request(b"GET /livez HTTP/1.1", b"Host: " + text), (400, 200))
        for text in (b"", b"a b", b"127.0.0.1@" + EVIL, b"127.0.0.1/" + EVIL, b"[::1", b"127.0.0.1:99999999", b"%00")
    ),
    Row("no host in HTTP/1.0", request(b"GET /livez HTTP/1.0", b"Connection: keep-alive"), (200, 200)),
)  # fmt: skip
LINES = (
    *(
        Row(f"a line like {text[:40]!r}", get(line=text))
        for text in (b"GET /livez\0 HTTP/1.1", b"GET /\xff HTTP/1.1", b"GET\t/livez\tHTTP/1.1", b"GET  /livez HTTP/1.1",
                     b"GET /livez HTTP/1.2", b"GET /livez HTTP/2.0", b"GET /livez HTTP/1.1a", b"GET /livez http/1.1",
                     b"GET /livez", b"GET /a b HTTP/1.1", b"G(T /livez HTTP/1.1", b"/livez HTTP/1.1")
    ),
    Row("a line of 300 kB", get(line=b"GET /livez?" + b"a" * 300 * KIB + b" HTTP/1.1"), (414,)),
    Row("a method of 10 kB", get(line=b"A" * 10 * KIB + b" /livez HTTP/1.1"), (405, 200)),
    Row("another's address", get(line=b"GET http://" + EVIL + b"/livez HTTP/1.1"), (200, 200)),
    Row("another's address, for links", get(line=b"GET http://" + EVIL + b"/desk HTTP/1.1"), (308, 200)),
    Row("a name and a port", get(line=b"GET " + EVIL + b":443 HTTP/1.1"), (404, 200)),
    Row("another's name as a path", get(line=b"GET //" + EVIL + b"/livez HTTP/1.1"), (404, 200)),
    Row("no path", get(line=b"OPTIONS * HTTP/1.1"), (404, 200)),
    Row("a method in small letters", get(line=b"get /livez HTTP/1.1"), (400, 200)),
    Row("a post in small letters", post(WHOLE).replace(b"POST", b"post"), (400, 200)),
    Row("TRACE", get(b"Authorization: Bearer secret", line=b"TRACE /livez HTTP/1.1"), (405, 200)),
    Row("CONNECT to a path", get(line=b"CONNECT /livez HTTP/1.1"), (405, 200)),
    Row("CONNECT", get(line=b"CONNECT " + EVIL + b":443 HTTP/1.1"), (404, 200)),
)  # fmt: skip
PROTOCOLS = (
    Row("requests in a row", get() * 3 + post(WHOLE) + get(), (200, 200, 200, 202, 200, 200)),
    Row("lines before a request", b"\r\n" * 3 + get(), (200, 200)),
    Row("a body when it is asked for", post(b"Expect: 100-continue", WHOLE), (100, 202, 200)),
    Row("another expectation", post(b"Expect: a-miracle", WHOLE), (202, 200)),
    Row("too much, when it is asked for", post(b"Expect: 100-continue", b"Content-Length: 99999999"), (413,)),
    Row("a web socket", get(b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
                            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), (400, 200)),
    Row("HTTP/2 by an upgrade", get(b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c",
                                    b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"), (200, 200)),
    Row("HTTP/2 at once", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0", ()),
    Row("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)),
    Row("no text at all", bytes(range(256)) * 40),
)  # fmt: skip
ROWS = (*CHUNKS, *LENGTHS, *NAMES, *LINES, *PROTOCOLS)
# Of these the server sees no end. The client hangs up instead.
UNFINISHED = (
    post(CHUNKED, body=BODY[:9]),
    post(CHUNKED, body=chunk(BODY[:-1])),
    post(CHUNKED, body=b"ffffffffffffffff\r\n" + BODY[:-1]),
    post(length(BODY + b" ")),
    post(b"Content-Length: 60000"),
    get()[:-2],
    get(b"X-A: a")[:-5],
    b"\r\n" * KIB,
)
