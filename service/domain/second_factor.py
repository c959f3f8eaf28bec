"""The second factor: an app's codes, each of 30 seconds, and codes for when the app is lost."""

import hashlib
import hmac
import io
import re
import secrets
from base64 import b32encode
from datetime import datetime

import pyotp
import segno

ISSUER = "Afterword"
STEP_SECONDS = 30
TOLERANCE = 1  # steps that the clock of a telephone may be off
RECOVERY_CODES = 10
RECOVERY_BYTES = 10


def new_secret() -> str:
    return pyotp.random_base32()


def app_address(secret: str, account: str) -> str:
    """What the app takes over from a picture, or from a link on the same telephone."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def picture(address: str) -> bytes:
    """A QR code as SVG, without style or script."""
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        file, kind="svg", scale=5, border=4, light="#fff", svgclass=None, lineclass=None
    )
    return file.getvalue()


def step_of(secret: str, code: str, *, at: datetime, last: int | None) -> int | None:
    """The step for which this code is good, or None. Steps up to the last one are used up."""
    digits = re.sub(r"\s", "", code)
    now = int(at.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret, interval=STEP_SECONDS)
    found = None
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        expected = app.generate_otp(step)
        is_it = hmac.compare_digest(digits.encode("utf-8", "replace"), expected.encode())
        if is_it and (last is None or step > last):
            found = step
    return found


def new_recovery_codes() -> list[str]:
    """Each is good once, in place of a code of the app."""
    return [_grouped(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]


def _grouped(content: bytes) -> str:
    letters = b32encode(content).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def recovery_hash(code: str) -> str:
    """However it was typed. A plain hash gives nothing away of 80 random bits."""
    letters = re.sub(r"[\s-]", "", code).lower()
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
