"""Each test gets a folder, a database and processes of its own, and leaves none of them behind."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import make_url

from tests.conftest import start_valkey
from tests.e2e import browsing
from tests.e2e.browsing import People
from tests.e2e.newspaper import Newspaper, printed
from tests.e2e.running import SITE, Processes
from tests.factories import SECRET

HERE = Path(__file__).parent
numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("processes")


@pytest.fixture
def folder(scratch: Path) -> Path:
    """An empty folder with a short path, since sockets live in it."""
    return Path(tempfile.mkdtemp(dir=scratch))


@contextmanager
def empty_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The URL of a database of the kind that is asked for, which nobody else uses."""
    if request.param == "sqlite":
        yield f"sqlite:///{folder / 'afterword.db'}"
        return
    server: str = request.getfixturevalue("postgresql_url")
    name = f"e2e_{next(numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    with empty_database(request, folder) as url:
        yield url


@pytest.fixture
def processes(folder: Path, request: pytest.FixtureRequest) -> Iterator[Processes]:
    if "fresh_database" in request.fixturenames:
        request.getfixturevalue("fresh_database")  # so that it is dropped after they ended
    started = Processes(folder)
    try:
        yield started
    finally:
        started.end()
        started.show()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def newspaper(request: pytest.FixtureRequest, scratch: Path) -> Iterator[Newspaper]:
    """A service and a publisher's website beside it; each test prints pages of its own."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    with empty_database(request, folder) as url, brought_out(folder, url) as paper:
        yield paper


@contextmanager
def brought_out(folder: Path, url: str) -> Iterator[Newspaper]:
    processes = Processes(folder)
    settings = {"database_url": url, "secret": SECRET}
    try:
        up = processes.up(limits="off", **settings)
        command = partial(processes.run, redis_url="unix:///none", **settings)
        with printed(up, command) as paper:
            command("site", "origins", SITE, paper.up.address, paper.origin)
            paper.let_texts_be()
            yield paper
    finally:
        processes.end()
        processes.show()


@pytest.fixture
def own_valkey(folder: Path) -> Iterator[str]:
    process = start_valkey(folder / "valkey")
    yield f"unix://{folder / 'valkey' / 'valkey.sock'}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if browsing.CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = browsing.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def people(browser: Browser) -> Iterator[People]:
    """In the end nobody's browser had anything to complain about, or has a cookie."""
    people = People(browser)
    try:
        yield people
        people.ensure_no_cookies()
        assert people.complaints == []
    finally:
        people.leave()
