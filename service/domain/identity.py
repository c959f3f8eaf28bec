"""By what authors are recognised, and readers whom their publisher signed in."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from service.domain.ids import email_hash, keyed_hash


class Algorithm(StrEnum):
    HS256 = "HS256"
    EDDSA = "EdDSA"


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """With what a site's tokens are verified: a shared secret, or a public key as PEM."""

    algorithm: Algorithm
    text: str


@dataclass(frozen=True, slots=True)
class SignedReader:
    """Somebody whom the publisher vouches for."""

    subject: str
    name: str
    badge: str | None


class InvalidToken(ValueError):
    """The message says what to do."""


def reader_hash(secret: str, site_id: UUID, subject: str) -> str:
    """Whom a publisher signed in: the same each time, and of no use on another site."""
    return keyed_hash(secret, "signed reader", f"{site_id} {subject}")


def signed_identity(secret: str, site_id: UUID, subject: str) -> str:
    return signed_identity_of(reader_hash(secret, site_id, subject))


def signed_identity_of(reader: str) -> str:
    """How the author is kept who acts as this reader."""
    return f"signed:{reader}"


def reader_of(identity: str) -> str | None:
    """The other way round; None for who was not signed in."""
    kind, _, reader = identity.partition(":")
    return reader if kind == "signed" else None


def erased_identity(author_id: UUID) -> str:
    return f"erased:{author_id}"


def is_erased(identity: str) -> bool:
    return identity.startswith("erased:")


def is_signed(identity: str) -> bool:
    return identity.startswith("signed:")


def email_identity(secret: str, email: str, name: str) -> str:
    """The address alone proves nothing, since anyone may type it.

    Together with the name it at least is not enough to have seen the address somewhere.
    """
    return f"email:{email_hash(secret, f'{email} {name.casefold()}')}"
