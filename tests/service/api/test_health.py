"""Figures are for operators."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.config import Settings


def test_figures_are_for_this_machine_or_who_has_the_token(
    make_app: Callable[[Settings], Flask], settings: Settings, client: FlaskClient
) -> None:
    def asked(one: FlaskClient, address: str, **headers: str) -> int:
        at = {"REMOTE_ADDR": address}
        return one.get("/metrics", headers=headers, environ_overrides=at).status_code

    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert asked(client, address) == 200
        assert asked(client, address, **{"X-Forwarded-For": "127.0.0.1"}) == 401, "a proxy asks"
    for address in ("198.51.100.7", "10.0.0.1", "2001:db8::1", "::1234"):
        assert asked(client, address) == 401
    token = "e41d8c97f0a26b35"
    guarded = make_app(replace(settings, metrics_token=token)).test_client()
    for wrong in ("", token, f"Bearer {token}x", f"bearer {token}", "Bearer \xfc"):
        assert asked(guarded, "127.0.0.1", Authorization=wrong) == 401
    assert asked(guarded, "198.51.100.7", Authorization=f"Bearer {token}") == 200


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_says_nothing_else(client: FlaskClient, path: str) -> None:
    said = client.get(path).get_json()
    assert set(said) <= {"status", "database", "redis"}
    assert set(said.values()) <= {"ok", "degraded", "away", "unavailable"}
