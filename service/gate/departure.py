"""Ends this process on SIGTERM without sending away who has come already.

The server by itself closes what waits at its socket, and connections of which it has read nothing:
a request that was on its way would fail. So before it is told, nobody else is let in, and who is at
the door may say what they want. Who knocks meanwhile gets no answer; Linux asks again after a
second, by when the process that took over is asked, or there is none.
"""

import ctypes
import logging
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Mapping
from contextlib import suppress

from service.gate.sockets import borrowed, sockets, traffic_of
from service.processes import STOPPING

log = logging.getLogger(__name__)

ON_THEIR_WAY = 0.1  # seconds for who has knocked already to be let in
LONGEST_HEARING = 2.0  # seconds
PAUSE = 0.01
# Classic BPF, of linux/filter.h: packets that open a connection are dropped. Connections inherit
# the filter, which does nothing to any other packet.
FLAGS, SYN, ALL = 13, 0x02, 0xFFFFFFFF
INSTRUCTIONS = (
    (0x30, 0, 0, FLAGS),  # load the byte of the TCP header
    (0x45, 0, 1, SYN),  # skip the next unless this bit is set
    (0x06, 0, 0, 0),  # keep nothing of it
    (0x06, 0, 0, ALL),
)
SO_ATTACH_FILTER = 26


def depart_in_good_order() -> None:
    """To be called before any thread is started: they all leave the signals to one that waits."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    before = {number: signal.getsignal(number) for number in STOPPING}
    threading.Thread(target=_wait, args=(before,), name="departure", daemon=True).start()


def _wait(before: Mapping[int, object]) -> None:
    number = signal.sigwait(STOPPING)
    tell_server = signal.getsignal(number)
    if tell_server is before[number] or not callable(tell_server):
        os._exit(0)  # it is not there yet, and nobody was let in
    try:
        close_the_door()
        hear_out()
    except OSError as error:  # not every system has all of this
        log.warning("nobody was heard out", extra={"error": type(error).__name__})
    finally:
        tell_server(number, None)


def close_the_door() -> None:
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in INSTRUCTIONS)
    program = ctypes.create_string_buffer(code)
    given = struct.pack("HP", len(INSTRUCTIONS), ctypes.addressof(program))
    for descriptor in sockets().listening:
        with borrowed(descriptor) as listening:
            listening.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, given)


def hear_out() -> None:
    began = time.monotonic()
    while (waited := time.monotonic() - began) < LONGEST_HEARING:
        time.sleep(PAUSE)
        if waited > ON_THEIR_WAY and not _anybody_unheard():
            return


def _anybody_unheard() -> bool:
    for descriptor in sockets().accepted.values():
        with suppress(OSError):  # closed meanwhile
            if traffic_of(descriptor).is_unheard:
                return True
    return False
