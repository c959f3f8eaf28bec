"""Every row of the table in docs/security.md that housekeeping is to remove, and when it does."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.config import Settings
from service.domain.batches import Stage
from service.domain.ids import new_id
from service.domain.replay import Stage as ReplayStage
from service.domain.standings import Standing, of_address, of_author, of_email
from service.domain.states import State
from service.store.access_tables import DeskSession
from service.store.batch_tables import Batch
from service.store.db import now
from service.store.looks import Look
from service.store.models import Author, Comment, Revision
from service.store.people_tables import AccessLink, GuessCount, Purpose
from service.store.reader_tables import IdempotencyKey, Report, Vote
from service.store.replay_models import Replay
from service.store.standing_tables import StandingEntry, WatchedAddress
from tests.factories import store
from tests.rules.sources import text
from workers import sweep

MINUTE, HOUR, DAY = 60, 3600, 86_400
BY_HOUSEKEEPING = "housekeeping"


@dataclass
class Story:
    """A comment, and what it is about whom."""

    session: Session
    site_id: UUID
    comment: Comment
    revision_id: UUID

    def add(self, *rows: Any) -> None:
        self.session.add_all(rows)
        self.session.commit()

    def age(self, row: Any, column: str, seconds: float) -> None:
        self.session.execute(update(type(row)).values({column: now(-seconds)}))
        self.session.commit()

    def column(self, column: Any) -> list[Any]:
        self.session.rollback()
        return list(self.session.scalars(select(column)))

    def author(self) -> Author:
        author = Author(
            site_id=self.site_id, identity="email:00", email_sealed="sealed", email_key="00",
            name_key="ann",
        )  # fmt: skip
        self.add(author)
        self.comment.author_id = author.id
        self.session.commit()
        return author


@pytest.fixture
def story(session: Session, news: str) -> Story:
    comment_id = store(session, site=news, body="The tram is late.")
    comment = session.get_one(Comment, comment_id)
    revision = session.scalars(select(Revision.id)).one()
    return Story(session, comment.site_id, comment, revision)


def emails(story: Story, seconds: float) -> list[Any]:
    author = story.author()
    story.age(author, "active_at", seconds)
    story.age(story.comment, "created_at", seconds)
    return [Author.email_sealed, Author.email_key]


def addresses(story: Story, seconds: float) -> list[Any]:
    at = {"created_at": now(-seconds), "address_hash": "00"}
    report = Report(
        comment_id=story.comment.id, revision_id=story.revision_id, reader="00", reason="spam", **at
    )
    story.age(story.comment, "created_at", seconds)
    story.add(Vote(comment_id=story.comment.id, reader="00", value=1, **at), report)
    return [Comment.address_hash, Vote.address_hash, Report.address_hash]


def watched_addresses(story: Story, seconds: float) -> list[Any]:
    """Here the time is that of the decision's end."""
    row = WatchedAddress(
        site_id=story.site_id, address_hash="00", subject=of_address(new_id()), day=None,
        until=now(-seconds),
    )  # fmt: skip
    story.add(row)
    return [WatchedAddress.address_hash]


def voters(story: Story, seconds: float) -> list[Any]:
    at = now(-seconds)
    story.add(Vote(comment_id=story.comment.id, reader="00", value=1, created_at=at))
    return [Vote.reader]


def reporters(story: Story, seconds: float) -> list[Any]:
    report = Report(
        comment_id=story.comment.id, revision_id=story.revision_id, reader="00", reason="spam",
        note="00", created_at=now(-seconds),
    )  # fmt: skip
    story.add(report)
    return [Report.reader, Report.note]


def keys(story: Story, seconds: float) -> list[Any]:
    row = IdempotencyKey(
        site_id=story.site_id, key_hash="00", body_hash="00", comment_id=story.comment.id,
        created_at=now(-seconds),
    )  # fmt: skip
    story.add(row)
    return [IdempotencyKey.key_hash]


def sessions(story: Story, seconds: float) -> list[Any]:
    row = DeskSession(
        secret_hash="00", browser="Firefox", network="192.0.2.1", seen_at=now(-seconds),
        expires_at=now(DAY),
    )  # fmt: skip
    story.add(row)
    return [DeskSession.network]


def links(story: Story, seconds: float) -> list[Any]:
    row = AccessLink(
        purpose=Purpose.INVITATION, secret_hash="00", email="bob@mail.example", made_by="ann",
        expires_at=now(7 * DAY - seconds),
    )  # fmt: skip
    story.add(row)
    return [AccessLink.email]


def guesses(story: Story, seconds: float) -> list[Any]:
    story.add(GuessCount(key="00", times=[], changed_at=now(-seconds)))
    return [GuessCount.key]


def looks(story: Story, seconds: float) -> list[Any]:
    story.add(Look(revision_id=story.revision_id, by="bob", until=now(2 * MINUTE - seconds)))
    return [Look.by]


def batches(story: Story, seconds: float) -> list[Any]:
    ended = {"target": State.REJECTED, "stage": Stage.DONE, "ended_at": now(-seconds)}
    story.add(Batch(by="bob", asked={"q": "ann"}, note="00", **ended))
    return [Batch.note]


