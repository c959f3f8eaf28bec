"""Whether a Redis may be worked with: who can reach it can plant jobs, and old ones have holes."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

from redis import AuthenticationError, Redis, ResponseError

from service.config import Settings, is_local

# The first versions of each line without CVE-2025-49844 (a script takes over the server) and
# CVE-2026-23479 (so does who waits for a list, as workers do). Later lines began without them.
MENDED: Mapping[str, Mapping[tuple[int, int], int]] = {
    "Redis": {(6, 2): 22, (7, 2): 14, (7, 4): 9, (8, 2): 6, (8, 4): 3, (8, 6): 3},
    "Valkey": {(7, 2): 13, (8, 0): 8, (8, 1): 7, (9, 0): 4},
}
LOCAL = ("127.", "::1", "-::1", "localhost")


def fault(redis: "Redis", settings: Settings) -> str:
    """What speaks against it, in words, or nothing. Raises RedisError when it does not answer."""
    said = redis.info("server")
    name = "Valkey" if "valkey_version" in said else "Redis"
    version = str(said.get("valkey_version", said["redis_version"]))
    if settings.redis_version_check and is_old(name, version):
        return (
            f"{name} {version} has holes by which whoever reaches it takes it over. Bring it up to "
            "date; or, if your distribution mended it under this number, set "
            "AFTERWORD_REDIS_VERSION_CHECK=off."
        )
    if _lets_strangers_in(redis, settings.redis_url):
        return (
            "Redis lets in whoever reaches it, without a password. Give its user `default` one, or "
            "take examples/valkey.acl; docs/security.md says why."
        )
    return ""


def is_old(name: str, version: str) -> bool:
    major, minor, patch = map(int, re.findall(r"\d+", version)[:3])
    lines = MENDED[name]
    return patch < lines[major, minor] if (major, minor) in lines else (major, minor) < max(lines)


def _lets_strangers_in(redis: "Redis", url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "unix":
        return False  # who may open the file is what its folder says
    anybody = parts._replace(netloc=parts.netloc.rpartition("@")[2])
    try:
        with Redis.from_url(
            urlunsplit(anybody), socket_timeout=2, socket_connect_timeout=2
        ) as stranger:
            stranger.ping()
    except (AuthenticationError, ResponseError):
        return False
    return not is_local(url) or _listens_to_others(redis)


def _listens_to_others(redis: "Redis") -> bool:
    try:
        said = redis.config_get("bind", "protected-mode")
    except ResponseError:
        return False  # a user who may not ask that is one that somebody thought about
    return is_public({str(name): str(value) for name, value in said.items()})


def is_public(said: Mapping[str, str]) -> bool:
    addresses = said.get("bind", "").split() or ["*"]
    listens_to_all = any(not address.startswith(LOCAL) for address in addresses)
    return listens_to_all and said.get("protected-mode") == "no"
