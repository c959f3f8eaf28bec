"""A client that holds every answer against openapi.json, so that the description cannot lie."""

import functools
import json
import re
from typing import Any

import jsonschema
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class ContractClient(FlaskClient):
    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        ensure_described(self.application.extensions["afterword.describe"](), response)
        return response


def ensure_described(spec: dict[str, Any], response: TestResponse) -> None:
    """Raises AssertionError when the description does not allow an answer of a described URL."""
    request = response.request
    path = next((path for path in spec["paths"] if _pattern(path).fullmatch(request.path)), None)
    if path is None or request.method in ("OPTIONS", "HEAD"):
        return
    operation = spec["paths"][path].get(request.method.lower())
    if operation is None:
        assert response.status_code == 405
        return
    status = str(response.status_code)
    assert status in operation["responses"] or status == "304", f"{status} is not described"
    content = operation["responses"].get(status, {}).get("content", {})
    shape = content.get(response.mimetype, {}).get("schema")
    if shape is None:
        assert not content or status == "304", f"{response.mimetype} is not described"
        return
    document = {"$ref": shape["$ref"], "components": spec["components"]}
    jsonschema.Draft202012Validator(document).validate(json.loads(response.data))


@functools.cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
