"""Comments as readers would send them."""

import random
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.actions.posting import Receipt, post_comments
from service.actions.posts import NewComment, prepare
from service.store import sites

PAGE = "https://news.example/harbour"
SIX_LINKS = " ".join(f"https://shop{number}.example/offer" for number in range(6))


WORDS = (  # noqa: SIM905 - a word a line would be a page
    "council harbour winter bridge library teacher garden tram market river bakery station mayor"
    " museum hospital street budget summer window neighbour school theatre farmer island railway"
    " kitchen village doctor evening weather letter orchestra bicycle captain forest lantern"
    " meadow carpenter chimney blanket cathedral ferry grocer hallway ironing journey kettle"
    " ladder mountain needle oyster pepper quarry saddle thunder umbrella valley willow"
).split()
# A policy under which nobody asks what the filter thinks.
WITHOUT_FILTER: dict[str, dict[str, Any]] = {
    "spam": {"power": "off"},
    "campaigns": {"variants": "ignore", "burst": "ignore"},
    "conduct": {"action": "ignore"},
}


def a_text(number: int) -> str:
    """An ordinary text that no other number's text resembles."""
    chosen = random.Random(number).sample(WORDS, 9)
    return f"Text {number}: the {chosen[0]} and the {chosen[1]}, {' '.join(chosen[2:])}."


def a_comment(**changes: Any) -> dict[str, Any]:
    """The JSON of a harmless comment; `changes` replace or, when None, remove fields."""
    comment = {
        "site": "news",
        "page": PAGE,
        "body": "I disagree with the author.",
        "author": {"name": "Ann"},
    }
    return {name: value for name, value in (comment | changes).items() if value is not None}


def store(session: Session, *, site: str, body: str, parent: UUID | None = None) -> UUID:
    """Store a comment without HTTP; answers its id."""
    record = sites.find(session, site)
    assert record is not None
    new = NewComment(site=site, page="p", body=body, author_name="A", parent=parent)
    post = prepare(new, site=record, secret=SECRET, address="127.0.0.1", idempotency_key=None)
    [receipt] = post_comments(session, [post], secret=SECRET)
    if not isinstance(receipt, Receipt):
        raise receipt
    return receipt.id


SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"


def post(client: FlaskClient, **changes: Any) -> dict[str, Any]:
    """Post a comment that has to be taken; answers the receipt."""
    response = client.post("/v1/comments", json=a_comment(**changes))
    assert response.status_code == 202, response.data
    receipt: dict[str, Any] = response.get_json()
    return receipt


def edit_header(receipt: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Edit {receipt['edit_token']}"}


def shown(client: FlaskClient, page: str = PAGE, **query: Any) -> dict[str, Any]:
    """What readers of a page get."""
    response = client.get("/v1/comments", query_string={"site": "news", "page": page, **query})
    assert response.status_code == 200, response.data
    answer: dict[str, Any] = response.get_json()
    return answer


def queue(client: FlaskClient, bearer: dict[str, str], **query: Any) -> list[dict[str, Any]]:
    response = client.get("/v1/moderation/queue", headers=bearer, query_string=query)
    assert response.status_code == 200, response.data
    items: list[dict[str, Any]] = response.get_json()["items"]
    return items


def decide(
    client: FlaskClient, bearer: dict[str, str], item: dict[str, Any], to: str
) -> dict[str, Any]:
    """Decide on an item of the queue; answers the result."""
    line = {
        "comment": item["comment"],
        "revision": item["revision"],
        "seen": item["state"],
        "to": to,
    }
    response = client.post("/v1/moderation/decisions", headers=bearer, json={"decisions": [line]})
    assert response.status_code == 200, response.data
    result: dict[str, Any] = response.get_json()["results"][0]
    return result


def a_reader(number: int) -> dict[str, str]:
    """The header by which the widget tells one reader from another."""
    return {"Afterword-Reader": f"reader-{number:012}"}
