"""A promise within `make test`: fewer trials, and patience with a machine that does much else."""

import tempfile
from pathlib import Path

from tests.e2e.faults import new_seed
from tests.torture.promises import Trial, promised_by
from tests.torture.trial import Run

SLACK = 3.0


def ensure_holds(trial: Trial, database: str, scratch: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=scratch))
    folder.chmod(0o755)  # PostgreSQL uses an account of its own
    [times] = {promise.ci[database] for promise in promised_by(trial)}
    outcome = trial(Run(database, folder, new_seed(), times, slack=SLACK))
    print(outcome.in_words())
    assert [what for examples in outcome.broken.values() for what in examples] == []
    assert outcome.trials >= times
