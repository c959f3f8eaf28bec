"""Every setting of an installation, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from itertools import combinations
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

PREFIX = "AFTERWORD_"
URLS = {
    "database_url": ("sqlite:///", "postgresql://", "postgresql+psycopg://"),
    "redis_url": ("redis://", "rediss://", "unix://"),
}
LEAST = {
    "proxies": 0,
    "web_processes": 1,
    "web_threads": 1,
    "request_seconds": 2,
    "lane_mib": 1,
    "worker_processes": 1,
    "batch_size": 1,
    "lease_seconds": 2,
    "sweep_seconds": 0.1,
    "keep_addresses_days": 2,  # flood control looks back a day
    "keep_emails_days": 1,
    "keep_readers_days": 1,
}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
SHORTEST_TOKEN = 16
LOOPBACK = ("localhost", "::1")
WEAK = ("secret", "password", "changeme", "change-me", "afterword", "example", "default", "test")

DEMO_SITE, DEMO_PAGE = "demo", "/demo/harbour-library"  # what the setting `demo` shows


class SettingsError(ValueError):
    """A setting is missing, malformed or unsafe; the text says which and how to mend it."""


def knob(default: Any, meaning: str, *, secret: bool = False) -> Any:
    metadata = {"meaning": meaning, "secret": secret}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    database_url: str = knob(
        MISSING,
        "Where comments are kept: `sqlite:////var/lib/afterword/afterword.db` or "
        "`postgresql://user:password@host/name`.",
        secret=True,
    )
    redis_url: str = knob(
        MISSING,
        "Redis or Valkey: `redis://host:6379/0`, `rediss://…` or `unix:///path/to/socket`.",
        secret=True,
    )
    redis_version_check: bool = knob(
        True,
        "`off` takes a Redis whose version is known for holes, for distributions that mend them "
        "under the old number.",
    )
    secret: str = knob(
        MISSING,
        "At least 32 random characters, such as from `openssl rand -hex 32`. Edit tokens, "
        "the hashes of addresses and the encryption of e-mail addresses are derived from it.",
        secret=True,
    )
    limits: bool = knob(
        True, "`off` switches all rate limits, the `flood` check and raids off, for load tests."
    )
    hosts: str = knob(
        "", "The host names under which it may be asked, separated by commas. Empty: any."
    )
    proxies: int = knob(
        0, "How many proxies stand in front and may tell the reader's address and scheme."
    )
    metrics_token: str = knob(
        "",
        "`/metrics` asks for it as a bearer token. Without one it answers this machine alone.",
        secret=True,
    )
    web_processes: int = knob(1, "Processes that answer requests.")
    web_threads: int = knob(32, "Requests that one such process works on at the same time.")
    request_seconds: int = knob(
        30,
        "How long a client may take to send a request, and to take its answer. Half of it is for "
        "the head, and for the time between two requests; large bodies get more.",
    )
    lane_mib: int = knob(
        24, "How much of its memory a web process uses to keep public answers ready, in MiB."
    )
    worker_processes: int = knob(1, "RQ worker processes that judge comments.")
    batch_size: int = knob(50, "The most comments that one screening takes at once.")
    lease_seconds: int = knob(
        15, "After this time a comment that a worker took and did not decide is taken again."
    )
    sweep_seconds: float = knob(
        3.0, "How often waiting comments are looked for without being asked to."
    )
    keep_addresses_days: int = knob(
        30, "For how many days hashes of network addresses are kept, at least 2."
    )
    keep_emails_days: int = knob(
        365, "For how many days after an author's last comment their e-mail address is kept."
    )
    keep_readers_days: int = knob(
        365, "For how many days it is kept which reader voted or reported, and reports' notes."
    )
    demo: bool = knob(False, "`on` shows the demo article, as `afterword up` does.")
    log_level: str = knob("INFO", "DEBUG, INFO, WARNING or ERROR.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Raises SettingsError, naming the variable, when one is missing, malformed or weak."""
        values = {
            item.name: _read(item.name, item.type, environ, secret=item.metadata["secret"])
            for item in fields(cls)
        }
        missing = [
            variable(item.name)
            for item in fields(cls)
            if values[item.name] is None and item.default is MISSING
        ]
        if missing:
            raise SettingsError(f"Set {', '.join(missing)}. docs/configuration.md explains each.")
        settings = cls(**{name: value for name, value in values.items() if value is not None})
        settings.ensure_safe()
        return settings

    def ensure_safe(self) -> None:
        lowered = self.secret.lower()
        if len(self.secret) < 32 or len(set(self.secret)) < 10 or lowered.startswith(WEAK):
            raise SettingsError(
                f"{variable('secret')} is too weak: use at least 32 random characters, "
                "such as from `openssl rand -hex 32`."
            )
        for name, beginnings in URLS.items():
            if not getattr(self, name).startswith(beginnings) or not is_readable(
                getattr(self, name)
            ):
                # The value is not quoted: it may hold a password.
                raise SettingsError(f"{variable(name)} must begin with {' or '.join(beginnings)}.")
        for name, least in LEAST.items():
            if getattr(self, name) < least:
                raise SettingsError(f"{variable(name)} must be at least {least}.")
        if self.log_level.upper() not in LOG_LEVELS:
            raise SettingsError(f"{variable('log_level')} must be one of {', '.join(LOG_LEVELS)}.")
        self._ensure_secrets_apart()
        if not (is_local(self.redis_url) or urlsplit(self.redis_url).password):
            raise SettingsError(
                f"{variable('redis_url')} names another machine without a password: whoever "
                "reaches that Redis could plant jobs. Write redis://user:password@host:6379/0."
            )

    def _ensure_secrets_apart(self) -> None:
        """Whoever learns one of them must not have another as well."""
        if self.metrics_token and len(self.metrics_token) < SHORTEST_TOKEN:
            raise SettingsError(
                f"{variable('metrics_token')} is too short: use at least {SHORTEST_TOKEN} random "
                "characters, such as from `openssl rand -hex 16`."
            )
        passwords = {name: unquote(urlsplit(getattr(self, name)).password or "") for name in URLS}
        secrets = {"secret": self.secret, "metrics_token": self.metrics_token, **passwords}
        names = [name for name, value in secrets.items() if value]
        for one, other in combinations(names, 2):
            if secrets[one] == secrets[other]:
                raise SettingsError(
                    f"{variable(one)} and {variable(other)} hold the same secret. "
                    "Give each one of its own."
                )


