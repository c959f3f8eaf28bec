"""A proxy on TCP that may swallow all that is sent, as a network does that drops packets."""

import contextlib
import socket
import threading
from collections.abc import Iterator

CHUNK = 65_536


class Hole:
    """Passes on what comes, both ways; while `is_open`, nothing comes out at either end."""

    def __init__(self, target: str) -> None:
        """`target` is the path of a Unix socket."""
        self.is_open = False
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self._ends: list[socket.socket] = [self._listener]

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    def serve(self) -> None:
        with contextlib.suppress(OSError):  # the listener is closed in the end
            while True:
                near, _ = self._listener.accept()
                self._ends.append(near)
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        far = socket.socket(socket.AF_UNIX)
        self._ends.append(far)
        try:
            far.connect(self._target)
        except OSError:
            end(near)
            return
        threading.Thread(target=self._pump, args=(near, far), daemon=True).start()
        self._pump(far, near)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                if not self.is_open:
                    sink.sendall(chunk)
        for one in (source, sink):
            end(one)

    def close(self) -> None:
        for one in self._ends:
            end(one)
            one.close()


def end(connection: socket.socket) -> None:
    """Not `close` alone: it would leave a thread waiting that reads from it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def hole(target: str) -> Iterator[Hole]:
    proxy = Hole(target)
    thread = threading.Thread(target=proxy.serve)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
