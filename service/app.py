"""create_app: the only module that knows all others."""

import logging
import math
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.errors import RateLimitExceeded
from sqlalchemy.orm import sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

from service import embed, logs
from service.actions.sharing import SharedPosts
from service.api import access, dispatch, documents, framing, openapi, problems
from service.api.database import db
from service.bell import RedisBell, connect
from service.config import Settings
from service.desk import pages as desk_pages
from service.store import models, people_tables, reader_tables  # noqa: F401 - make tables known
from service.store.db import driver_url, engine_options, prepare

log = logging.getLogger(__name__)

MOST_BYTES = 4 * 1024 * 1024  # no route takes more
MOST_HEADER_BYTES = 12 * 1024
REDIS_SECONDS = 0.25  # after that a request goes on without Redis


# What an answer says unless its view says something else.
PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}


class Application(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """As it is: Flask would look at each function of each request, and none is a coroutine."""
        return func


def create_app(settings: Settings) -> Flask:
    app = Application("service", static_folder=None)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=driver_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        TRUSTED_HOSTS=[host.strip() for host in settings.hosts.split(",") if host.strip()] or None,
    )
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        open_session = sessionmaker(db.engine, expire_on_commit=False)
    redis = connect(settings.redis_url, timeout=REDIS_SECONDS)
    app.extensions["afterword.settings"] = settings
    app.extensions["afterword.redis"] = redis
    app.extensions["afterword.bell"] = bell = RedisBell(redis)
    app.extensions["afterword.posts"] = SharedPosts(open_session, bell, secret=settings.secret)
    app.extensions["afterword.describe"] = openapi.describe
    problems.register(app)
    limiter = _limiter(app, settings)
    dispatch.register(app, limiter)
    app.register_blueprint(documents.pages)
    embed.register(app, limiter)
    desk_pages.register(app, limiter)
    app.before_request(_begin)
    app.after_request(_finish)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    return app


def _limiter(app: Flask, settings: Settings) -> Limiter:
    timeouts: Any = {"socket_timeout": REDIS_SECONDS, "socket_connect_timeout": REDIS_SECONDS}
    limiter = Limiter(
        access.limited_peer,
        storage_uri=_limits_url(settings.redis_url),
        storage_options=timeouts,
        in_memory_fallback_enabled=True,
        enabled=settings.limits,
        key_prefix="afterword",
    )
    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, lambda _: _too_many(limiter))
    return limiter


def _too_many(limiter: Limiter) -> Response:
    reset_at = limiter.current_limit.reset_at if limiter.current_limit else time.time()
    answer = problems.response("too-many-requests")
    answer.headers["Retry-After"] = str(max(1, math.ceil(reset_at - time.time())))
    return answer


def _limits_url(redis_url: str) -> str:
    """The limiter's library has its own name for sockets."""
    return redis_url.replace("unix://", "redis+unix://", 1)


def _begin() -> Response | None:
    environ = request.environ
    g.began = time.perf_counter()
    g.request_id = uuid4().hex
    logs.request_id.set(g.request_id)
    sent = [len(key) + len(value) for key, value in environ.items() if key[:5] == "HTTP_"]
    if sum(sent) > MOST_HEADER_BYTES:
        return problems.response("header-too-large")
    if wrong := framing.fault(environ):
        return problems.response("bad-request", wrong)
    # Both can take many times their size in memory, and none of our pages sends either.
    if environ.get("HTTP_CONTENT_ENCODING"):
        return problems.response("unsupported-encoding")
    if environ.get("CONTENT_TYPE", "").lstrip().lower().startswith("multipart/"):
        return problems.response("unsupported-media-type")
    return None


def _finish(response: Response) -> Response:
    # A request that failed before it began, such as one for a foreign host, has no id yet.
    headers = response.headers
    headers.add("X-Request-Id", g.get("request_id", ""))
    said = {name.lower() for name, _ in headers}
    for name, value in PROTECTION.items():
        if name.lower() not in said:
            headers.add(name, value)
    if log.isEnabledFor(logging.INFO):
        _log_answer(response)
    return response


def _log_answer(response: Response) -> None:
    log.info(
        "answered",
        extra={
            "method": request.method,
            "rule": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        },
    )
