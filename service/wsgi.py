"""What the web server loads: the application behind gate and lane, which the watch keeps honest."""

import gc
import logging
import multiprocessing
import os
import time

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service import logs
from service.api import problems
from service.api.database import db
from service.app import MOST_BYTES, create_app
from service.config import Settings
from service.gate.bodies import Bodies
from service.gate.departure import depart_in_good_order
from service.gate.doorkeeper import Doorkeeper
from service.gate.gate import Gate, Refusal
from service.lane.lane import Lane
from service.processes import REQUESTS, die_with_parent, keep_few_heaps
from service.store.shape import lacks_migrations
from service.store.standstill import Standstill
from service.watch import ListeningBell, Watch

log = logging.getLogger(__name__)

MIB = 1024 * 1024
LOOK_SECONDS = 0.05
OF_ONE_REQUEST = {"X-Request-Id", "Retry-After"}


def application() -> Lane:
    depart_in_good_order()
    settings = Settings.from_env()
    logs.set_up(settings.log_level, "web")
    parent = multiprocessing.parent_process()
    die_with_parent((parent and parent.pid) or os.getppid())
    keep_few_heaps()
    app = create_app(settings)
    bodies = Bodies(most_bytes=MOST_BYTES)
    busy = _refusal(app, "busy")
    gate = Gate(app, places=settings.web_threads, bodies=bodies, busy=busy)
    lane = Lane(gate, most_bytes=settings.lane_mib * MIB)
    with app.app_context():
        Standstill().watch(db.engine)
        _wait_for_migrations(db.engine)
        redis = app.extensions["afterword.redis"]
        watch = Watch(lane, db.engine, redis, turned_away=gate.counts)
    lane.may_renew = watch.may_renew
    app.extensions["afterword.bell"] = ListeningBell(app.extensions["afterword.bell"], watch)
    app.extensions["afterword.lane"] = lane
    watch.start()
    seconds = settings.request_seconds
    Doorkeeper(seconds=seconds, is_crowded=lambda: bodies.are_crowded).start()
    os.nice(REQUESTS)  # for threads from here on; who commits posts, and the watch, go before them
    # What is there now stays: looking through it again takes 50 ms, for which all threads wait.
    gc.freeze()
    gc.enable()
    return lane


def _wait_for_migrations(engine: Engine) -> None:
    """Until then answers would be wrong. Meanwhile requests wait in the socket."""
    told = False
    try:
        while lacks_migrations(engine):
            if not told:
                log.warning("waiting for afterword migrate")
            told = True
            time.sleep(LOOK_SECONDS)
    except SQLAlchemyError as error:
        # A database that is away is what requests are told.
        log.warning("the database does not answer", extra={"error": type(error).__name__})


def _refusal(app: Flask, slug: str) -> Refusal:
    """As the application would answer, but for what belongs to one request."""
    with app.test_request_context():
        answer = app.process_response(problems.response(slug))
    headers = [pair for pair in answer.headers if pair[0] not in OF_ONE_REQUEST]
    return Refusal(answer.status, headers, answer.get_data())
