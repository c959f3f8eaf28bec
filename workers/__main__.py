"""python -m workers rq… sweep replay: a process for each kind named, and a watch over them."""

import sys

from redis import RedisError

from service import logs, redis_server
from service.bell import connect
from service.config import Settings, SettingsError
from workers import processes

ANSWER_SECONDS = 2.0


def main(arguments: list[str]) -> int:
    if not arguments or set(arguments) - set(processes.KINDS):
        print("usage: python -m workers rq|sweep|replay…", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if wrong := _wrong_with_redis(settings):
        print(wrong, file=sys.stderr)  # noqa: T201
        return 2
    logs.set_up(settings.log_level, "workers")
    processes.run(settings, arguments)
    return 0


def _wrong_with_redis(settings: Settings) -> str:
    with connect(settings.redis_url, timeout=ANSWER_SECONDS) as redis:
        try:
            return redis_server.fault(redis, settings)
        except RedisError:
            return ""  # the sweep works without it, and each worker looks when it is there


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
