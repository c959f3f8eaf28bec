"""Requests that schemathesis makes up by the API's own description, and against it."""

from collections.abc import Callable

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.schemas import APIOperation
from sqlalchemy.orm import Session

from tests.hostile.doors import AUTHOR, MODERATOR
from tests.hostile.stage import Stage, set_up

SHARE = 33  # of the examples that other properties get: there are so many operations
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance", "response_headers_conformance",
)  # fmt: skip
# It is the stricter of the two, and asked of each value whether it can hold it.
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@POSTGRESQL
def test_whatever_is_described_or_is_not_is_answered_as_described(
    app: Flask, client: FlaskClient, session: Session, bearer: dict[str, str],
    judge: Callable[..., int],
) -> None:  # fmt: skip
    stage = set_up(session, client, bearer, judge)
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    for result in schema.get_all_operations():
        operation = result.ok()
        send_some(stage, operation, GenerationMode.POSITIVE)
        if operation.body or operation.query or operation.path_parameters:
            send_some(stage, operation, GenerationMode.NEGATIVE)


def send_some(stage: Stage, operation: APIOperation, mode: GenerationMode) -> None:
    checks = [schemathesis.checks.CHECKS.get_one(name) for name in CHECKS]
    who = AUTHOR if operation.path == "/v1/comments/{id}" else MODERATOR

    @settings(
        max_examples=settings.default.max_examples // SHARE,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode), st.booleans())
    def send(case: Case, is_real: bool) -> None:
        if is_real:
            make_real(stage, case)
        answer = case.call(headers=stage.headers[who])
        case.validate_response(answer, checks=checks)

    send()


def make_real(stage: Stage, case: Case) -> None:
    """About what there is, else nearly all of it would be about nothing."""
    for fields in (case.path_parameters, case.query, case.body):
        if isinstance(fields, dict):
            real = {"site": "news", "id": stage.names["public"]}
            fields.update({name: value for name, value in real.items() if name in fields})
