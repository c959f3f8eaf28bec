"""All that answer readers in one run: on the same core, with the same comments."""

import gzip
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import isso
from benchmarks.load import Connection, Reply
from benchmarks.machine import SERVER_CORES, pinned_to
from benchmarks.nginx import MEMORY, nginx_before, nginx_with, wait_until_open
from benchmarks.posting import memory
from benchmarks.sample import Sample
from benchmarks.seeding import HUNDRED_THOUSAND
from benchmarks.stack import OWN_CODE, Stack, System, comments_of, free_port, started

AFTERWORD, PROXIED = "Afterword", "Afterword behind nginx"
FILES, VIEW, ISSO = "nginx, files", "a Flask view", "Isso"
# What readers' browsers need besides what nginx says of any file; the files get it, too.
FOR_BROWSERS = (
    "cache-control", "vary", "x-content-type-options", "referrer-policy",
    "cross-origin-resource-policy", "content-security-policy",
)  # fmt: skip
COMPRESSION = 6  # of the bytes that the others serve, where Afterword has none to copy


@dataclass(frozen=True, slots=True)
class Served:
    name: str
    port: int
    trees: tuple[psutil.Process, ...]
    address: Callable[[str], str]  # of the comments of a page

    def get(self, page: str, **headers: str) -> Reply:
        connection = Connection(self.port)
        try:
            return connection.get(self.address(page), **headers)
        finally:
            connection.close()


@contextmanager
def side_by_side(database: str) -> Iterator[tuple[Stack, list[Served], list[Sample]]]:
    """Afterword first; and what memory it takes before anybody has read."""
    with ExitStack() as these:
        stack = these.enter_context(started(System(database), past=HUNDRED_THOUSAND))
        idle = memory(stack, "before all cells", table="growth")
        folder = Path(these.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        files = Path(these.enter_context(tempfile.TemporaryDirectory(dir=MEMORY)))
        files.chmod(0o755)
        own = Served(AFTERWORD, stack.port, tuple(stack.trees), comments_of)
        _copy(own, files)
        proxy, limit, view, peer = (free_port() for _ in range(4))
        before = these.enter_context(nginx_before(stack.port, port=proxy))
        answer = own.get(HUNDRED_THOUSAND[0].page, Accept_Encoding="gzip")
        headers = {name: answer.header(name) for name in FOR_BROWSERS}
        static = these.enter_context(nginx_with(files, port=limit, headers=headers))
        plain = these.enter_context(_plain_view(files, port=view))
        other = these.enter_context(isso.isso(folder, HUNDRED_THOUSAND, port=peer))
        yield (
            stack,
            [
                own,
                Served(PROXIED, proxy, (before, *stack.trees), comments_of),
                Served(FILES, limit, (static,), _file),
                Served(VIEW, view, (plain,), _file),
                Served(ISSO, peer, (other,), isso.comments_of),
            ],
            idle,
        )


def _file(page: str) -> str:
    return f"/{page}.json"


def _copy(own: Served, folder: Path) -> None:
    """What Afterword answers for each thread, as files: plain, and compressed as it does."""
    for place in HUNDRED_THOUSAND:
        plain = own.get(place.page)
        if plain.status != 200:
            raise RuntimeError(f"{place.page} was answered {plain.status}.")
        packed = own.get(place.page, Accept_Encoding="gzip")
        is_gzip = packed.header("content-encoding") == "gzip"
        path = folder / f"{place.page}.json"
        path.write_bytes(plain.content)
        packed_bytes = packed.content if is_gzip else gzip.compress(plain.content, COMPRESSION)
        path.with_name(f"{path.name}.gz").write_bytes(packed_bytes)


@contextmanager
def _plain_view(files: Path, *, port: int) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "benchmarks.plain_view", str(port), str(files)]
    with pinned_to(SERVER_CORES):
        process = subprocess.Popen(command, cwd=OWN_CODE, stderr=subprocess.PIPE)
    try:
        wait_until_open(port, process)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()
