"""Errors as RFC 9457 problems: one table from what went wrong to what the client is told."""

import logging
import traceback
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import orjson
from flask import Flask, Response
from marshmallow import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from werkzeug.exceptions import HTTPException

from service.actions import errors
from service.api.problem_types import PROBLEMS
from service.api.strict_json import InvalidJson
from service.domain.wording import Said

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 2
MOST_FIELDS = 50  # of which a refusal says what is wrong with them
LONGEST_NAME = 200  # of a field; longer ones are none of ours, and cut


REFUSALS: Mapping[type[errors.Refused], str] = {
    errors.NotFound: "not-found",
    errors.OriginNotAllowed: "origin-not-allowed",
    errors.ForeignPage: "invalid-request",
    errors.Unauthenticated: "unauthenticated",
    errors.Forbidden: "forbidden",
    errors.IdentityRequired: "forbidden",
    errors.ThreadClosed: "forbidden",
    errors.ThreadIsSlow: "too-many-requests",
    errors.ParentNotFound: "invalid-request",
    errors.KeyReused: "idempotency-mismatch",
    errors.EditWindowClosed: "forbidden",
    errors.OwnComment: "forbidden",
    errors.TooManyVotes: "forbidden",
    errors.UnknownReason: "invalid-request",
    errors.IllegalMove: "illegal-move",
    errors.StateMoved: "conflict",
    errors.StandingMoved: "conflict",
    errors.PolicyMoved: "conflict",
    errors.TooManyReplays: "too-many-replays",
    errors.TooManyGuesses: "too-many-requests",
    errors.AlreadyExists: "conflict",
    errors.Refused: "invalid-request",
}
INVALID = "invalid"  # the code of a message that has none of its own
OF_FIELD = {"author.email": "email-wrong"}  # where the library's words come without a code
FIELDS = {
    errors.ParentNotFound: "parent",
    errors.ForeignPage: "page_url",
    errors.UnknownReason: "reason",
}
BY_STATUS = {problem.status: problem for problem in reversed(PROBLEMS.values())}


def response(slug: str, detail: str = "", **more: Any) -> Response:
    problem = PROBLEMS[slug]
    body = {
        "type": f"/problems/{slug}",
        "code": slug,
        "title": problem.title,
        "status": problem.status,
        "detail": detail or problem.meaning,
        **more,
    }
    answer = Response(orjson.dumps(body), problem.status, content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    if problem.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def register(app: Flask) -> None:
    app.register_error_handler(errors.Refused, _refused)
    app.register_error_handler(InvalidJson, _invalid_json)
    app.register_error_handler(ValidationError, _invalid_request)
    app.register_error_handler(HTTPException, _http)
    for error in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(error, _database_away)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: errors.Refused) -> Response:
    more: dict[str, Any] = {}
    if isinstance(error, errors.StateMoved):
        at = error.at.isoformat() if error.at else None
        more = {"state": error.state, "by": error.by, "at": at}
    slug = REFUSALS[type(error)]
    code = error.code or slug
    if type(error) in FIELDS:
        field = FIELDS[type(error)]
        more = {"errors": {field: [error.detail]}, "codes": {field: [code]}}
    answer = response(slug, error.detail, code=code, **more)
    if isinstance(error, errors.ThreadIsSlow):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def _invalid_json(error: InvalidJson) -> Response:
    return response("invalid-json", str(error))


def _invalid_request(error: ValidationError) -> Response:
    flat = messages_of(error)
    codes = {field: [code_of(field, said) for said in messages] for field, messages in flat.items()}
    return response("invalid-request", _summary(flat), errors=flat, codes=codes)


def messages_of(error: ValidationError) -> dict[str, list[str]]:
    """What is wrong, by field: of the first of them, since one body can have any number."""
    found = _flatten(error.normalized_messages())  # type: ignore[no-untyped-call]
    return {name[:LONGEST_NAME]: messages for name, messages in islice(found, MOST_FIELDS)}


def code_of(field: str, message: str) -> str:
    return message.code if isinstance(message, Said) else OF_FIELD.get(field, INVALID)


def _summary(flat: Mapping[str, list[str]]) -> str:
    name, messages = next(iter(flat.items()))
    return messages[0] if name == "_schema" else f"{name}: {messages[0]}"


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """{"author": {"name": ["…"]}} becomes {"author.name": ["…"]}."""
    if not isinstance(messages, dict):
        yield path, [_text(message) for message in messages]
        return
    for name, inner in messages.items():
        below = f"{path}.{name}" if path and name != "_schema" else path or str(name)
        yield from _flatten(inner, below)


def _text(message: Any) -> str:
    return message if isinstance(message, str) else str(message)


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error  # a redirect, such as to /desk/ with its slash
    problem = BY_STATUS.get(status, PROBLEMS["bad-request" if status < 500 else "internal-error"])
    answer = response(problem.slug)
    answer.status_code = status
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _database_away(error: Exception) -> Response:
    # The message would quote the statement and its values.
    why = {"error": type(error).__name__, "code": _code(getattr(error, "orig", None))}
    log.error("the database does not answer", extra=why)
    return response("unavailable")


def _code(error: BaseException | None) -> str | None:
    """What the database calls it: a full disk is SQLITE_FULL, or 53100 in PostgreSQL."""
    return getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)


def _unexpected(error: Exception) -> Response:
    # Where it happened, but not its message, which may quote what somebody wrote.
    where = traceback.format_tb(error.__traceback__)
    log.error("unexpected error", extra={"error": type(error).__name__, "where": where})
    return response("internal-error")
