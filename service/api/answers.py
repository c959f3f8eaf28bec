"""How answers are written: JSON bytes, and for public ones the headers that caches need."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from flask import Response, request

# A browser asks each time, which costs a 304: a reader who reloads sees what was decided. Shared
# caches may answer for a short while, and once more while they ask again; that is said in the
# header for them alone (RFC 9213), since browsers, too, heed stale-while-revalidate.
PUBLIC = "public, max-age=0, s-maxage=2"
PUBLIC_FOR_CDN = "public, max-age=2, stale-while-revalidate=2"
# Files that change only when Afterword is installed anew.
PUBLIC_FILE = "public, max-age=300, s-maxage=300, stale-while-revalidate=86400"


class Ready(Response):
    """Whole bytes under headers that need no correction: nothing is left to find out about them.

    As a list, which servers send at once. They stream what else they are given.
    """

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "HEAD" or not 200 <= self.status_code < 204:
            return super().__call__(environ, start_response)
        start_response(self.status, self.headers.to_wsgi_list())
        return [self.get_data()]


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer for whoever asked alone."""
    content = b"" if data is None else json_bytes(data)
    response = Ready(content, status, headers, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def public_answer(
    content: bytes, content_type: str = "application/json", *, depends_on: Iterable[str]
) -> Response:
    """The same bytes for everybody, with a strong ETag made from them; 304 to who has them.

    `depends_on` are keys of service/domain/cache_keys.py. Whoever keeps the answer can be told to
    throw it away by them, under the names that Fastly and Varnish or Cloudflare and Akamai use.
    """
    response = Response(content, content_type=content_type)
    keys = sorted(depends_on)
    response.headers["Cache-Control"] = PUBLIC if keys else PUBLIC_FILE
    if keys:
        response.headers["CDN-Cache-Control"] = PUBLIC_FOR_CDN
        response.headers["Surrogate-Key"] = " ".join(keys)
        response.headers["Cache-Tag"] = ",".join(keys)
    response.set_etag(etag_of(content))
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def etag_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


def public_json(data: Any, *, depends_on: Iterable[str]) -> Response:
    return public_answer(json_bytes(data), depends_on=depends_on)


def json_bytes(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC)
