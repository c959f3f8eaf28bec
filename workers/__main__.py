"""python -m workers rq… sweep replay: a process for each kind named, and a watch over them."""

import sys

from service import logs
from service.config import Settings, SettingsError
from workers import processes


def main(arguments: list[str]) -> int:
    if not arguments or set(arguments) - set(processes.KINDS):
        print("usage: python -m workers rq|sweep|replay…", file=sys.stderr)  # noqa: T201
        return 2
    try:
        settings = Settings.from_env()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    logs.set_up(settings.log_level, "workers")
    processes.run(settings, arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
