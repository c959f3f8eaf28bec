"""The watch between a real database, a real Valkey and a lane."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, event, update
from sqlalchemy.orm import Session
from werkzeug.test import Client

from service import watch as watch_module
from service.actions import sites, threads
from service.bell import CHANGES, RedisBell, SilentBell, connect
from service.domain.policy import Mode
from service.lane.lane import Lane
from service.store import tallies
from service.store.db import now
from service.store.models import Thread
from service.store.tallies import Tally
from service.watch import ListeningBell, Watch

PAGE = "https://news.example/harbour"
URL = f"/v1/comments?site=news&page={PAGE}"


@pytest.fixture
def lane(app: Flask, news: str) -> Lane:
    return Lane(app, most_bytes=1024 * 1024)


@pytest.fixture
def watch(lane: Lane, engine: Engine, redis: "Redis") -> Iterator[Watch]:
    watch = Watch(lane, engine, connect(redis_url(redis)))
    yield watch
    watch.hang_up()


def redis_url(redis: "Redis") -> str:
    return f"unix://{redis.connection_pool.connection_kwargs['path']}"


def mode(lane: Lane) -> str:
    answer = Client(lane).get(URL)
    assert answer.status_code == 200
    return str(answer.json["mode"])


def set_mode(session: Session, mode: Mode, bell: object = None) -> None:
    settings = {"mode": mode}
    threads.set_up(session, bell or SilentBell(), "news", page=PAGE, settings=settings, by="test")


def test_a_look_finds_what_changed_before_the_databases_clock_was_set(
    session: Session, lane: Lane, watch: Watch
) -> None:
    hour = timedelta(hours=1)
    set_mode(session, Mode.OPEN)
    watch.look()
    assert mode(lane) == "open"
    set_mode(session, Mode.CLOSED)
    session.execute(update(Thread).values(changed_at=now(-3600)))
    session.commit()
    watch._clock -= hour
    watch.look()
    assert mode(lane) == "closed"


def test_a_look_finds_that_any_page_of_a_site_changed(
    session: Session, lane: Lane, watch: Watch
) -> None:
    """Also when several did by the same number."""
    pages = ("p", "q")

    def change() -> None:
        for page in pages:
            threads.set_up(
                session, SilentBell(), "news", page=page, settings={"mode": Mode.OPEN}, by="test"
            )

    def asked() -> int:
        assert Client(lane).get("/embed/feed?site=news").status_code == 200
        return lane.counts["miss"] + lane.counts["renewal"]

    change()
    for number in range(1, 4):
        watch.look()
        assert [asked(), asked()] == [number, number]
        change()


def test_a_look_finds_what_nobody_told(session: Session, lane: Lane, watch: Watch):
    watch.look()
    assert mode(lane) == "open"
    set_mode(session, Mode.CLOSED)
    assert mode(lane) == "open"
    watch.look()
    assert mode(lane) == "closed"


def test_a_policy_is_found_as_well(session: Session, lane: Lane, watch: Watch):
    watch.look()
    assert mode(lane) == "open"
    sites.set_policy(session, SilentBell(), "news", seen=None, settings={"mode": "closed"}, by="t")
    watch.look()
    assert mode(lane) == "closed"


def test_what_was_seen_once_is_not_purged_again(session: Session, lane: Lane, watch: Watch):
    set_mode(session, Mode.CLOSED)
    watch.look()
    purges = lane.counts["purge"]
    watch.look()
    assert lane.counts["purge"] == purges


def test_a_message_purges_at_once_and_the_next_look_not_again(
    session: Session, lane: Lane, watch: Watch, redis: "Redis"
):
    watch.look()
    watch.listen(0.01)
    assert mode(lane) == "open"
    purges = lane.counts["purge"]
    set_mode(session, Mode.CLOSED, RedisBell(redis))
    watch.listen(0.2)
    assert mode(lane) == "closed"
    watch.look()
    assert lane.counts["purge"] == purges + 2  # the page, and the feed of its site


def test_what_is_heard_while_it_looks_is_not_purged_again(
    session: Session, lane: Lane, watch: Watch, engine: Engine
) -> None:
    """Its look began before the change, so that it does not find it."""
    heard = {"thread-1": 7}

    @event.listens_for(engine, "after_cursor_execute", once=True)
    def hear(*_: object) -> None:
        watch.hear(heard)

    watch.look()
    purges = lane.counts["purge"]
    assert purges
    watch.hear(heard)
    assert lane.counts["purge"] == purges


def test_the_process_that_decides_hears_itself(
    session: Session, lane: Lane, watch: Watch, redis: "Redis"
):
    watch.look()
    watch.listen(0.01)
    assert mode(lane) == "open"
    set_mode(session, Mode.CLOSED, ListeningBell(RedisBell(redis), watch))
    assert mode(lane) == "closed"
    purges = lane.counts["purge"]
    watch.listen(0.2)
    assert lane.counts["purge"] == purges


@pytest.mark.parametrize(
    "nonsense", [b"", b"{", b"[1]", b"7", b'"x"', b'{"t": null}', b'{"t": "1"}', b"\xff"]
)
def test_nonsense_on_the_channel_does_no_harm(lane: Lane, watch: Watch, redis, nonsense: bytes):
    watch.listen(0.01)
    redis.publish(CHANGES, nonsense)
    watch.listen(0.05)


def test_after_a_long_silence_nothing_is_relied_upon(
    session: Session, lane: Lane, watch: Watch, monkeypatch
):
    watch.look()
    assert mode(lane) == "open"
    set_mode(session, Mode.CLOSED)
    monkeypatch.setattr(watch_module, "OVERLAP_SECONDS", 0.0)  # as if it were longer ago
    watch.look()
    assert mode(lane) == "closed"


def test_it_runs_without_redis(session: Session, app: Flask, news: str, engine: Engine, tmp_path):
    lane = Lane(app, most_bytes=1024 * 1024)
    watch = Watch(lane, engine, connect(f"unix://{tmp_path}/none.sock"))
    stop = run(watch)
    try:
        assert mode(lane) == "open"
        set_mode(session, Mode.CLOSED)
        wait_until(lambda: mode(lane) == "closed", seconds=5)
    finally:
        stop()


def test_it_finds_valkey_again(session: Session, lane: Lane, watch: Watch, redis: "Redis"):
    stop = run(watch)
    try:
        wait_until(lambda: redis.pubsub_numsub(CHANGES)[0][1] == 1)
        redis.client_kill_filter(_type="pubsub")
        wait_until(lambda: redis.pubsub_numsub(CHANGES)[0][1] == 1, seconds=5)
    finally:
        stop()


def test_what_the_lane_did_is_counted_for_all_processes(session: Session, lane: Lane, watch: Watch):
    tallies.add(session, {("lane_events", "hit"): 10})
    session.commit()
    mode(lane), mode(lane)
    watch.count()
    watch.count()
    session.expire_all()
    assert session.get_one(Tally, ("lane_events", "hit")).count == 11
    assert session.get_one(Tally, ("lane_events", "miss")).count == 1


def test_no_more_than_two_of_many_processes_renew_an_answer_at_once(
    lane: Lane, engine: Engine, redis: "Redis"
):
    watches = [Watch(lane, engine, connect(redis_url(redis))) for _ in range(4)]
    for one in watches:
        one.listen(0.01)
    for one in watches:
        one.count_processes()
    assert [one.may_renew(URL) for one in watches] == [True, True, False, False]
    assert watches[0].may_renew("another")
    time.sleep(0.06)
    assert watches[3].may_renew(URL)
    for one in watches:
        one.hang_up()


def run(watch: Watch) -> Callable[[], None]:
    """Run it in a thread until the answer is called."""
    stopping = threading.Event()
    thread = threading.Thread(target=watch.run, args=(stopping,))
    thread.start()

    def stop() -> None:
        stopping.set()
        thread.join()

    return stop


def wait_until(is_so: Callable[[], bool], *, seconds: float = 3.0) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)
