"""Who is asking, from where, and whether they may."""

import hmac
from base64 import urlsafe_b64encode
from enum import Enum
from ipaddress import ip_address
from uuid import UUID

from flask import Response, current_app, g, request

from service.actions import tokens
from service.actions.errors import Forbidden, NotFound, OriginNotAllowed, Unauthenticated
from service.actions.sharing import SharedPosts
from service.api import desk_session
from service.api.database import db
from service.bell import Bell
from service.config import Settings
from service.domain.ids import keyed_hash, network_of, subkey
from service.domain.roles import Permission
from service.store import credentials, sites
from service.store.access_tables import Token
from service.store.credentials import Holder
from service.store.desk_sessions import SignedIn
from service.store.sites import SiteRecord

PREFLIGHT_SECONDS = 600
FORWARDED = {
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-Ip",
}
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
HEADERS = "Afterword-Reader, Authorization, Content-Type, Idempotency-Key"


class Access(Enum):
    ANYONE = "anyone"
    AUTHOR = "the author, with Authorization: Edit <edit_token>"
    READ = "moderators who may read"
    DECIDE = "moderators who may decide"
    POLICY = "moderators who may change policies"
    ADMIN = "administrators"

    @property
    def permission(self) -> Permission | None:
        """What a moderator needs; None where it is no moderator who is asked for."""
        return PERMISSIONS.get(self)


PERMISSIONS = {
    Access.READ: Permission.READ,
    Access.DECIDE: Permission.DECIDE,
    Access.POLICY: Permission.POLICY,
    Access.ADMIN: Permission.ADMIN,
}


def settings() -> Settings:
    found: Settings = current_app.extensions["afterword.settings"]
    return found


def bell() -> Bell:
    found: Bell = current_app.extensions["afterword.bell"]
    return found


def posts() -> SharedPosts:
    found: SharedPosts = current_app.extensions["afterword.posts"]
    return found


def peer() -> str:
    """The reader's address. Forwarding headers count only as far as AFTERWORD_PROXIES says."""
    return request.remote_addr or "unknown"


def peer_network() -> str:
    return network_of(peer())


def limited_peer() -> str:
    """By what requests are counted: Redis keeps it for minutes, and on its disk for longer."""
    return keyed_hash(settings().secret, "rate limit", peer_network())


def is_from_this_machine() -> bool:
    """Not by way of a proxy on it, which may ask for anybody."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(peer().removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


def identify(permission: Permission) -> None:
    """Find out who asks. Raises Unauthenticated, or Forbidden for who may that nowhere."""
    by_token = "Authorization" in request.headers
    g.holder = _bearer() if by_token else _signed_in()
    if not holder().may_anywhere(permission):
        raise Forbidden("" if by_token else "Your role does not allow that.")


def _bearer() -> Holder:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_it = Token.token_hash == credentials.hashed(token)
    found = credentials.valid_token(db.session(), is_it) if scheme.lower() == "bearer" else None
    if found is None:
        raise Unauthenticated
    if not found.is_noted:
        db.session().rollback()  # reading ends before writing begins
        tokens.used(db.session(), found.id)
    return credentials.holder_by_token(found)


def _signed_in() -> Holder:
    found = desk_session.present()
    if found is None:
        raise Unauthenticated
    if request.method in desk_session.UNSAFE:
        desk_session.ensure_sent_by_us(found)
    return found.holder


def identify_person() -> SignedIn:
    """Find out who is signed in, whatever their role. Raises Unauthenticated."""
    g.holder = _signed_in()
    found = desk_session.present()
    if found is None:
        raise Unauthenticated
    return found


def holder() -> Holder:
    found: Holder = g.holder
    return found


def moderated_site(key: str, permission: Permission) -> SiteRecord:
    """Raises NotFound for sites that the moderator may not even read, else Forbidden."""
    site = sites.find(db.session(), key)
    if site is None or not holder().may(Permission.READ, site.id):
        raise NotFound("There is no site with that key.")
    if not holder().may(permission, site.id):
        raise Forbidden("Your role at this site does not allow that.")
    return site


def public_site(key: str) -> SiteRecord:
    """The site that a reader's page belongs to; its origins decide about CORS."""
    site = sites.remembered(db.engine, key)  # holds no connection: shared posts forbid that
    if site is None:
        raise NotFound("There is no site with that key.")
    share_with(site)
    return site


def share_with(site: SiteRecord) -> None:
    """The pages of this site may read the answer."""
    g.origins = site.origins


def ensure_origin(site: SiteRecord) -> None:
    """Writes come from the site's own pages, or from programs, which send no Origin."""
    share_with(site)
    origin = request.headers.get("Origin")
    if origin is not None and origin not in site.origins:
        raise OriginNotAllowed


def edit_token(comment_id: UUID) -> str:
    """Proves to be the author of one comment. Made from its id, so nothing has to be stored."""
    digest = hmac.digest(subkey(settings().secret, "edit token"), comment_id.bytes, "sha256")
    return urlsafe_b64encode(digest[:24]).decode()


def is_author(comment_id: UUID) -> bool:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme == "Edit" and hmac.compare_digest(
        token.encode("utf-8", "replace"), edit_token(comment_id).encode()
    )


def ensure_author(comment_id: UUID) -> None:
    """The same answer whether the comment exists or not."""
    if not request.headers.get("Authorization"):
        raise Unauthenticated("Send the edit token: Authorization: Edit <edit_token>.")
    if not is_author(comment_id):
        raise Forbidden("This edit token does not belong to this comment.")


def add_cors(response: Response) -> Response:
    """Grant the very origin that asked, if its site lists it. No wildcard, no credentials, ever."""
    response.vary.add("Origin")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    origin = request.headers.get("Origin")
    if origin is None or not _may_read(origin):
        return response
    response.headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = HEADERS
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    else:
        response.headers["Access-Control-Expose-Headers"] = "ETag, Location, Retry-After"
    return response


def _may_read(origin: str) -> bool:
    known: frozenset[str] | None = g.get("origins")
    if known is not None:
        return origin in known
    # A preflight, or an error before the site was known: then any site's page may see the answer.
    return sites.is_known_origin(db.session(), origin)
