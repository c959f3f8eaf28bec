"""openapi.json, made from the table of routes and the schemas that serve the requests."""

import re
from functools import cache
from importlib.metadata import version
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from service.api import desk_session, readers
from service.api.access import Access
from service.api.problem_schemas import ProblemOut
from service.api.problem_types import PROBLEMS
from service.api.problems import CONTENT_TYPE
from service.api.routes import ROUTES, Route

ALWAYS = (
    "bad-request", "method-not-allowed", "header-too-large", "internal-error", "busy",
    "unavailable",
)  # fmt: skip
SECURITY: dict[Access, list[dict[str, list[str]]]] = {
    Access.AUTHOR: [{"edit": []}],
    **{one: [{"bearer": []}, {"desk": [], "csrf": []}] for one in Access if one.permission},
}


@cache
def describe() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1; made when it is first asked for, since it takes a while."""
    spec = APISpec(
        title="Afterword",
        version=version("afterword"),
        openapi_version="3.1.0",
        info={"description": "Comment moderation for newsrooms.", "license": {"name": "MIT"}},
        plugins=[MarshmallowPlugin(schema_name_resolver=_name)],
    )
    edit_meaning = {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "Edit <edit_token>",
    }
    reader_meaning = {**edit_meaning, "description": "Reader <token signed by the publisher>"}
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    spec.components.security_scheme("edit", edit_meaning)
    spec.components.security_scheme("reader", reader_meaning)
    cookie = {"type": "apiKey", "in": "cookie", "name": desk_session.SECURE_COOKIE}
    csrf = {"type": "apiKey", "in": "header", "name": desk_session.CSRF_HEADER}
    spec.components.security_scheme("desk", cookie)
    spec.components.security_scheme("csrf", csrf)
    for route in ROUTES:
        spec.path(path=_path(route.rule), operations={route.method.lower(): _operation(route)})
    document: dict[str, Any] = spec.to_dict()
    return document


def _name(schema: Any) -> str:
    shape = schema if isinstance(schema, type) else type(schema)
    return str(shape.__name__)


def _path(rule: str) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.view.__name__,
        "summary": route.summary,
        "description": (route.view.__doc__ or "").strip(),
        "tags": [
            "moderators"
            if route.access.permission
            else "readers"
            if route.rule.startswith("/v1/")
            else "operators"
        ],
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.access in SECURITY:
        operation["security"] = SECURITY[route.access]
    if route.takes_signed:
        operation["security"] = [{}, {"reader": []}]
    if route.body:
        operation["requestBody"] = {"required": True, "content": _json(route.body)}
    return operation


def _parameters(route: Route) -> list[Any]:
    found: list[Any] = [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "string"} | ({"format": kind} if kind == "uuid" else {}),
        }
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.rule)
    ]
    if route.query:
        found.append({"in": "query", "schema": route.query})
    if route.idempotent:
        meaning = "Sending the same again with the same key makes no second comment."
        found.append(
            {
                "in": "header",
                "name": "Idempotency-Key",
                "description": meaning,
                "schema": {"type": "string", "maxLength": 200},
            }
        )
    if route.tells_readers:
        found.append(
            {
                "in": "header",
                "name": readers.HEADER,
                "description": readers.MEANING,
                "schema": {"type": "string", "pattern": f"^{readers.ID.pattern}$"},
            }
        )
    return found


def _responses(route: Route) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status, shape in route.answers.items():
        answers[str(status)] = {"description": route.summary} | (
            {"content": _json(shape)} if shape else {}
        )
    slugs = {*ALWAYS, *route.problems}
    if route.access.permission:
        slugs |= {"unauthenticated", "forbidden", "origin-not-allowed"}
    if route.takes_signed:
        slugs.add("unauthenticated")
    if route.access is Access.AUTHOR:
        slugs |= {"unauthenticated", "forbidden"}
    if route.query or route.body:
        slugs.add("invalid-request")
    if route.body:
        slugs |= {
            "invalid-json",
            "payload-too-large",
            "unsupported-media-type",
            "unsupported-encoding",
        }
    if route.per_minute:
        slugs.add("too-many-requests")
    for status in sorted({PROBLEMS[slug].status for slug in slugs}):
        same = [slug for slug in sorted(slugs) if PROBLEMS[slug].status == status]
        answers.setdefault(str(status), _problems(same))
    return answers


def _json(shape: type[Schema]) -> dict[str, Any]:
    return {"application/json": {"schema": shape}}


def _problems(slugs: list[str]) -> dict[str, Any]:
    meaning = " ".join(f"{slug}: {PROBLEMS[slug].meaning}" for slug in slugs)
    return {"description": meaning, "content": {CONTENT_TYPE: {"schema": ProblemOut}}}
