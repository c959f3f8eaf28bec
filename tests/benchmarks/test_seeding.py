"""The past that is put straight into a database is one that the service could have made."""

from pathlib import Path

from sqlalchemy import func, select

from benchmarks.seeding import Place, comment_id, remarks, seed
from benchmarks.texts import SITE
from service.domain.ids import new_id
from service.domain.states import State
from service.store import pages
from service.store.db import session_at
from service.store.models import Comment, Decision, Revision, Site
from service.store.pages import Sort

PAST = (Place("one", 100), Place("two", 1_000), Place("three", 1))


def test_it_reads_like_what_was_posted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'afterword.db'}"
    seed(url, PAST)
    with session_at(url) as session:
        site = session.scalars(select(Site.id).where(Site.key == SITE)).one()
        for place in PAST:
            page = pages.listed(
                session.connection(), site, place.page, sort=Sort.OLDEST, limit=100, after=None
            )
            shown = [*page.top_level, *page.replies]
            assert page.thread is not None
            assert page.thread.comment_count == len(shown) == place.size
            assert page.next is None
            assert len({row.body_html for row in shown}) == place.size
        approved = select(func.count()).where(Revision.state == State.APPROVED)
        assert session.scalar(approved) == session.scalar(select(func.count(Decision.id))) == 1_101
        children = dict(
            session.execute(
                select(Comment.parent_id, func.count()).group_by(Comment.parent_id)
            ).all()
        )
        for comment in session.scalars(select(Comment)):
            assert comment.listed_children == children.get(comment.id, 0)


def test_its_ids_sort_by_age_and_before_new_ones() -> None:
    ids = [comment_id(one.number) for one in remarks(PAST)]
    assert ids == sorted(ids)
    assert ids[-1] < str(new_id())
