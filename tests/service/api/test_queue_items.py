"""What a moderator is shown beside a text."""

from collections.abc import Callable
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session

from service.actions import catching_up
from service.domain.ids import new_id
from service.store import search
from service.store.models import Revision
from service.store.search_tables import Backfill
from tests.factories import SIX_LINKS, decide, edit_header, post, queue

Judge = Callable[..., int]
Bearer = dict[str, str]
BEA = {"name": "Bea", "email": "bea@mail.example"}


def test_an_item_tells_what_it_answers_and_how_its_author_fared(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    first = post(client, body="The harbour should stay as it is, I think.", author=BEA)
    judge()
    post(client, body=f"{SIX_LINKS} one", author=BEA)
    judge()
    decide(client, bearer, queue(client, bearer)[0], "spam")
    post(client, body=f"{SIX_LINKS} two", author=BEA, parent=first["id"])
    judge()
    [item] = queue(client, bearer)
    history = item["author"]["history"]
    assert (history["approved"], history["spam"], history["held"]) == (1, 1, 1)
    assert history["first_seen"] <= item["created_at"]
    assert item["answers"] == {
        "comment": first["id"],
        "author": "Bea",
        "state": "approved",
        "excerpt": "The harbour should stay as it is, I think.",
    }
    assert item["band"] in ("likely", "certain")
    assert item["risk"] >= 0


def test_an_edit_is_shown_with_what_it_changes(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    receipt = post(client, body="The harbour should stay.")
    judge()
    client.patch(
        f"/v1/comments/{receipt['id']}",
        json={"body": f"The harbour should stay. {SIX_LINKS}"},
        headers=edit_header(receipt),
    )
    judge()
    [item] = queue(client, bearer)
    assert item["changes"] == [
        {"change": "same", "text": "The harbour should stay."},
        {"change": "added", "text": f" {SIX_LINKS}"},
    ]
    decide(client, bearer, item, "rejected")
    [refused] = queue(client, bearer, state="rejected")
    assert [(one["to"], one["by"]) for one in refused["decisions"]] == [("rejected", "mod")]


def test_texts_that_are_nearly_the_same_are_named(
    client: FlaskClient, judge: Judge, bearer: Bearer
) -> None:
    for name in ("Cem", "Dora", "Eve"):
        post(client, body=f"Buy the cheapest lanterns here {SIX_LINKS}", author={"name": name})
    post(client, body=f"Something else altogether about ferries. {SIX_LINKS} {new_id()}")
    judge()
    items = queue(client, bearer)
    assert [sorted(one["author"] for one in item["alike"]) for item in items] == [
        ["Dora", "Eve"],
        ["Cem", "Eve"],
        ["Cem", "Dora"],
        [],
    ]


def test_a_page_takes_as_many_queries_whatever_its_length(
    client: FlaskClient, judge: Judge, bearer: Bearer, engine: Engine
) -> None:
    first = post(client)
    judge()
    for number in range(12):
        author = {"name": "Ann", "email": f"{number}@mail.example"}
        post(client, body=f"{SIX_LINKS} {new_id()}", author=author, parent=first["id"])
    judge()
    asked: list[str] = []
    app_engine = client.application.extensions["sqlalchemy"]

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with client.application.app_context():
        event.listen(app_engine.engine, "before_cursor_execute", note)
    queue(client, bearer)  # from then on the site and its policy are remembered
    counts = []
    for limit in (2, 12):
        asked.clear()
        assert len(queue(client, bearer, limit=limit)) == limit
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25


def test_older_comments_become_searchable_batch_by_batch(
    client: FlaskClient, judge: Judge, bearer: Bearer, session: Session
) -> None:
    for number in range(5):
        post(client, body=f"{SIX_LINKS} harbour {number} {new_id()}")
    judge()
    risks = [item["risk"] for item in queue(client, bearer)]
    older = [UUID(item["revision"]) for item in queue(client, bearer)[:3]]
    search.forget(session, older)
    session.execute(update(Revision).where(Revision.id.in_(older)).values(risk=0.0))
    session.add(Backfill(name=search.BACKFILL, before=new_id()))
    session.commit()
    post(client, body="not judged yet")
    rounds = 1
    while catching_up.enter_older(session, batch=2):
        rounds += 1
    assert rounds == 3
    assert search.is_complete(session)
    found = queue(client, bearer, q="harbour", check="links")
    assert [item["risk"] for item in found] == risks
    judge()
    assert len(queue(client, bearer, state="approved", q="judged")) == 1
