"""python -m workers rq | sweep: one worker process of a kind."""

import sys

from service import logs
from service.config import Settings, SettingsError
from service.processes import die_with_parent
from workers import rq_worker, sweep
from workers.checks import CHECKS

KINDS = {"rq": rq_worker.run, "sweep": sweep.run}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in KINDS:
        print("usage: python -m workers rq|sweep", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    logs.set_up(settings.log_level, arguments[0])
    die_with_parent()
    KINDS[arguments[0]](settings, CHECKS)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
