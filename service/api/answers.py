"""How answers are written: JSON bytes, and for public ones the headers that caches need."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response, request

# A browser asks each time, which costs a 304: a reader who reloads sees what was decided. Shared
# caches may answer for a short while.
PUBLIC = "public, max-age=0, s-maxage=2"


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer for whoever asked alone."""
    content = b"" if data is None else json_bytes(data)
    response = Response(content, status, headers, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def public_answer(content: bytes, content_type: str = "application/json") -> Response:
    """The same bytes for everybody, with a strong ETag made from them; 304 to who has them."""
    response = Response(content, content_type=content_type)
    response.headers["Cache-Control"] = PUBLIC
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.make_conditional(request)
    return response


def public_json(data: Any) -> Response:
    return public_answer(json_bytes(data))


def json_bytes(data: Any) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_UTC_Z)
