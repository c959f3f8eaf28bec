"""What is kept of readers on the way through: no address as it is, and nothing that it is not."""

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import update
from sqlalchemy.orm import Session

from service.config import Settings
from service.store.reader_tables import Report
from tests.factories import a_comment, a_reader, post

ADDRESS = "203.0.113.77"


def test_redis_counts_requests_without_knowing_addresses(
    make_app: Callable[[Settings], Flask], settings: Settings, redis: Redis, news: str
) -> None:
    client = make_app(replace(settings, limits=True)).test_client()
    for address in (ADDRESS, "203.0.113.78", ADDRESS):
        given = {"REMOTE_ADDR": address}
        answer = client.post("/v1/comments", json=a_comment(), environ_overrides=given)
        assert answer.status_code == 202
    keys = [key.decode() for key in redis.scan_iter()]
    print(*keys, sep="\n")
    assert len({by for key in keys for by in re.findall("/([0-9a-f]{40})/", key)}) == 2
    assert not any("203.0.113" in key for key in keys)


def test_a_report_whose_address_is_forgotten_is_not_one_of_a_signed_reader(
    client: FlaskClient, judge: Callable[..., int], session: Session, bearer: dict[str, str]
) -> None:
    comment = post(client)["id"]
    judge()
    report = {"reason": "spam", "note": "Read it yourself."}
    client.post(f"/v1/comments/{comment}/reports", json=report, headers=a_reader(1))
    session.execute(update(Report).values(address_hash=""))
    session.commit()
    found = client.get(f"/v1/moderation/comments/{comment}", headers=bearer).get_json()
    assert [one["signed"] for one in found["reports"]] == [False]
