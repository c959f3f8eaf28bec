"""Which article a thread belongs to: the publisher's own id, or the article's URL in one form."""

import unicodedata
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from service.domain.wording import Unacceptable

MAX_PAGE = 500
DEFAULT_PORTS = {"http": 80, "https": 443}
TRACKING = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "mc_cid",
        "mc_eid",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "oly_anon_id",
        "oly_enc_id",
        "vero_id",
        "wickedid",
        "mkt_tok",
        "s_cid",
        "srsltid",
    }
)


def normalise_page(page: str) -> str:
    """One name for one article. Raises Unacceptable when `page` is empty, too long or unprintable.

    Anything but an http(s) URL is the publisher's own id and stays as it is.
    """
    page = unicodedata.normalize("NFC", page).strip()
    if not page or any(unicodedata.category(letter) in ("Cc", "Cs") for letter in page):
        raise Unacceptable("The page must be the article's id or URL, without control characters.")
    if page.lower().startswith(("http://", "https://")):
        page = _normalise_url(page)
    if len(page) > MAX_PAGE:
        raise Unacceptable(f"The page must have at most {MAX_PAGE} characters.")
    return page


def _normalise_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise Unacceptable("The page looks like a URL but is not a valid one.") from error
    if not host:
        raise Unacceptable("The page looks like a URL but names no host.")
    scheme = parts.scheme.lower()
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    return urlunsplit((scheme, netloc, parts.path or "/", _without_tracking(parts.query), ""))


def _without_tracking(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _is_tracking(name)]
    return query if len(kept) == len(pairs) else urlencode(kept)


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING or name.lower().startswith("utm_")


def is_page_of(origins: Collection[str], url: str) -> bool:
    """A thread's link is shown to moderators and readers, so it must lead to the publisher."""
    return not origins or url.startswith(tuple(f"{origin}/" for origin in origins))


def normalise_origin(origin: str) -> str:
    """scheme://host[:port] as browsers send it. Raises Unacceptable for anything else."""
    try:
        parts = urlsplit(origin.strip())
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise Unacceptable(f"{origin!r} is not an origin.") from error
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in DEFAULT_PORTS or not host or extra:
        raise Unacceptable(f"{origin!r} is not an origin such as https://www.example.org.")
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    return f"{parts.scheme}://{netloc}"
