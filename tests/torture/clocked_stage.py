"""A stage of which each process is started by itself, and has a clock of its own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import update

from service.actions.credentials import create_token
from service.actions.sites import add_site, set_policy
from service.bell import SilentBell
from service.store import claims
from service.store.access_tables import Token
from service.store.db import session_at
from service.store.migrating import migrate
from tests.conftest import start_valkey
from tests.e2e.running import SITE, Started
from tests.factories import SECRET
from tests.torture.stage import BY_WORDS, Stage
from tests.torture.wrong_clocks import Clock, tidied

WEB, ONE, OTHER = "web", "worker", "another worker"
NAMES = (WEB, ONE, OTHER)
HALF_AN_HOUR = timedelta(minutes=30)


class ClockedStage(Stage):
    """Database and Redis go by the machine's clock; SQLite by that of whoever asks it."""

    def __init__(self, folder: Path, kind: str, **settings: str) -> None:
        redis = f"unix://{folder / 'valkey' / 'valkey.sock'}"
        super().__init__(folder, kind, redis_url=redis, secret=SECRET, **settings)
        self.clocks = {name: Clock(folder / f"clock of {name}") for name in NAMES}
        self.started: dict[str, Started] = {}
        self.tokens: Sequence[str] = ()

    @property
    def token(self) -> str:
        """A moderator's, good for half an hour of PostgreSQL's."""
        return self.tokens[0]

    @property
    def old_token(self) -> str:
        """One that has been over for as long."""
        return self.tokens[1]

    def start(self) -> None:
        self.database.start()
        self._valkey = start_valkey(self.folder / "valkey")
        migrate(self.url)
        self._set_up()
        for name in (ONE, OTHER):
            self.started[name] = self.processes.start("worker", **self.of(name))
        self.started[WEB] = self.processes.start("web", "--port", str(self.port), **self.of(WEB))
        self.wait_until_back()

    def start_dying_judge(self) -> Started:
        """It goes by the clock of one of the workers."""
        return self.processes.start("dying", module="tests.torture.dying_judge", **self.of(ONE))

    def of(self, name: str) -> dict[str, str]:
        """The settings of who goes by this clock."""
        return {**self.settings, **self.clocks[name].environment}

    def _set_up(self) -> None:
        with session_at(self.url) as session:
            add_site(session, key=SITE, name="The Harbour Gazette", origins=[], by="test")
            set_policy(session, SilentBell(), SITE, seen=None, settings=BY_WORDS, by="test")
            self.tokens = [
                create_token(
                    session, name=name, scopes=["moderate"], site=None, days=None, by="test"
                )
                for name in ("good", "old")
            ]
            # To SQLite it is an hour later where a clock says so, and both are over there.
            lasting = HALF_AN_HOUR if self.kind == "postgresql" else timedelta(days=1)
            for name, left in (("good", lasting), ("old", -lasting)):
                until = claims.clock(session) + left
                session.execute(update(Token).where(Token.name == name).values(expires_at=until))
            session.commit()

    def end(self) -> None:
        super().end()
        self._valkey.kill()
        self._valkey.wait()


@contextmanager
def clocked(folder: Path, kind: str, **settings: str) -> Iterator[ClockedStage]:
    """It is ready; what it started is ended in the end."""
    with tidied():
        stage = ClockedStage(folder, kind, **settings)
        try:
            stage.start()
            yield stage
        finally:
            stage.end()
            stage.processes.show()
