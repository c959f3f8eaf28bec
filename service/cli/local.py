"""What `afterword up` keeps in its data folder, and the settings that follow from it."""

import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from service.actions.errors import Refused
from service.config import variable

DEFAULT_FOLDER = ".afterword"
LOCK = "lock"  # in the folder of `afterword up`, and nowhere else
LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def environment(data: Path, *, host: str | None = None) -> dict[str, str]:
    """Settings for the data in this folder. What the operator has set in the environment wins."""
    secret_file = data / "secret"
    read_or_make(secret_file, lambda: secrets.token_hex(32))
    own = {
        "database_url": f"sqlite:///{data / 'afterword.db'}",
        "redis_url": f"unix://{socket_path(data)}",
        "demo": "on",
        "log_level": "WARNING",
        "hosts": ",".join(LOOPBACK) if host in LOOPBACK else "",
    }
    values = {variable(name): value for name, value in own.items()}
    if not os.environ.get(variable("secret")):
        values[variable("secret") + "_FILE"] = str(secret_file)
    return {**values, **os.environ}


def socket_path(data: Path) -> Path:
    """In the data folder, or in one of our own for temporary things when its path is too long."""
    path = data / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"afterword-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise Refused(f"{folder} belongs to somebody else. Choose a --data with a shorter path.")
    return folder / "valkey.sock"


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Of all that need the folder for themselves. Raises Refused."""
    with (data / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(f"Afterword is running already with the data in {data}.") from error
        yield


def token_file(data: Path) -> Path:
    """The demo moderator's token. It is there once everything was set up."""
    return data / "moderator-token"


def sign_in_link(address: str, token: str) -> str:
    """The token stands behind the #, which browsers send to nobody."""
    return f"{address.rstrip('/')}/desk/#token={token}"


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """What the file says; made and written for the owner's eyes alone when there is none."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(make(), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()