def replays(story: Story, seconds: float) -> list[Any]:
    row = Replay(
        site_id=story.site_id, settings={}, policy_version=1, stage=ReplayStage.DONE, by="bob",
        result={"cells": [], "checks": {}}, ended_at=now(-seconds),
    )  # fmt: skip
    story.add(row)
    return [Replay.result]


Case = tuple[Callable[[Story, float], list[Any]], float]
# By how a row of the table begins: what to store of that age, and how long it is kept.
CASES: Mapping[str, Case] = {
    "E-mail address": (emails, 365 * DAY),
    "Network address of a comment, vote or report": (addresses, 30 * DAY),
    "Network address on which a moderator decided": (watched_addresses, 0),
    "Who voted": (voters, 365 * DAY),
    "Who reported": (reporters, 365 * DAY),
    "`Idempotency-Key`": (keys, DAY),
    "Sessions of moderators": (sessions, 12 * HOUR),
    "Links by which people come in": (links, 7 * DAY),
    "Guesses at passwords": (guesses, 30 * MINUTE),
    "Who looks at a comment": (looks, 2 * MINUTE),
    "Bulk decisions": (batches, 30 * DAY),
    "Replays": (replays, 30 * DAY),
}
GONE = ("", None)


def documented() -> Iterator[tuple[str, str]]:
    """The first and the last cell of each row of the table."""
    section = text("docs/security.md").partition("## Personal data")[2]
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and not set(cells[0]) <= {"-"} and cells[0] != "What":
            yield cells[0], cells[-1]


def test_housekeeping_is_tested_row_by_row() -> None:
    rows = [what for what, who in documented() if who == BY_HOUSEKEEPING]
    untested = [what for what in rows if not what.startswith(tuple(CASES))]
    assert rows
    assert untested == []
    assert len(rows) == len(CASES)


@pytest.mark.parametrize("name", CASES)
def test_what_is_not_due_stays(name: str, story: Story, settings: Settings) -> None:
    make, kept = CASES[name]
    columns = make(story, kept - 40)
    sweep.forget_what_is_due(story.session, settings)
    assert all(values(story, column) for column in columns), "it went too early"


@pytest.mark.parametrize("name", CASES)
def test_what_is_due_goes(name: str, story: Story, settings: Settings) -> None:
    make, kept = CASES[name]
    columns = make(story, kept + 1)
    sweep.forget_what_is_due(story.session, settings)
    assert [values(story, column) for column in columns] == [[]] * len(columns)


def values(story: Story, column: Any) -> list[Any]:
    """What is left of it; who nobody is any more counts as gone."""
    return [one for one in story.column(column) if one not in GONE and not str(one).startswith("x")]


def test_the_times_are_settings(story: Story, settings: Settings) -> None:
    columns = addresses(story, 3 * DAY) + emails(story, 3 * DAY)
    shorter = replace(settings, keep_addresses_days=2, keep_emails_days=2)
    sweep.forget_what_is_due(story.session, shorter)
    assert [values(story, column) for column in columns] == [[]] * len(columns)


def test_who_has_written_since_is_known_for_longer(story: Story, settings: Settings) -> None:
    """Until that is long ago as well, and nobody looks before."""
    story.age(story.author(), "active_at", 400 * DAY)
    story.age(story.comment, "created_at", 100 * DAY)
    assert sweep.forget_what_is_due(story.session, settings)["emails_looked_at"] == 1
    assert sweep.forget_what_is_due(story.session, settings)["emails_looked_at"] == 0
    assert values(story, Author.email_sealed) == ["sealed"]
    sweep.forget_what_is_due(story.session, replace(settings, keep_emails_days=99))
    assert values(story, Author.email_sealed) == []
    assert values(story, Author.identity) == [f"forgotten:{story.comment.author_id}"]


@pytest.mark.parametrize("of", ["author", "email"])
def test_who_is_banned_is_known_until_that_ends(of: str, story: Story, settings: Settings) -> None:
    author = story.author()
    subject = of_author(author.id) if of == "author" else of_email("00")
    ban = StandingEntry(
        site_id=story.site_id, subject=subject, number=1, standing=Standing.BANNED, note="Rude.",
        by="bob", until=now(DAY),
    )  # fmt: skip
    story.add(ban)
    for column, row in (("active_at", author), ("created_at", story.comment)):
        story.age(row, column, 400 * DAY)
    sweep.forget_what_is_due(story.session, settings)
    assert values(story, Author.email_key) == ["00"]
    story.age(ban, "until", 1)
    story.age(author, "active_at", 400 * DAY)
    sweep.forget_what_is_due(story.session, settings)
    assert values(story, Author.email_key) == []
    assert "email:00" not in story.column(StandingEntry.subject)


def test_much_is_forgotten_in_small_steps(
    story: Story, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "BLANKED_TOGETHER", 2)
    at = now(-400 * DAY)
    votes = [
        Vote(
            comment_id=story.comment.id, reader=f"{n:02}", value=1, address_hash="0", created_at=at
        )
        for n in range(5)
    ]
    story.add(*votes)
    done = sweep.forget_what_is_due(story.session, settings)
    assert (done["addresses_forgotten"], done["readers_forgotten"]) == (5, 5)
    assert values(story, Vote.reader) == values(story, Vote.address_hash) == []
    assert len(set(story.column(Vote.reader))) == 5
