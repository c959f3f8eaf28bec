"""What roles and scopes allow, at which site."""

from itertools import pairwise
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions import credentials, sites
from service.domain.roles import DECIDE, READ, ROLES, SCOPES, Role
from service.store.credentials import Holder
from tests.factories import SIX_LINKS, decide, post, queue

WAYS = {"read": (200, 403, 403), "decide": (200, 200, 403), "moderate": (200, 200, 200),
        "admin": (200, 200, 200)}  # fmt: skip


def headers(session: Session, scope: str, site: str | None = None) -> dict[str, str]:
    token = credentials.create_token(
        session, name=scope, scopes=[scope], site=site, days=None, by="test"
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("scope", WAYS)
def test_a_scope_allows_what_it_says(client: FlaskClient, session: Session, scope: str):
    mine = headers(session, scope)
    policy = client.get("/v1/moderation/sites/news/policy", headers=mine)
    read = client.get("/v1/moderation/queue", headers=mine)
    decided = client.post("/v1/moderation/decisions", headers=mine, json={"decisions": [A_LINE]})
    put = client.put(
        "/v1/moderation/sites/news/policy",
        headers=mine,
        json={"settings": policy.get_json()["settings"]},
    )
    assert (read.status_code, decided.status_code, put.status_code) == WAYS[scope]


A_LINE = {
    "comment": "01890a5d-ac96-774b-bcce-b302099a8057",
    "revision": "01890a5d-ac96-774b-bcce-b302099a8057",
    "seen": "held",
    "to": "approved",
}


def test_who_may_read_one_site_sees_no_other(client: FlaskClient, session: Session, judge):
    sites.add_site(session, key="blog", name="Blog", origins=[], by="test")
    post(client, body=SIX_LINKS)
    post(client, body=SIX_LINKS, site="blog")
    judge()
    mine = headers(session, "decide", site="blog")
    [item] = queue(client, mine)
    assert item["thread"]["site"] == "blog"
    [other] = queue(client, headers(session, "read", site="news"))
    assert decide(client, mine, other, "approved")["outcome"] == "not-found"
    assert decide(client, mine, item, "approved")["outcome"] == "moved"
    answer = client.get("/v1/moderation/queue?site=news", headers=mine)
    assert answer.status_code == 404


def test_roles_add_up_over_sites():
    one, other = UUID(int=1), UUID(int=2)
    holder = Holder("a", {one: ROLES[Role.MODERATOR], other: ROLES[Role.VIEWER]})
    assert holder.sites(READ) == {one, other}
    assert holder.sites(DECIDE) == {one}
    assert not holder.may(DECIDE, None)
    everywhere = Holder("a", {None: ROLES[Role.VIEWER], one: ROLES[Role.MODERATOR]})
    assert everywhere.sites(READ) is None
    assert everywhere.may(DECIDE, one)
    assert not everywhere.may(DECIDE, other)


def test_each_role_and_scope_may_what_the_one_before_may():
    for ladder in (list(ROLES.values()), list(SCOPES.values())):
        assert all(less < more for less, more in pairwise(ladder))
