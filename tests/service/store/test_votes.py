"""Whatever readers, authors and moderators do: the counts of votes are those of the rows."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.actions import deciding, editing, sites, voting
from service.actions.deciding import Decided
from service.actions.errors import NotFound, TooManyVotes
from service.actions.voting import MOST_FROM_ADDRESS, Reader
from service.bell import SilentBell
from service.config import Settings
from service.domain.findings import Finding
from service.domain.ranking import rank
from service.domain.states import State
from service.store.models import Comment, Revision
from service.store.reader_tables import Vote
from tests.factories import SECRET, store
from workers.screening import screen

INDEX = st.integers(0, 20)


class Voting(RuleBasedStateMachine):
    """Readers at few addresses and at none vote on comments that come and go."""

    engine: Engine
    settings: Settings
    number = 0

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine, expire_on_commit=False)
        site = f"s{Voting.number}"
        Voting.number += 1
        sites.add_site(self.session, key=site, name="S", origins=[], by="test")
        self.comments = [store(self.session, site=site, body=f"Text {n}.") for n in range(3)]
        screen(self.session, SilentBell(), self.settings, [lambda *_: Finding("all")])
        self.votes: dict[tuple[UUID, str], int] = {}  # what readers believe they voted

    def teardown(self) -> None:
        self.session.close()

    def some(self, index: int) -> UUID:
        return self.comments[index % len(self.comments)]

    @rule(index=INDEX, value=st.sampled_from([-1, 0, 1]), reader=INDEX, address=INDEX)
    def vote(self, index: int, value: int, reader: int, address: int) -> None:
        comment = self.some(index)
        whose = Reader(f"r{reader}", None if address % 3 == 2 else f"a{address % 3}")
        try:
            voting.vote(self.session, SilentBell(), comment, reader=whose, value=value)
        except NotFound:
            assert not self._is_public(comment)
        except TooManyVotes:
            assert self.votes.get((comment, whose.key), 0) == 0
        else:
            assert self._is_public(comment)
            self.votes[comment, whose.key] = value

    @rule(index=INDEX, hide=st.booleans())
    def decide(self, index: int, hide: bool) -> None:
        comment = self.some(index)
        seen, to = (State.APPROVED, State.REJECTED) if hide else (State.REJECTED, State.APPROVED)
        [revision] = self.session.scalars(
            select(Revision.id).where(Revision.comment_id == comment)
        ).all()
        line = Decided(comment, revision, seen, to)
        deciding.decide(self.session, SilentBell(), [line], by="mod", sites=None)

    @rule(index=INDEX)
    def withdraw(self, index: int) -> None:
        if index == 0:  # seldom, or there would soon be nothing left to vote on
            try:
                editing.delete_comment(self.session, SilentBell(), self.some(index))
            except NotFound:
                assert not self._is_public(self.some(index))

    def _is_public(self, comment: UUID) -> bool:
        self.session.rollback()
        query = select(Comment.public_revision_id).where(Comment.id == comment)
        return self.session.scalar(query) is not None

    @invariant()
    def the_counts_are_those_of_the_rows_and_the_rank_follows(self) -> None:
        self.session.rollback()
        for comment in self.comments:
            counts = self.session.execute(
                select(Comment.ups, Comment.downs, Comment.score).where(Comment.id == comment)
            ).one()
            rows = self.session.scalars(select(Vote).where(Vote.comment_id == comment)).all()
            ups = sum(row.value == 1 for row in rows)
            downs = sum(row.value == -1 for row in rows)
            assert tuple(counts) == (ups, downs, rank(ups, downs))
            believed = {key: value for (whom, key), value in self.votes.items() if whom == comment}
            assert {row.reader: row.value for row in rows} == {
                k: v for k, v in believed.items() if v
            }
            for address in {row.address_hash for row in rows} - {None}:
                assert sum(row.address_hash == address for row in rows) <= MOST_FROM_ADDRESS


@pytest.mark.usefixtures("session")
def test_counts_are_those_of_the_votes(engine: Engine, database_url: str) -> None:
    Voting.engine = engine
    Voting.settings = Settings(
        database_url=database_url, redis_url="unix:///none", secret=SECRET, limits=False
    )
    run_state_machine_as_test(
        Voting,
        settings=settings(
            max_examples=settings.default.max_examples // 5, stateful_step_count=30, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
