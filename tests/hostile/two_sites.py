"""Two sites with one thing of each kind, for whoever administers one to reach for the other."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy import Column, select
from sqlalchemy.orm import Session

from service.actions import credentials, inviting, sites
from service.domain.roles import Role
from service.store.db import Base
from tests.factories import PAGE, SIX_LINKS, a_text, decide, post, queue
from tests.hostile.stage import SECRET_WORD
from tests.service.desk.people import OPERATOR, a_person, site_id

MODERATION = "/v1/moderation"
MINE, THEIRS = "news", "blog"
RAIDED = f"{PAGE}/raided"
AUTHOR = {"name": "Ann", "email": "ann@private.example"}


class TwoSites:
    """What is at my site, by its name there and its name at theirs."""

    def __init__(self, app: Flask, session: Session, bearer: dict[str, str]) -> None:
        self.app, self.session, self.bearer = app, session, bearer
        self.client = app.test_client()
        self.others: dict[str, str] = {MINE: THEIRS}
        self.decisions: dict[str, str] = {}  # that can be undone

    def set_up(self, judge: Callable[..., int]) -> None:
        sites.add_site(self.session, key=THEIRS, name="Blog", origins=[], by="test")
        made = [self._make(site, judge) for site in (MINE, THEIRS)]
        for mine, theirs in zip(*(ids.values() for ids in made), strict=True):
            self.others |= dict(zip(sorted(mine), sorted(theirs), strict=True))
        self.others[str(site_id(self.session, MINE))] = str(site_id(self.session, THEIRS))
        self.session.rollback()

    def _make(self, site: str, judge: Callable[..., int]) -> dict[str, set[str]]:
        """All that any form is about; answers the new ids by the names of their tables."""
        before = self._ids()
        word = SECRET_WORD if site == THEIRS else "harbour"
        for text in (a_text(1), f"{word} {SIX_LINKS}", f"{word} {SIX_LINKS} 1"):
            receipt = post(self.client, site=site, body=text, author=AUTHOR)
            judge()
        self.client.post(f"/v1/comments/{receipt['id']}/reports", json={"reason": "spam"})
        held, other = queue(self.client, self.bearer, site=site)
        self.decisions[site] = decide(self.client, self.bearer, other, "spam")["decision"]
        rules = f"{MODERATION}/sites/{site}/policy"
        policy = self._call("GET", rules)["settings"]
        self._call("PUT", rules, settings=policy | {"edit_minutes": 3})
        self._call("PUT", f"{MODERATION}/threads", site=site, page=RAIDED, mode="open")
        for url, body in {
            "bulk": {"filter": {"site": site}, "to": "spam"},
            "views": {"name": word, "filter": {}, "site": site},
            "standings": {"kind": "author", "comment": held["comment"], "standing": "watched"},
            "raids": {"site": site, "page": RAIDED},
            "replays": {"site": site, "policy": policy, "last": 10},
        }.items():
            self._call("POST", f"{MODERATION}/{url}", **body)
        credentials.create_token(
            self.session, name=word, scopes=["read"], site=site, days=None, by="test"
        )
        there = site_id(self.session, site)
        inviting.invite(
            self.session, OPERATOR, f"new@{site}.example", site_id=there, role=Role.VIEWER
        )
        a_person(self.session, f"mod@{site}.example", site=site)
        after = self._ids()
        return {name: after[name] - before[name] for name in after}

    def _call(self, method: str, url: str, **body: Any) -> Any:
        answer = self.client.open(url, method=method, json=body or None, headers=self.bearer)
        assert answer.status_code < 300, answer.text
        return answer.get_json()

    def _ids(self) -> dict[str, set[str]]:
        tables = [table for table in Base.metadata.sorted_tables if "id" in table.c]
        found = {
            table.name: set(map(str, self.session.scalars(select(table.c.id)))) for table in tables
        }
        self.session.rollback()
        return found

    def contents(self) -> dict[str, list[str]]:
        """All that is in the database, but for when it was last looked at."""
        found = {
            table.name: sorted(map(repr, self.session.execute(select(*lasting(table.c)))))
            for table in Base.metadata.sorted_tables
        }
        self.session.rollback()
        return found


def lasting(columns: Iterable[Column[Any]]) -> list[Column[Any]]:
    return [column for column in columns if column.name != "seen_at"]
