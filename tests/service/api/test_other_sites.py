"""Whoever moderates one site finds nothing of another, whatever id they know."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import credentials, sites
from service.api.routes import ROUTES
from service.domain.ids import new_id
from tests.factories import PAGE, SIX_LINKS, decide, post, queue
from tests.service.api.test_doors import rows

MODERATION = "/v1/moderation"
Things = dict[str, str]


@pytest.fixture
def things(client: FlaskClient, judge: Callable[..., int], bearer: dict[str, str]) -> Things:
    """The ids of one thing of each kind, at the site `news`."""

    def make(url: str, body: dict[str, Any]) -> str:
        answer = client.post(MODERATION + url, json=body, headers=bearer)
        assert answer.status_code in (201, 202), answer.text
        return str(answer.get_json()["id"])

    for number in range(2):
        post(client, body=f"{SIX_LINKS} {number}", author={"name": "Ann", "email": "a@b.example"})
    judge()
    held, other = queue(client, bearer)
    policy = client.get(f"{MODERATION}/sites/news/policy", headers=bearer).get_json()["settings"]
    banned = {"kind": "email", "comment": held["comment"], "standing": "banned"}
    return {
        "author": held["author"]["id"],
        "comment": held["comment"],
        "revision": held["revision"],
        "decision": decide(client, bearer, other, "spam")["decision"],
        "batch": make("/bulk", {"filter": {"site": "news"}, "to": "spam"}),
        "view": make("/views", {"name": "Ours", "filter": {}, "site": "news"}),
        "standing": make("/standings", banned | {"reason": "abuse"}),
        "raid": make("/raids", {"site": "news", "page": PAGE}),
        "replay": make("/replays", {"site": "news", "policy": policy, "last": 10}),
    }


def calls(thing: Things) -> list[tuple[str, str, Any]]:
    """One of each route that names something, with all that it needs to be carried out."""
    comment = f"/comments/{thing['comment']}"
    batch, replay = f"/bulk/{thing['batch']}", f"/replays/{thing['replay']}"
    revision = {"revision": thing["revision"], "seen": "held"}
    banned = {"kind": "email", "comment": thing["comment"], "standing": "banned"}
    policy: dict[str, Any] = {"settings": {}}
    return [
        ("GET", "/queue?site=news", None),
        ("GET", "/audit?site=news", None),
        ("POST", "/views", {"name": "Mine", "filter": {}, "site": "news"}),
        ("PUT", f"/views/{thing['view']}", {"name": "Mine", "filter": {}}),
        ("DELETE", f"/views/{thing['view']}", None),
        ("POST", f"/decisions/{thing['decision']}/undo", None),
        ("POST", "/bulk", {"filter": {"site": "news"}, "to": "spam"}),
        ("GET", batch, None),
        ("POST", f"{batch}/run", None),
        ("POST", f"{batch}/undo", None),
        ("DELETE", batch, None),
        ("POST", f"{comment}/removals", revision | {"spans": [{"start": 0, "end": 4}]}),
        ("GET", comment, None),
        ("GET", f"{comment}/author", None),
        ("GET", f"/authors/{thing['author']}", None),
        ("POST", "/author-searches", {"site": "news", "name": "Ann"}),
        ("POST", "/standings", banned),
        ("POST", f"/standings/{thing['standing']}/undo", None),
        ("GET", "/sites/news/policy", None),
        ("PUT", "/sites/news/policy", policy),
        ("GET", "/sites/news/filter", None),
        ("GET", "/sites/news/filter.svg", None),
        ("PUT", "/threads", {"site": "news", "page": PAGE, "mode": "closed"}),
        ("POST", "/raids", {"site": "news", "page": PAGE}),
        ("DELETE", f"/raids/{thing['raid']}", None),
        ("POST", "/replays", {"site": "news", "policy": {}, "last": 10}),
        ("GET", replay, None),
        ("DELETE", replay, None),
    ]


def test_nothing_of_another_site_is_there(
    client: FlaskClient, session: Session, things: Things
) -> None:
    sites.add_site(session, key="blog", name="Blog", origins=[], by="test")
    token = credentials.create_token(
        session, name="eve", scopes=["admin"], site="blog", days=None, by="test"
    )
    eve = {"Authorization": f"Bearer {token}"}
    client.get(f"{MODERATION}/queue", headers=eve)  # the token's use is noted
    before = rows(session)
    no_such = {name: str(new_id()) for name in things}
    for (method, path, body), (_, missing, _) in zip(calls(things), calls(no_such), strict=True):
        answer = client.open(MODERATION + path, method=method, json=body, headers=eve)
        assert answer.status_code == 404, (method, path, answer.text)
        same = client.open(MODERATION + missing, method=method, json=body, headers=eve)
        assert answer.get_json() == same.get_json(), (method, path)
    url = f"/v1/comments/{things['comment']}/decisions"
    line = {"revision": things["revision"], "seen": "held", "to": "approved"}
    assert client.post(url, json=line, headers=eve).status_code == 404
    assert rows(session) == before


# What names nothing of a site: lists of what one may see, and what is one's own. Decisions by the
# list answer for each of them; tests/service/api/test_permissions.py has that.
NAMELESS = {
    ("GET", "/views"), ("GET", "/bulk"), ("GET", "/raids"), ("POST", "/looks"), ("PUT", "/looks"),
    ("DELETE", "/looks"), ("POST", "/decisions"),
}  # fmt: skip


def test_no_route_is_left_out() -> None:
    tried = [
        (method, path.partition("?")[0])
        for method, path, _ in calls(dict.fromkeys(THINGS, "<uuid:id>"))
    ]
    tried += NAMELESS
    routes = [
        (route.method, route.rule.removeprefix(MODERATION).replace("<site>", "news"))
        for route in ROUTES
        if route.rule.startswith(MODERATION)
    ]
    assert sorted(tried) == sorted(routes)


THINGS = (
    "author",
    "comment",
    "revision",
    "decision",
    "batch",
    "view",
    "standing",
    "raid",
    "replay",
)
