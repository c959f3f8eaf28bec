"""The database, for commands: what it does not do is said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.actions.errors import Refused
from service.config import Settings
from service.store.db import session_at


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        # Its message would quote statements; what is wrong, the doctor can say.
        sentence = f"The database did not do that ({type(error).__name__}). Try: afterword doctor"
        raise Refused(sentence) from error


@contextmanager
def session() -> Iterator[Session]:
    url = Settings.from_env().database_url
    with told_in_a_sentence(), session_at(url) as opened:
        yield opened
