"""The tokens by which publishers sign their readers in, and the keys that verify them.

To be imported only where a token or a key has come: few sites have any.
"""

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from joserfc import jwt
from joserfc.errors import BadSignatureError, ExpiredTokenError, JoseError, SecurityWarning
from joserfc.jwk import OctKey, OKPKey

from service.domain.identity import Algorithm, IdentityKey, InvalidToken, SignedReader
from service.domain.wording import Unacceptable, normalise_name

LEEWAY_SECONDS = 30  # by which clocks may differ
LONGEST_TOKEN = 4_096
LONGEST_SUBJECT = 255
LONGEST_BADGE = 40
LEAST_SECRET_BYTES = 32
LEAST_DIFFERENT = 10  # letters in a secret: one of few is none
# By its old name, which nearly all libraries write, and by the one of RFC 9864.
warnings.filterwarnings("ignore", message="EdDSA is deprecated", category=SecurityWarning)
NAMES = {Algorithm.HS256: ["HS256"], Algorithm.EDDSA: ["EdDSA", "Ed25519"]}


def read_key(algorithm: Algorithm, content: bytes) -> IdentityKey:
    """A key as it stands in a file. Raises Unacceptable for one that is weak or of another kind."""
    try:
        text = content.decode().strip()
    except UnicodeDecodeError as error:
        raise Unacceptable("The key must be text: a secret, or a public key as PEM.") from error
    if algorithm is Algorithm.EDDSA:
        _ensure_public(text)
    elif len(text.encode()) < LEAST_SECRET_BYTES or len(set(text)) < LEAST_DIFFERENT:
        raise Unacceptable(
            f"The secret is too weak: use at least {LEAST_SECRET_BYTES} random characters, such as "
            "from `openssl rand -hex 32`."
        )
    elif text.startswith("-----BEGIN"):
        raise Unacceptable("This is no shared secret but a key as PEM: take --algorithm EdDSA.")
    return IdentityKey(algorithm, text)


def _ensure_public(text: str) -> None:
    if "PRIVATE KEY" in text:
        raise Unacceptable(
            "This is the private key. Keep it to yourself and give the public one: "
            "`openssl pkey -in private.pem -pubout`."
        )
    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Unacceptable(
            "This is no Ed25519 public key as PEM. Make a pair with "
            "`openssl genpkey -algorithm ed25519 -out private.pem` and give what "
            "`openssl pkey -in private.pem -pubout` prints."
        )


def verify(token: str, *, keys: Sequence[IdentityKey], audience: str, now: float) -> SignedReader:
    """Who a token is about. Which algorithm counts, the keys say, and never the token.

    Raises InvalidToken.
    """
    if not keys:
        raise InvalidToken(
            "This site does not take readers' tokens yet: its publisher gives it a key with "
            "`afterword site identity`."
        )
    claims = _claims(token, keys)
    registry = jwt.JWTClaimsRegistry(
        now=int(now),
        leeway=LEEWAY_SECONDS,
        aud={"essential": True, "value": audience},
        exp={"essential": True},
        sub={"essential": True},
        name={"essential": True},
    )
    try:
        registry.validate(claims)
    except ExpiredTokenError as error:
        raise InvalidToken(
            "The reader's token has expired. Load the page again to get a new one."
        ) from error
    except JoseError as error:
        raise InvalidToken(
            "The reader's token is not for this site or not complete: it needs aud (the site's "
            f"key, {audience!r}), exp, sub and name. {error.description}".strip()
        ) from error
    return _reader(claims)


def _claims(token: str, keys: Sequence[IdentityKey]) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise InvalidToken(f"The reader's token is longer than {LONGEST_TOKEN} characters.")
    for key in keys:
        try:
            return jwt.decode(token, _imported(key), algorithms=NAMES[key.algorithm]).claims
        except BadSignatureError:
            continue
        except (JoseError, ValueError, RecursionError) as error:
            raise InvalidToken(
                f"The reader's token is no JWT signed with {key.algorithm}, as this site expects."
            ) from error
    raise InvalidToken(
        "The reader's token is signed with another key than the site's. Load the page again; if "
        "that does not help, its publisher has to see to it."
    )


@lru_cache(maxsize=64)
def _imported(key: IdentityKey) -> OctKey | OKPKey:
    if key.algorithm is Algorithm.EDDSA:
        return OKPKey.import_key(key.text)
    return OctKey.import_key(key.text)


def _reader(claims: dict[str, Any]) -> SignedReader:
    subject, badge = claims["sub"], claims.get("badge")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise InvalidToken(f"sub must be a text of 1 to {LONGEST_SUBJECT} characters.")
    if not subject.isprintable():
        raise InvalidToken("sub must be without control characters and lone surrogates.")
    return SignedReader(
        subject,
        _shown("name", claims["name"]),
        None if badge is None else _shown("badge", badge),
    )


def _shown(claim: str, value: object) -> str:
    """Also a publisher's own names are shown to readers, and so must not pose as another."""
    if not isinstance(value, str):
        raise InvalidToken(f"{claim} must be a text.")
    try:
        text = normalise_name(value)
    except Unacceptable as error:
        raise InvalidToken(f"The token's {claim} cannot be shown. {error}") from error
    if claim == "badge" and len(text) > LONGEST_BADGE:
        raise InvalidToken(f"badge must have at most {LONGEST_BADGE} characters.")
    return text
