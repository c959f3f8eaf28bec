"""Tokens by which publishers sign in their readers."""

import base64
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OKPKey

from service.domain.identity import Algorithm, IdentityKey, InvalidToken, SignedReader
from service.domain.reader_tokens import LEEWAY_SECONDS, read_key, verify
from service.domain.wording import Unacceptable

NOW = 1_800_000_000.0
SECRET = "5c1f0e8d7b6a49382716f5e4d3c2b1a05c1f0e8d7b6a49382716f5e4d3c2b1a0"
SHARED = IdentityKey(Algorithm.HS256, SECRET)
PAIR = Ed25519PrivateKey.generate()
PEM = PAIR.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
PRIVATE = PAIR.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
PUBLIC = IdentityKey(Algorithm.EDDSA, PEM)
CLAIMS: dict[str, Any] = {"aud": "news", "exp": NOW + 60, "sub": "u1", "name": "Ann"}


def token(claims: dict[str, Any], *, secret: str = SECRET, header: Any = None) -> str:
    """Made by hand, as a publisher without a library would."""
    signed = f"{part(header or {'alg': 'HS256', 'typ': 'JWT'})}.{part(claims)}"
    return f"{signed}.{encoded(hmac.digest(secret.encode(), signed.encode(), 'sha256'))}"


def read(text: str, *, keys: tuple[IdentityKey, ...] = (SHARED,)) -> SignedReader:
    return verify(text, keys=keys, audience="news", now=NOW)


def part(data: Any) -> str:
    return encoded(json.dumps(data).encode())


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def test_a_token_says_who_the_reader_is() -> None:
    assert read(token(CLAIMS)) == SignedReader("u1", "Ann", None)
    badge = read(token({**CLAIMS, "badge": " Staff  writer ", "more": {"is": "ignored"}}))
    assert badge == SignedReader("u1", "Ann", "Staff writer")
    assert read(token({**CLAIMS, "aud": ["other", "news"]})).subject == "u1"


@pytest.mark.parametrize("name", ["EdDSA", "Ed25519"])
def test_it_may_be_signed_with_a_pair_of_keys(name: str) -> None:
    made = jwt.encode({"alg": name}, CLAIMS, OKPKey.import_key(PRIVATE), algorithms=[name])
    assert read(made, keys=(PUBLIC,)).name == "Ann"
    with pytest.raises(InvalidToken, match="signed with HS256"):
        read(made)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"exp": NOW - LEEWAY_SECONDS - 1}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": float("inf")}, "exp"),
        ({"nbf": NOW + 3600}, "not for this site or not complete"),
        ({"aud": "other"}, "aud"),
        ({"aud": None}, "aud"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"sub": "\ud800"}, "sub"),
        ({"name": None}, "name"),
        ({"name": ["Ann"]}, "name"),
        ({"name": "A\u202enn"}, "invisible"),
        ({"name": "x" * 61}, "shorten"),
        ({"badge": 1}, "badge"),
        ({"badge": "B" * 41}, "badge"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(changes: dict[str, Any], told: str) -> None:
    claims = {name: value for name, value in (CLAIMS | changes).items() if value is not None}
    with pytest.raises(InvalidToken, match=told):
        read(token(claims))


def test_clocks_may_differ_a_little() -> None:
    assert read(token({**CLAIMS, "exp": NOW - LEEWAY_SECONDS + 2})).name == "Ann"


def test_only_the_sites_keys_count_and_while_they_change_both() -> None:
    other = SECRET[::-1]
    with pytest.raises(InvalidToken, match="another key"):
        read(token(CLAIMS, secret=other))
    both = (IdentityKey(Algorithm.HS256, other), SHARED)
    assert read(token(CLAIMS), keys=both) == read(token(CLAIMS, secret=other), keys=both)
    with pytest.raises(InvalidToken, match="afterword site identity"):
        read(token(CLAIMS), keys=())


def test_a_token_cannot_choose_how_it_is_verified() -> None:
    """No signature, and the public key taken for a shared secret: the classics."""
    payload = part(CLAIMS)
    for algorithm in ("none", "None", "HS512", "", None, 1):
        for keys in ((SHARED,), (PUBLIC,)):
            with pytest.raises(InvalidToken):
                read(f"{part({'alg': algorithm})}.{payload}.", keys=keys)
    with pytest.raises(InvalidToken, match="signed with EdDSA"):
        read(token(CLAIMS, secret=PEM.strip()), keys=(PUBLIC,))
    mine = "m" * 40
    own = {"alg": "HS256", "jwk": {"kty": "oct", "k": encoded(mine.encode())}}
    with pytest.raises(InvalidToken, match="another key"):
        read(token(CLAIMS, secret=mine, header=own))


def test_a_changed_token_is_none() -> None:
    head, _, signature = token(CLAIMS).split(".")
    with pytest.raises(InvalidToken):
        read(f"{head}.{part({**CLAIMS, 'sub': 'u2'})}.{signature}")


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode() + ".e30."))
def test_whatever_is_sent_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidToken):
        read(text)


def test_a_deep_or_a_long_one_is_refused_like_any_other() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 2_900).decode()
    for text in (f"{deep}.e30.AA", "x" * 100_000):
        with pytest.raises(InvalidToken):
            read(text)
    depth = b'{"a":' * 900 + b"1" + b"}" * 900
    header = part({"alg": "HS256"})
    with pytest.raises(InvalidToken):
        read(f"{header}.{base64.urlsafe_b64encode(depth).decode().rstrip('=')}.AA")


@pytest.mark.parametrize(
    ("algorithm", "content", "told"),
    [
        (Algorithm.HS256, b"short", "too weak"),
        (Algorithm.HS256, b"a" * 64, "too weak"),
        (Algorithm.HS256, b"\xff" * 40, "must be text"),
        (Algorithm.HS256, PEM.encode(), "--algorithm EdDSA"),
        (Algorithm.EDDSA, PRIVATE.encode(), "private key"),
        (Algorithm.EDDSA, SECRET.encode(), "no Ed25519 public key"),
        (
            Algorithm.EDDSA,
            X25519PrivateKey.generate()
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            "no Ed25519 public key",
        ),
    ],
)
def test_a_key_that_is_no_good_is_refused_with_what_to_do(
    algorithm: Algorithm, content: bytes, told: str
) -> None:
    with pytest.raises(Unacceptable, match=told):
        read_key(algorithm, content)


def test_good_keys_are_taken_without_what_files_add() -> None:
    assert read_key(Algorithm.HS256, f"{SECRET}\n".encode()) == SHARED
    assert read_key(Algorithm.EDDSA, PEM.encode()).text == PEM.strip()
