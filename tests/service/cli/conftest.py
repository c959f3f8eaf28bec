"""Commands as they are typed, in this process."""

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from service.cli import main
from service.config import Settings
from tests.factories import SECRET


@pytest.fixture
def run(settings: Settings, session: Session, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("AFTERWORD_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("AFTERWORD_REDIS_URL", settings.redis_url)
    monkeypatch.setenv("AFTERWORD_SECRET", SECRET)

    def invoke(*words: str, text: str | None = None) -> Result:
        return CliRunner().invoke(main, words, input=text)

    return invoke
