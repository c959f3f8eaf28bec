"""A PostgreSQL that stands still: whoever waits for it is let go.

A server that is frozen, or waits for its disk, tells nobody: the kernel keeps its connections, and
its own limits of time stand still with it. So somebody asks it for next to nothing, again and
again. When that has no answer in time, all who wait give up, and nobody waits until there is one.
"""

import logging
import threading
import time
from collections.abc import Callable, Generator
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.exc import SQLAlchemyError

from service.store.db import open_engine

log = logging.getLogger(__name__)

ASK_SECONDS = 0.5
# psycopg says every 0.1 s that there is nothing yet. These are counted, rather than seconds, since
# on a machine that is very busy it may be this process that was not there to hear the answer.
LONGEST_SILENCE = 20
SOON = 1.0  # seconds; one that is not there at all refuses connections at once

Waiting = Generator[int, int, Any]


class Standstill:
    def __init__(self) -> None:
        self._is_now = threading.Event()

    def watch(self, engine: Engine) -> None:
        """Let those who use it go when it stands still. SQLite has limits of its own."""
        if engine.dialect.name != "postgresql":
            return
        self.let_go(engine)
        # On a connection of its own: those of the others may all be in use, by those who wait.
        own = open_engine(engine.url.render_as_string(hide_password=False))
        self.notice_silence(own)
        threading.Thread(target=self._run, args=(own,), name="standstill", daemon=True).start()

    def let_go(self, engine: Engine) -> None:
        _bind(engine, lambda _silences: self._is_now.is_set())

        @event.listens_for(engine, "do_connect")
        def refuse(*_: object) -> None:
            if self._is_now.is_set():
                raise engine.dialect.loaded_dbapi.OperationalError("the database stands still")

    def notice_silence(self, engine: Engine) -> None:
        _bind(engine, lambda silences: silences >= LONGEST_SILENCE)

    def ask(self, engine: Engine) -> None:
        """Raises SQLAlchemyError when there is no answer: it stands still unless that came soon."""
        began = time.monotonic()
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            if time.monotonic() > began + SOON:
                self._is_now.set()
            raise
        self._is_now.clear()

    def _run(self, engine: Engine) -> None:
        while True:
            stood_still = self._is_now.is_set()
            try:
                self.ask(engine)
            except SQLAlchemyError:
                if self._is_now.is_set() and not stood_still:
                    log.error("the database stands still")
            time.sleep(ASK_SECONDS)


def _bind(engine: Engine, gives_up: Callable[[int], bool]) -> None:
    """Ask `gives_up` whenever psycopg has waited for nothing, so many times in a row."""

    @event.listens_for(engine, "connect", insert=True)  # before anything is asked on it
    def bind(connection: Any, _record: object) -> None:
        wait = connection.wait

        def wait_for(generator: Waiting, *given: Any, **named: Any) -> Any:
            return wait(patient(generator), *given, **named)

        def patient(generator: Waiting) -> Waiting:
            silences = 0
            try:
                wanted = next(generator)
                while True:
                    ready = yield wanted
                    silences = 0 if ready else silences + 1
                    if silences and gives_up(silences):
                        # Its answer could come later, to another question.
                        connection.pgconn.finish()
                        error = engine.dialect.loaded_dbapi.OperationalError
                        raise error("the database stands still")
                    wanted = generator.send(ready)
            except StopIteration as done:
                return done.value

        connection.wait = wait_for
