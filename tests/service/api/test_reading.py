"""What readers get."""

import re
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from service.api.database import db
from service.store import sites
from service.store.models import Comment, Revision
from tests.factories import PAGE, a_text, edit_header, post, shown

Judge = Callable[..., int]


def test_a_page_nobody_wrote_on_is_empty(client: FlaskClient) -> None:
    assert shown(client) == {
        "site": "news", "page": PAGE, "mode": "open", "count": 0, "comments": [], "next": None,
        "voting": "up", "identity": "optional", "max_characters": 5_000, "edit_minutes": 15,
        "slow_seconds": 0, "note": None,
    }  # fmt: skip
    assert client.get("/v1/comments?site=none&page=x").status_code == 404


def test_every_sort_pages_through_all_comments_once(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    ids = [post(client, body=a_text(number))["id"] for number in range(11)]
    judge()
    for place, comment in enumerate(ids):
        session.execute(update(Comment).where(Comment.id == UUID(comment)).values(score=place % 3))
    session.commit()
    by_score = sorted(ids, key=lambda one: (ids.index(one) % 3, one), reverse=True)
    for sort, expected in (("oldest", ids), ("newest", ids[::-1]), ("top", by_score)):
        seen, after = [], {}
        while True:
            page = shown(client, sort=sort, limit=4, **after)
            seen += [comment["id"] for comment in page["comments"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert seen == expected, sort


def test_times_are_those_of_the_database_in_utc(
    client: FlaskClient, judge: Judge, session: Session
) -> None:
    receipt = post(client)
    judge()
    edit = {"json": {"body": "Better."}, "headers": edit_header(receipt)}
    client.patch(f"/v1/comments/{receipt['id']}", **edit)
    judge()
    [comment] = shown(client)["comments"]
    assert client.get(f"/v1/comments/{receipt['id']}").json["created_at"] == comment["created_at"]
    stored = session.execute(
        select(Comment.created_at, Revision.created_at)
        .join(Revision, Revision.id == Comment.public_revision_id)
        .where(Comment.id == UUID(receipt["id"]))
    ).one()
    times = comment["created_at"], comment["edited_at"]
    assert all(time.endswith("Z") for time in times)
    assert tuple(map(datetime.fromisoformat, times)) == tuple(stored)


def test_replies_are_nested_but_not_without_end(client: FlaskClient, judge: Judge) -> None:
    parent = None
    made = []
    for number in range(15):
        parent = post(client, body=a_text(number), parent=parent)["id"]
        made.append(parent)
        judge()
    depth, level, seen = 0, shown(client)["comments"], []
    while level:
        depth += 1
        seen += [(comment["id"], comment["parent"]) for comment in level]
        level = [reply for comment in level for reply in comment["replies"]]
    assert depth == 11
    assert seen == [(one, before) for before, one in pairwise([None, *made])]


def test_a_page_costs_the_same_number_of_queries_however_long_it_is(
    app: Flask, client: FlaskClient, judge: Judge
) -> None:
    def queries() -> int:
        count = 0

        def note(*_: object) -> None:
            nonlocal count
            count += 1

        shown(client)  # the site is remembered for a second
        with app.app_context():
            sites.forget()  # it is remembered for so long, whatever else the machine does
            event.listen(db.engine, "before_cursor_execute", note)
            shown(client, limit=100)
            event.remove(db.engine, "before_cursor_execute", note)
        return count

    first = post(client)
    judge()
    post(client, parent=first["id"], body="I do agree with that.")
    judge()
    before = queries()
    for number in range(40):
        post(client, body=a_text(number), parent=first["id"] if number % 2 else None)
    judge()
    assert queries() == before


def test_an_answer_is_the_same_bytes_until_something_changes(
    client: FlaskClient, judge: Judge
) -> None:
    query = {"site": "news", "page": PAGE}
    post(client)
    judge()
    first = client.get("/v1/comments", query_string=query)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    # A browser may not keep it unasked: who reloads after a decision has to see it.
    assert first.headers["Cache-Control"].startswith("public, max-age=0")
    same = client.get("/v1/comments", query_string=query, headers={"If-None-Match": tag})
    assert (same.status_code, same.data) == (304, b"")
    head = client.head("/v1/comments", query_string=query)
    assert (head.headers["ETag"], head.data) == (tag, b"")
    post(client, body="Another one.")
    judge()
    changed = client.get("/v1/comments", query_string=query, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


@pytest.mark.parametrize("path", ["/v1/comments", "/v1/counts", "/embed/thread"])
def test_caches_are_told_how_long_and_by_which_names(
    client: FlaskClient, bearer: dict[str, str], path: str
) -> None:
    one, other = ({"site": "news", "page": page} for page in ("one", "other"))
    headers = client.get(path, query_string=one).headers
    assert headers["Cache-Control"] == "public, max-age=0, s-maxage=2"
    # Not in Cache-Control, where browsers would heed it.
    assert headers["CDN-Cache-Control"] == "public, max-age=2, stale-while-revalidate=2"
    keys = set(headers["Surrogate-Key"].split())
    assert keys == set(headers["Cache-Tag"].split(","))
    both = set(client.get(path, query_string=other).headers["Surrogate-Key"].split())
    assert len(keys) == len(both) == 2
    assert len(keys & both) == 1, "the site's key is that of both"
    mine = client.get("/v1/moderation/queue", headers=bearer).headers
    assert "Surrogate-Key" not in mine
    assert mine["Cache-Control"] == "no-store"


def test_counts_of_many_pages_name_each(client: FlaskClient) -> None:
    query = {"site": "news", "page": [f"p{number}" for number in range(100)]}
    keys = client.get("/v1/counts", query_string=query).headers["Surrogate-Key"]
    assert len(keys.split()) == 101
    assert len(keys) < 2_000, "a proxy's buffer for headers is 4 KiB, and there are two of these"


def test_counts_of_many_pages_come_in_one_answer(client: FlaskClient, judge: Judge) -> None:
    post(client, page="one")
    post(client, page="https://news.example/a?utm_source=x", body=a_text(1))
    judge()
    asked = ["one", "https://news.example/a#c", "none"]
    answer = client.get("/v1/counts", query_string={"site": "news", "page": asked})
    assert answer.get_json() == {"counts": {"one": 1, "https://news.example/a#c": 1, "none": 0}}
    many = {"site": "news", "page": [f"p{number}" for number in range(101)]}
    assert client.get("/v1/counts", query_string=many).status_code == 422


def test_one_public_comment_has_an_address(client: FlaskClient, judge: Judge) -> None:
    receipt = post(client)
    judge()
    answer = client.get(f"/v1/comments/{receipt['id']}")
    assert answer.get_json()["body_html"] == "<p>I disagree with the author.</p>"
    assert not {"state", "body", "edit_token"} & set(answer.get_json())


def test_public_answers_hold_nothing_private(client: FlaskClient, judge: Judge) -> None:
    receipt = post(client, author={"name": "Ann", "email": "ann@private.example"})
    judge()
    public = client.get("/v1/comments", query_string={"site": "news", "page": PAGE}).data
    public += client.get(f"/v1/comments/{receipt['id']}").data
    for page in ("thread", "feed", "fragment"):
        answer = client.get(f"/embed/{page}", query_string={"site": "news", "page": PAGE})
        public += re.sub(rb"<form.*?</form>", b"", answer.data, flags=re.DOTALL)  # has such a field
    for private in (b"private.example", b"127.0.0.1", b"address", b"email", b"hash"):
        assert private not in public


def test_health_tells_the_truth(client: FlaskClient, app: Flask, redis) -> None:
    assert client.get("/readyz").get_json() == {"status": "ok", "database": "ok", "redis": "ok"}
    figures = client.get("/metrics").get_data(as_text=True)
    assert "afterword_screening_queue_depth 0.0" in figures
    post(client)
    assert "afterword_screening_queue_depth 1.0" in client.get("/metrics").get_data(as_text=True)


def test_the_description_and_its_page_are_served(client: FlaskClient) -> None:
    spec = client.get("/openapi.json").get_json()
    assert spec["openapi"] == "3.1.0"
    page = client.get("/docs").get_data(as_text=True)
    for path in spec["paths"]:
        assert path in page
