"""The report: what is new replaces what it is about, and nothing that broke is left out."""

from pathlib import Path

import pytest

from tests.torture import report
from tests.torture.deciding import decide
from tests.torture.promises import promised_by
from tests.torture.trial import Outcome, Run


@pytest.fixture(autouse=True)
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(report, "DOCUMENT", tmp_path / "promises.md")
    return report.DOCUMENT


def written(database: str, figures: str, *, broken: dict[str, list[str]] | None = None) -> None:
    outcome = Outcome(Run(database, Path(), seed=7, times=20), trials=20, broken=broken or {})
    report.write(report.rows_of(outcome, promised_by(decide), figures))


def test_a_night_replaces_what_was_tried_of_the_same_promise_on_the_same_database() -> None:
    written("sqlite", "ci")
    written("postgresql", "ci")
    written("sqlite", "night")
    rows = report.written()
    assert set(rows) == {("P5", "SQLite"), ("P5", "PostgreSQL")}
    assert "| night |" in rows["P5", "SQLite"]
    assert "| ci |" in rows["P5", "PostgreSQL"]


def test_what_a_trial_broke_of_other_promises_is_in_its_row() -> None:
    written("sqlite", "night", broken={"P5": [], "P1": ["lost: one"]})
    [row] = report.written().values()
    assert "**broken** 1 times, such as: P1: lost: one" in row
