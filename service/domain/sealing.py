"""Encryption of the few personal things that are kept to be used later."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from service.domain.ids import subkey

EMAIL, IDENTITY_KEY, SECOND_FACTOR = "seal e-mail", "seal identity key", "seal second factor"


def seal(secret: str, text: str, *, purpose: str = EMAIL) -> str:
    return _box(secret, purpose).encrypt(text.encode()).decode()


def unseal(secret: str, sealed: str, *, purpose: str = EMAIL) -> str | None:
    """None when it was sealed with another secret."""
    try:
        return _box(secret, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret: str, purpose: str) -> Fernet:
    return Fernet(urlsafe_b64encode(subkey(secret, purpose)))
