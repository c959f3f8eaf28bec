"""How often one address may ask, and what counts as one."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.test import TestResponse

from service.api.routes import ROUTES
from service.config import Settings
from service.desk.pages import PAGES
from tests.factories import PAGE, a_comment

T = TypeVar("T")
Undisturbed = Callable[[Callable[[str], T]], T]
SOME_COMMENT = "/v1/comments/01a20478-1041-75b5-aaf4-40af7855f88e"
VOTE = SOME_COMMENT + "/vote"
OURS = {"Origin": "http://localhost"}


@pytest.fixture
def make_client(
    make_app: Callable[[Settings], Flask], settings: Settings, redis: "Redis", news: str
) -> Callable[..., FlaskClient]:
    """A client of a service that limits."""
    return lambda **changes: make_app(replace(settings, limits=True, **changes)).test_client()


@pytest.fixture(params=["Redis", "no Redis"])
def reader(
    request: pytest.FixtureRequest, make_client: Callable[..., FlaskClient], tmp_path: Path
) -> FlaskClient:
    if request.param == "Redis":
        return make_client()
    return make_client(redis_url=f"unix://{tmp_path}/none.sock")


@pytest.fixture
def undisturbed(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Undisturbed:
    """Looks again, from another address, when a busy machine's Redis took longer than it may."""

    def look_again(look: Callable[[str], T]) -> T:
        for number in itertools.count(1):
            caplog.clear()
            seen = look(f"198.51.100.{number}")
            if "no Redis" in request.node.name or "storage unreachable" not in caplog.text:
                return seen
        raise AssertionError

    return look_again


def posts(client: FlaskClient, times: int, address: str, **headers: str) -> list[int]:
    return [
        client.post(
            "/v1/comments",
            json=a_comment(body=f"Text {number}."),
            headers=headers,
            environ_overrides={"REMOTE_ADDR": address},
        ).status_code
        for number in range(times)
    ]


def forms(client: FlaskClient, url: str, times: int, address: str, **fields: str) -> list[int]:
    at = {"REMOTE_ADDR": address}
    return [
        client.post(url, data=fields, headers=OURS, environ_overrides=at).status_code
        for _ in range(times)
    ]


def test_a_limit_holds_with_redis_and_without(reader: FlaskClient, undisturbed) -> None:
    def look(address: str) -> tuple[list[int], TestResponse]:
        at = {"REMOTE_ADDR": address}
        sent = posts(reader, 21, address)
        return sent, reader.post("/v1/comments", json=a_comment(), environ_overrides=at)

    sent, refused = undisturbed(look)
    assert sent == [202] * 20 + [429]
    assert refused.get_json()["code"] == "too-many-requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61


def test_each_address_of_the_api_has_a_limit_of_its_own(reader: FlaskClient, undisturbed) -> None:
    def look(address: str) -> tuple[list[int], list[int], int]:
        at = {"REMOTE_ADDR": address}
        vote = {"json": {"value": 1}, "environ_overrides": at}
        votes = [reader.put(VOTE, **vote).status_code for _ in range(31)]
        deletion = reader.delete(SOME_COMMENT, environ_overrides=at)
        return posts(reader, 21, address), votes, deletion.status_code

    posted, votes, deleted = undisturbed(look)
    assert posted == [202] * 20 + [429]
    assert votes[:30].count(429) == 0
    assert votes[30] == 429
    assert deleted == 401


def test_the_form_and_the_api_count_together(reader: FlaskClient, undisturbed) -> None:
    """Who posts both ways may not post twice as often."""

    def look(address: str) -> list[int]:
        sent = forms(reader, "/embed/thread", 15, address, site="news", page=PAGE)
        return sent + posts(reader, 6, address)

    assert undisturbed(look) == [422] * 15 + [202] * 5 + [429]


def test_each_page_of_the_desk_has_a_limit_of_its_own(reader: FlaskClient, undisturbed) -> None:
    def look(address: str) -> tuple[list[int], list[int]]:
        tokens = forms(reader, "/desk/sign-in/token", 21, address, token="aw_wrong")
        return tokens, forms(reader, "/desk/sign-in", 2, address, email="a@b.example", password="x")

    tokens, passwords = undisturbed(look)
    assert tokens == [401] * 20 + [429]
    assert 429 not in passwords


def test_a_post_costs_redis_one_question(make_client, undisturbed, redis: "Redis") -> None:
    client = make_client()
    undisturbed(lambda address: (redis.flushall(), posts(client, 1, address)))
    assert len(redis.keys("LIMITS*")) == 1


def test_what_an_address_claims_of_itself_counts_for_nothing(make_client, undisturbed) -> None:
    client = make_client()
    names = ("X-Forwarded-For", "X-Real-IP", "Client-IP", "True-Client-IP", "CF-Connecting-IP")

    def look(address: str) -> Iterator[int]:
        for number in range(21):
            forged = dict.fromkeys(names, f"203.0.113.{number}")
            yield from posts(client, 1, address, Forwarded=f"for=203.0.113.{number}", **forged)

    assert undisturbed(lambda address: list(look(address))) == [202] * 20 + [429]


@pytest.mark.parametrize(
    ("told", "other"),
    [
        ("203.0.113.{number}, {address}", "203.0.113.1, 198.51.100.250"),
        ("2001:db8:{network}:2::{number}", "2001:db8:{network}:3::1"),
    ],
)
def test_behind_a_proxy_the_last_address_counts_and_of_ipv6_its_network(
    make_client, undisturbed, told: str, other: str
) -> None:
    client = make_client(proxies=1)

    def look(address: str) -> list[int]:
        network = address.rpartition(".")[2]
        by = [told.format(number=n, address=address, network=network) for n in range(21)]
        by.append(other.format(network=network))
        sent = [posts(client, 1, "127.0.0.1", **{"X-Forwarded-For": one}) for one in by]
        return list(itertools.chain.from_iterable(sent))

    assert undisturbed(look) == [202] * 20 + [429, 202]


def test_what_anybody_may_write_is_limited() -> None:
    unlimited = [
        f"{route.method} {route.rule}"
        for route in ROUTES
        if route.method != "GET" and route.access.permission is None and route.per_minute is None
    ]
    unlimited += [
        page.path
        for page in PAGES
        if page.method == "POST" and not (page.permission or page.own or page.per_minute)
    ]
    assert unlimited == ["/sign-out"]
