"""Whatever is posted, edited, judged, decided and withdrawn: what readers see is right."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, false, select
from sqlalchemy.orm import Session

from service.actions import deciding, editing, reporting, sites
from service.actions.deciding import Decided
from service.actions.errors import NotFound, ParentNotFound
from service.actions.voting import Reader
from service.bell import SilentBell
from service.config import Settings
from service.domain.findings import Finding, Verdict
from service.domain.policy import Policy
from service.domain.reporting import Reason, ReportsPolicy
from service.domain.states import State
from service.domain.submission import Submission
from service.store import pages
from service.store import sites as stored_sites
from service.store.models import Comment, Decision, Revision, Thread
from service.store.pages import Sort
from service.store.reader_tables import Report
from tests.factories import SECRET, store
from workers.screening import screen

WORDS = {Verdict.PASS: "Good.", Verdict.HOLD: "Hmm.", Verdict.REJECT: "Bad."}
VERDICTS = st.sampled_from(list(Verdict))
INDEX = st.integers(0, 50)
TARGETS = st.sampled_from([State.APPROVED, State.REJECTED, State.SPAM])
PICKS = st.lists(st.tuples(INDEX, TARGETS), min_size=1, max_size=6)


def check_word(submission: Submission, _policy: Policy) -> Finding:
    verdict = next(verdict for verdict, word in WORDS.items() if word in submission.body)
    return Finding("word", verdict)


class Life(RuleBasedStateMachine):
    """Readers and moderators at one thread, in every order that hypothesis can think of."""

    engine: Engine
    settings: Settings
    site = ""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session(self.engine, expire_on_commit=False)
        type(self).site = f"s{Life.number}"
        Life.number += 1
        sites.add_site(self.session, key=self.site, name="S", origins=[], by="test")
        self.comments: list[UUID] = []
        self.shown: list[Any] = []
        self.changes = 0

    number = 0

    def teardown(self) -> None:
        self.session.close()

    def some(self, index: int) -> UUID | None:
        return self.comments[index % len(self.comments)] if self.comments else None

    @rule(verdict=VERDICTS, parent=INDEX, is_reply=st.booleans())
    def post(self, verdict: Verdict, parent: int, is_reply: bool) -> None:
        self._post(verdict, self.some(parent) if is_reply else None)

    def _post(self, verdict: Verdict, parent: UUID | None) -> None:
        try:
            comment = store(self.session, site=self.site, body=WORDS[verdict], parent=parent)
        except ParentNotFound:
            return
        self.comments.append(comment)

    @rule(parent=INDEX)
    def answer(self, parent: int) -> None:
        """A public reply to something public: what tombstones are about."""
        if not self.comments:
            self._post(Verdict.PASS, None)
            self.judge()
        self._post(Verdict.PASS, self.some(parent))
        self.judge()

    @rule(index=INDEX, verdict=VERDICTS)
    def edit(self, index: int, verdict: Verdict) -> None:
        if (comment := self.some(index)) is not None:
            try:
                editing.edit_comment(self.session, SilentBell(), comment, body=WORDS[verdict])
            except NotFound:
                assert self.session.get_one(Comment, comment).deleted_at is not None

    @rule(index=INDEX)
    def delete(self, index: int) -> None:
        if (comment := self.some(index)) is not None:
            try:
                editing.delete_comment(self.session, SilentBell(), comment)
            except NotFound:
                assert self.session.get_one(Comment, comment).deleted_at is not None

    @rule()
    def judge(self) -> None:
        screen(self.session, SilentBell(), self.settings, [check_word])

    @rule(picks=PICKS)
    def decide(self, picks: list[tuple[int, State]]) -> None:
        rows = self.session.execute(
            select(Revision.id, Revision.comment_id, Revision.state)
            .join(Comment, Comment.id == Revision.comment_id)
            .where(Comment.id.in_(self.comments))
            .order_by(Revision.id)
        ).all()
        lines = {}
        for index, target in picks:
            if rows:
                row = rows[index % len(rows)]
                lines[row.id] = Decided(row.comment_id, row.id, State(row.state), target)
        deciding.decide(self.session, SilentBell(), list(lines.values()), by="mod", sites=None)

    @rule(index=INDEX, reader=st.integers(0, 5))
    def report(self, index: int, reader: int) -> None:
        if (comment := self.some(index)) is not None:
            try:
                reporting.report(
                    self.session, SilentBell(), comment, reader=Reader(f"r{reader}", None),
                    reason=Reason.SPAM, note=None, policy=ReportsPolicy(raise_at=1, hold_at=3),
                )  # fmt: skip
            except NotFound:
                assert self.session.get_one(Comment, comment).public_revision_id is None

    @invariant()
    def reports_are_counted_until_they_are_decided(self) -> None:
        self.session.rollback()
        for comment in self.session.scalars(
            select(Comment)
            .where(Comment.id.in_(self.comments))
            .execution_options(populate_existing=True)
        ):
            reports = self.session.scalars(
                select(Report.settled_at).where(Report.comment_id == comment.id)
            ).all()
            assert comment.open_reports == reports.count(None)
            assert comment.raised_at is None or comment.open_reports

    @invariant()
    def readers_see_what_was_approved_and_nothing_else(self) -> None:
        self.session.rollback()
        self.session.expire_all()
        site = stored_sites.find(self.session, self.site)
        assert site is not None
        page = pages.listed(
            self.session.connection(), site.id, "p", sort=Sort.OLDEST, limit=1000, after=None
        )
        listed = {UUID(str(row.id)): row for row in (*page.top_level, *page.replies)}
        expected = {comment: self._public(comment) for comment in self.comments}
        public = {comment for comment, revision in expected.items() if revision is not None}
        assert {key for key, row in listed.items() if row.is_public} == public
        pointers = self.session.execute(
            select(Comment.id, Comment.public_revision_id).where(Comment.id.in_(public))
        )
        assert {row.id: row.public_revision_id for row in pointers} == {
            comment: expected[comment] for comment in public
        }
        self._ensure_noted(page)
        assert (page.thread.comment_count if page.thread else 0) == len(public)
        assert set(listed) == public | self._ancestors(public)

    def _ensure_noted(self, page: pages.Page) -> None:
        """Whatever readers see anew was noted for the caches."""
        shown = [tuple(row) for row in (*page.top_level, *page.replies)]
        where = Thread.id == page.thread.id if page.thread else false()
        changes = self.session.scalar(select(Thread.changes).where(where)) or 0
        if shown != self.shown:
            assert changes > self.changes
        self.shown, self.changes = shown, changes

    def _public(self, comment: UUID) -> UUID | None:
        """By the log of decisions alone: the newest revision that was approved and still is."""
        approved = []
        for revision in self.session.scalars(
            select(Revision).where(Revision.comment_id == comment).order_by(Revision.number)
        ):
            steps = self.session.scalars(
                select(Decision).where(Decision.revision_id == revision.id).order_by(Decision.id)
            ).all()
            chain: list[Any] = [State.RECEIVED, *[step.target for step in steps]]
            assert [step.start for step in steps] == chain[:-1], "the log is a chain"
            assert revision.state == chain[-1], "the state is the log's last step"
            if revision.state == State.APPROVED:
                approved.append(revision.id)
        assert len(approved) <= 1, "one text is public at a time"
        return approved[0] if approved else None

    def _ancestors(self, public: set[UUID]) -> set[UUID]:
        parents = {
            row.id: row.parent_id
            for row in self.session.execute(select(Comment.id, Comment.parent_id))
        }
        found: set[UUID] = set()
        for comment in public:
            while (comment := parents[comment]) is not None:
                found.add(comment)
        return found


@pytest.mark.usefixtures("session")
def test_what_readers_see_follows_from_the_log(engine: Engine, settings_of_store: Settings) -> None:
    Life.engine = engine
    Life.settings = settings_of_store
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=settings.default.max_examples // 5, stateful_step_count=25, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.fixture
def settings_of_store(database_url: str) -> Settings:
    return Settings(
        database_url=database_url, redis_url="unix:///none", secret=SECRET, limits=False
    )
