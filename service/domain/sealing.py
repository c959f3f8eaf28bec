"""Encryption of the few personal things that are kept to be used later."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from service.domain.ids import subkey


def seal(secret: str, text: str) -> str:
    return _box(secret).encrypt(text.encode()).decode()


def unseal(secret: str, sealed: str) -> str | None:
    """None when it was sealed with another secret."""
    try:
        return _box(secret).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(subkey(secret, "seal e-mail")))
