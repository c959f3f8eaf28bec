"""The filter's report in a terminal."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import decide, queue
from tests.teaching import only_hold, teach
from workers import learning


def test_it_says_how_well_the_filter_judges_and_draws_it(
    run, client: FlaskClient, bearer: dict[str, str], judge: Callable[..., int], session: Session,
    tmp_path: Path,
) -> None:  # fmt: skip
    only_hold(session)
    teach(client, bearer, judge)
    learning.learn_all(session)
    decide(client, bearer, queue(client, bearer, state="approved")[0], "spam")
    done = run("filter", "report", "news", "--picture", str(tmp_path / "filter.svg"))
    assert done.exit_code == 0, done.output
    assert "Adopted: on decisions that it had not seen" in done.output
    assert "takes 598 of them, there are 20" in done.output
    assert "Conduct: No score: it takes 30 decisions" in done.output
    assert "held → spam 21" in " ".join(done.output.split())
    assert ElementTree.parse(tmp_path / "filter.svg").getroot().tag.endswith("svg")


def test_a_site_that_is_not_there_is_named(run) -> None:
    done = run("filter", "report", "nowhere")
    assert done.exit_code == 1
    assert "There is no site with the key 'nowhere'." in done.output
