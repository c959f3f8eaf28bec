"""A browser without script: it follows what the pages say, and keeps their cookies."""

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.actions import credentials

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


class Visitor:
    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.csrf = ""

    def get(self, url: str, **query: Any) -> TestResponse:
        answer = self.client.get(url, query_string=query or None)
        if found := re.search(r'name="csrf" content="(\w+)"', answer.text):
            self.csrf = found[1]
        return answer

    def send(self, url: str, **fields: Any) -> TestResponse:
        """Send a form of a page that was just looked at."""
        return self.client.post(url, data={"csrf": self.csrf, **fields}, headers=OURS)

    def cookies(self) -> set[str]:
        return {cookie.key for cookie in self.client._cookies.values()}


def sign_in(
    visitor: Visitor,
    session: Session,
    *,
    scope: str = "moderate",
    site: str | None = None,
    name: str = "mod@news.example",
) -> Visitor:
    """Signs in by a token with that scope."""
    token = credentials.create_token(
        session, name=name, scopes=[scope], site=site, days=None, by="test"
    )
    answer = visitor.send("/desk/sign-in/token", token=token)
    assert answer.status_code == 303, answer.text
    visitor.get("/desk/")
    return visitor
