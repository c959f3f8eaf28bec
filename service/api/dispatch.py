"""From the route table to Flask: who may, what was sent, then the view; the same for every URL."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from flask import Flask, Response, request
from flask_limiter import Limiter
from marshmallow import Schema, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from service.actions.errors import OriginNotAllowed
from service.api import access, problems, strict_json
from service.api.limits import limited
from service.api.routes import ROUTES, Route

QUERIES = 500  # that are remembered of a route
MEDIA_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=utf-8",
)


def register(app: Flask, limiter: Limiter) -> None:
    for route in ROUTES:
        name = f"{route.method} {route.rule}"
        view = _endpoint(route)
        if route.per_minute is not None:
            view = limited(limiter, view, per_minute=route.per_minute, scope=name)
        app.add_url_rule(route.rule, name, view, methods=[route.method])
    app.after_request(_cors)


CORS_RULES = {route.rule for route in ROUTES if route.cors}


def _cors(response: Response) -> Response:
    rule = request.url_rule.rule if request.url_rule else None
    return access.add_cors(response) if rule in CORS_RULES else response


def _endpoint(route: Route) -> Callable[..., Response]:
    load_query = (
        _query_loader(route.query(), remembers=route.access is access.Access.ANYONE)
        if route.query
        else None
    )
    body = route.body() if route.body else None

    def endpoint(**path: Any) -> Response:
        request.max_content_length = route.most_bytes
        if route.access.permission is not None:
            _ensure_same_site()
            access.identify(route.access.permission)
        given = dict(path)
        if load_query is not None:
            given["query"] = load_query(request.query_string)
        if body is not None:
            if (refusal := _unreadable()) is not None:
                return refusal
            given["body"] = _load_body(body)
        return route.view(**given)

    return endpoint


def _ensure_same_site() -> None:
    """Moderators' tokens are used by programs and by our own pages, never by other websites."""
    origin = request.headers.get("Origin")
    # The scheme is not compared: behind a proxy that ends TLS we may not know our own.
    if origin is not None and origin.partition("://")[2] != request.host:
        raise OriginNotAllowed("Other websites may not use a moderator's token.")


def _query_loader(schema: Schema, *, remembers: bool) -> Callable[[bytes], Any]:
    """Readers ask for the same pages again and again: their queries are read once."""
    repeated = {name for name, field in schema.fields.items() if field.metadata.get("repeated")}

    def load(query: bytes) -> Any:
        try:
            unquote_to_bytes(query).decode()
            pairs = parse_qsl(query.decode(), keep_blank_values=True)
        except UnicodeDecodeError as error:
            raise ValidationError("The query is not UTF-8.") from error
        return schema.load(_once(MultiDict(pairs), repeated=repeated))

    return lru_cache(QUERIES)(load) if remembers else load


def _once(args: MultiDict[str, str], *, repeated: set[str]) -> dict[str, Any]:
    """Parameters that are given twice would mean one thing here and another elsewhere."""
    given: dict[str, Any] = {}
    for name, values in args.lists():
        if name in repeated:
            given[name] = values
        elif len(values) > 1:
            raise ValidationError({name: ["Given more than once."]})
        else:
            given[name] = values[0]
    return given


def _unreadable() -> Response | None:
    if request.headers.get("Content-Type", "").lower() not in MEDIA_TYPES:
        return problems.response("unsupported-media-type")
    return None


def _load_body(schema: Schema) -> Any:
    content = request.get_data(cache=False)
    # Werkzeug refuses what announces itself as too long, and cuts off what does not.
    if request.content_length is None and len(content) >= (request.max_content_length or 0):
        raise RequestEntityTooLarge
    data = strict_json.parse(content)
    if not isinstance(data, dict):
        raise ValidationError("The body must be a JSON object.")
    return schema.load(data)
