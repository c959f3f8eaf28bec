"""Addresses to which a page may lead back: paths of this service, and nothing else."""

import re
from urllib.parse import unquote, urlsplit

LONGEST = 2_000
# What a browser drops (tab, newline) or reads as a slash (\) could make another host of a path.
PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")


def own_path(text: str | None) -> str | None:
    """The path with its query, as it came; None for whatever could lead elsewhere."""
    if text is None or len(text) > LONGEST or not PATH.fullmatch(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or not PATH.fullmatch(path):
        return None
    if "//" in path or ".." in path.split("/"):
        return None
    return text
