"""Logs: one JSON object a line, with the request's or job's id, never with what people wrote."""

import logging
import sys
from contextvars import ContextVar

from pythonjsonlogger.orjson import OrjsonFormatter

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
job_id: ContextVar[str | None] = ContextVar("job_id", default=None)


class Ids(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        for name, variable in (("request_id", request_id), ("job_id", job_id)):
            if (value := variable.get()) is not None:
                setattr(record, name, value)
        return True


# What no line of ours shows; finding it out takes a third of the time that a line takes.
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None  # as "Optimization" in logging's manual says


def set_up(level: str, process: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        OrjsonFormatter(
            "{levelname}{name}{message}",
            style="{",
            timestamp="at",
            rename_fields={"levelname": "level", "name": "logger"},
            static_fields={"process": process},
        )
    )
    handler.addFilter(Ids())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("rq").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
