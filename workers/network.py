"""What workers reach by network: their database and Redis, whatever a comment makes them do."""

import ctypes
import errno
import logging
import os
import platform
import struct
import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

from sqlalchemy import make_url

from service.config import Settings

log = logging.getLogger(__name__)

POSTGRESQL, REDIS, NAMES = 5432, 6379, 53
NO_NEW_PRIVILEGES, SET_SECCOMP, FILTER = 38, 22, 2  # of prctl

# The kernel's names for a machine, with its number of the system call `socket`.
MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
OTHER_NUMBERS = 0x40000000  # the same calls once more, for 32-bit programs on x86_64
IO_URING_SETUP = 425  # makes sockets, too, past what filters see
LOAD, EQUAL, AT_LEAST, ANSWER = 0x20, 0x15, 0x35, 0x06  # instructions of the filter
CALL, MACHINE, FIRST_ARGUMENT = 0, 4, 16  # where it finds what
ALLOW, REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
AF_UNIX = 1

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # Landlock's, the same on all machines
BY_PORT, BIND, CONNECT = 2, 1, 2


def confine_network(settings: Settings) -> None:
    """For this process and all that come from it, for ever.

    Without TCP, where database and Redis are files and sockets of this machine; else to their
    ports alone, since names have to be looked up as well and addresses may change.
    """
    ports = ports_of(settings)
    try:
        _call("prctl", NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        if ports:
            _connect_only_to({*ports, NAMES})
        else:
            _stay_on_this_machine()
    except (OSError, AttributeError, KeyError):
        # An old kernel, or none of Linux. Containers may confine workers all the same.
        log.warning("the workers' network is not confined", extra={"system": platform.release()})


def ports_of(settings: Settings) -> set[int]:
    """Those of TCP that the work needs."""
    ports: set[int] = set()
    redis = urlsplit(settings.redis_url)
    if redis.scheme != "unix":
        ports.add(redis.port or REDIS)
    database = make_url(settings.database_url)
    host = database.host or str(database.query.get("host", ""))
    if database.get_backend_name() == "postgresql" and not host.startswith("/"):
        given = str(database.port or database.query.get("port") or os.environ.get("PGPORT", ""))
        ports |= {int(port) for port in given.split(",") if port} or {POSTGRESQL}
    return ports


def _stay_on_this_machine() -> None:
    machine, socket_call = MACHINES[platform.machine()]
    program = [
        (LOAD, 0, 0, MACHINE),
        (EQUAL, 0, 7, machine),
        (LOAD, 0, 0, CALL),
        (AT_LEAST, 5, 0, OTHER_NUMBERS),
        (EQUAL, 4, 0, IO_URING_SETUP),
        (EQUAL, 0, 2, socket_call),
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (EQUAL, 0, 1, AF_UNIX),
        (ANSWER, 0, 0, ALLOW),
        (ANSWER, 0, 0, REFUSE),
    ]
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    content = ctypes.create_string_buffer(code)
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(content))
    _call("prctl", SET_SECCOMP, FILTER, header, 0, 0)


def _connect_only_to(ports: Iterable[int]) -> None:
    attributes = struct.pack("QQ", 0, BIND | CONNECT)
    rules = _call("syscall", CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for port in ports:
            _call("syscall", ADD_RULE, rules, BY_PORT, struct.pack("QQ", CONNECT, port), 0)
        _call("syscall", RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _call(name: str, *arguments: int | bytes) -> int:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "only Linux can do that")
    library = ctypes.CDLL(None, use_errno=True)
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    answer = int(getattr(library, name)(*given))
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
