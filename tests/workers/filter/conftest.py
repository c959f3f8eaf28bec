"""A small filter, trained once."""

import pytest

from tests.workers.filter.sentences import rows
from workers.filter import training
from workers.filter.model import Model


@pytest.fixture(scope="session")
def small() -> Model:
    return training.fit(rows())
