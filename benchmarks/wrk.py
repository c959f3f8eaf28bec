"""Reads by the ten thousand, and posts among them: wrk, which one core can drive so fast."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
import psutil

from benchmarks.machine import GENERATOR_CORES, Meter, Usage, pinned_to
from benchmarks.texts import Draft

SCRIPT = Path(__file__).with_name("load.lua")
SECONDS_TO_ANSWER = 30
GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True, slots=True)
class Posts:
    """What is posted: so many of a hundred requests, to `path`."""

    drafts: Sequence[Draft]
    path: str
    percent: int = 100


@dataclass(frozen=True, slots=True)
class Load:
    requests: int
    seconds: float
    bytes: int
    p50: float  # milliseconds, as the next ones
    p99: float
    longest: float
    refused: int  # answers of 400 and above
    broken: int
    receipts: list[dict[str, object]]
    usage: Usage

    def values(self) -> dict[str, float]:
        """The columns of a table."""
        found = {
            "per second": self.requests / self.seconds,
            "per CPU-second": self.requests / max(self.usage.server, 0.01),
            "p50 ms": self.p50,
            "p99 ms": self.p99,
            "other load, cores": self.usage.other,
        }
        return found | ({"failed": self.refused + self.broken} if self.has_failures else {})

    @property
    def has_failures(self) -> bool:
        return self.refused + self.broken > 0


def installed(program: str, package: str) -> str:
    path = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise click.ClickException(f"{program} is missing; on Debian: apt install {package}")
    return path


def load(
    port: int,
    reads: Sequence[str] = (),
    *,
    roots: Sequence[psutil.Process],
    connections: int,
    seconds: float,
    headers: dict[str, str] | None = None,
    posts: Posts | None = None,
) -> Load:
    """Keep so many connections busy for so long. `reads` may have an ETag behind a tab."""
    sent = {"Host": "127.0.0.1", **(headers or {})}  # as benchmarks.load says it
    with tempfile.TemporaryDirectory() as name, pinned_to(GENERATOR_CORES):
        folder = Path(name)
        (folder / "reads").write_text("\n".join(reads) or "/", encoding="utf-8")
        arguments = [str(folder / "reads"), str(posts.percent if posts else 0)]
        if posts:
            lines = (f"{draft.key}\t{draft.content.decode()}" for draft in posts.drafts)
            (folder / "posts").write_text("\n".join(lines), encoding="utf-8")
            arguments += [str(folder / "posts"), posts.path, str(folder / "receipts")]
        command = [
            installed("wrk", "wrk"), "--threads", "1", "--connections", str(connections),
            "--duration", f"{max(1, round(seconds))}", "--timeout", str(SECONDS_TO_ANSWER),
            "--script", str(SCRIPT),
            *(part for item in sent.items() for part in ("--header", ": ".join(item))),
            f"http://127.0.0.1:{port}", "--", *arguments,
        ]  # fmt: skip
        meter = Meter(roots)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        usage = meter.read()
        receipts = folder / "receipts"
        taken = receipts.read_text(encoding="utf-8").splitlines() if receipts.exists() else []
    return _parsed(done, usage, [json.loads(line) for line in taken])


def _parsed(
    done: subprocess.CompletedProcess[str], usage: Usage, receipts: list[dict[str, object]]
) -> Load:
    _, found, result = done.stdout.partition("RESULT ")
    if not found or "too few posts" in done.stderr + done.stdout:
        raise RuntimeError(f"wrk failed:\n{done.stdout}{done.stderr}")
    said = json.loads(result)
    return Load(
        requests=said["requests"],
        seconds=said["microseconds"] / 1e6,
        bytes=said["bytes"],
        p50=said["p50"] / 1000,
        p99=said["p99"] / 1000,
        longest=said["longest"] / 1000,
        refused=said["refused"],
        broken=said["broken"],
        receipts=receipts,
        usage=usage,
    )