def is_readable(url: str) -> bool:
    try:
        _ = urlsplit(url).port
    except ValueError:
        return False
    return True


def is_local(redis_url: str) -> bool:
    """Whether only this machine can reach that Redis, as far as its address tells."""
    parts = urlsplit(redis_url)
    host = parts.hostname or "localhost"
    return parts.scheme == "unix" or host in LOOPBACK or host.startswith("127.")


def variable(name: str) -> str:
    return PREFIX + name.upper()


def _read(name: str, kind: Any, environ: Mapping[str, str], *, secret: bool) -> Any:
    key = variable(name)
    text = environ.get(key) or None  # an empty one is as good as none, as in compose files
    if secret and text is None and (path := environ.get(key + "_FILE")):
        try:
            text = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{key}_FILE names {path}, which cannot be read.") from error
    if not text:
        return None
    try:
        return PARSERS[kind](text)
    except (KeyError, ValueError) as error:
        raise SettingsError(f"{key} is {text!r}, which is not {EXPECTED[kind]}.") from error


SWITCH = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
PARSERS: dict[Any, Any] = {
    str: str,
    int: int,
    float: float,
    bool: lambda text: SWITCH[text.lower()],
}
EXPECTED: dict[Any, str] = {int: "a whole number", float: "a number", bool: "on or off", str: ""}
