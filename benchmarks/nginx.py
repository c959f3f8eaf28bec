"""nginx: with the very bytes as files, the limit of what can be reached; and as in our example."""

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.load import Connection
from benchmarks.machine import SERVER_CORES, pinned_to
from benchmarks.wrk import installed

EXAMPLE = Path(__file__).parent.parent / "examples" / "nginx.conf"
MEMORY = Path("/dev/shm")
SECONDS_TO_START = 10
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {site}
}}
"""
FILES = """
server {{
    listen 127.0.0.1:{port};
    root {files};
    default_type application/json;
    gzip_static on;
    sendfile on;
    tcp_nopush on;
    open_file_cache max=10000 inactive=600s;
    keepalive_requests 1000000000;
    access_log {folder}/access.log combined buffer=64k flush=5s;
    {headers}
}}
"""


def before(*, port: int, origin: int, folder: Path) -> str:
    """The example, with its places on this machine; all else stands as it does."""
    places = {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{origin};",
        "proxy_cache_path /run/nginx-afterword": f"proxy_cache_path {folder}/cache",
        "access_log /var/log/nginx/afterword.log": f"access_log {folder}/access.log",
    }
    text = EXAMPLE.read_text(encoding="utf-8")
    for there, here in places.items():
        if text.count(there) != 1:
            raise LookupError(f"{EXAMPLE.name} has no {there!r}.")
        text = text.replace(there, here)
    return text


@contextmanager
def nginx_before(origin: int, *, port: int) -> Iterator[psutil.Process]:
    with _folder() as folder:
        site = before(port=port, origin=origin, folder=folder)
        with _running(folder, site, port) as process:
            yield process


@contextmanager
def nginx_with(files: Path, *, port: int, headers: Mapping[str, str]) -> Iterator[psutil.Process]:
    lines = "\n    ".join(f'add_header {name} "{value}";' for name, value in headers.items())
    with _folder() as folder:
        site = FILES.format(port=port, files=files, folder=folder, headers=lines)
        with _running(folder, site, port) as process:
            yield process


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder = Path(name)
        folder.chmod(0o755)  # its worker belongs to an account of its own
        yield folder


@contextmanager
def _running(folder: Path, site: str, port: int) -> Iterator[psutil.Process]:
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, site=site), encoding="utf-8")
    command = [installed("nginx", "nginx-light"), "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    with pinned_to(SERVER_CORES):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_until_open(port, process)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.perf_counter() + SECONDS_TO_START
    while process.poll() is None and time.perf_counter() < until:
        try:
            Connection(port).close()
            return
        except OSError:
            time.sleep(0.02)
    said = process.stderr.read().decode() if process.poll() is not None and process.stderr else ""
    raise RuntimeError(f"{process.args!r} did not start:\n{said}")
