"""Passwords: which are good enough, and how they are kept."""

import re
import threading
import unicodedata

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.wording import Unacceptable

SHORTEST, LONGEST = 12, 256
LEAST_OWN = 5  # characters that no list knows

# 19 MiB and two passes: some 25 ms of one core.
HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Each takes memory and a core, so that a flood of sign-ins would else take the machine.
AT_ONCE = threading.BoundedSemaphore(2)
# Of a password that nobody has: an unknown person is not answered sooner than a known one. Written
# down, since making it would take each process that starts as long as a sign-in.
NOBODYS = (
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCA6KQ"
    "$r/0LNQecAK6vpRgZf+AjLibZxYhvsBJs3F81IjEUTKg"
)

# What passwords are most often made of, next to years, repetitions and rows of keys.
COMMON = (  # noqa: SIM905 - a word a line would be a page
    "password passwort passwd motdepasse contrasena letmein welcome willkommen bienvenue admin"
    " administrator moderator moderation editor editorial newspaper newsroom publisher comment"
    " comments afterword login signin master access secret changeme default guest manager superman"
    " batman starwars pokemon football baseball basketball hockey soccer liverpool arsenal chelsea"
    " barcelona realmadrid princess sunshine shadow dragon monkey iloveyou loveyou lovely flower"
    " summer winter spring autumn hello freedom whatever computer internet samsung google"
    " facebook microsoft apple windows linkedin twitter trustno michael jennifer jessica ashley"
    " daniel thomas jordan hunter killer cheese cookie chocolate butterfly orange purple ginger"
    " mustang ferrari porsche corvette harley matrix phoenix thunder forever family jesus christ"
    " blessed england deutschland america london berlin correct horse battery staple test testing"
    " qwertyuiop qwertzuiop azertyuiop asdfghjkl yxcvbnm zxcvbnm wxcvbn qwerty qwertz azerty asdf"
    " zxcv qazwsx wsxedc edcrfv abcdefghijklmnopqrstuvwxyz abcdefgh abcdef abc xyz"
    " 01234567890 1234567890 123456789 12345678 1234567 123456 12345 1234 123 0987654321 987654321"
    " 87654321 7654321 654321 54321 4321 321"
).split()
DISGUISES = str.maketrans("@4310$57!€", "aaeiosstie")
FIGURES = re.compile(r"(?:19|20)\d\d|(.)\1+|(..+?)\2+|[\W_]+")


def normalise_password(text: str) -> str:
    """One form of what keyboards write in several. Raises Unacceptable, saying what to mend."""
    password = unicodedata.normalize("NFKC", text)
    if len(password) < SHORTEST:
        raise Unacceptable(
            f"Please use at least {SHORTEST} characters; several words make a good password."
        )
    if len(password) > LONGEST:
        raise Unacceptable(f"Please use at most {LONGEST} characters.")
    return password


def new_password(text: str, *, about: str) -> str:
    """As above, and refuses what would be guessed first; `about` is what is known of the person."""
    password = normalise_password(text)
    if len(_own_part(password, about)) < LEAST_OWN:
        raise Unacceptable(
            "This would be among the first guesses: it is made of well-known words, rows of keys "
            "or your address. Please add words that have nothing to do with each other."
        )
    return password


def _own_part(password: str, about: str) -> str:
    """The characters that are left without what everybody would try."""
    known = sorted({*COMMON, *re.findall(r"\w{3,}", about.lower())}, key=len, reverse=True)
    words = re.compile("|".join(re.escape(word) for word in known))
    plain = password.lower()
    rests = [FIGURES.sub("", words.sub(" ", one)) for one in (plain, plain.translate(DISGUISES))]
    return min((re.sub(r"[\W_]|\d", "", rest) for rest in rests), key=len)


def hash_password(password: str) -> str:
    with AT_ONCE:
        return HASHER.hash(password)


def is_password(hashed: str | None, given: str) -> bool:
    """Takes as long without a hash, and for a text that can be nobody's password."""
    password = unicodedata.normalize("NFKC", given[: 4 * LONGEST])
    with AT_ONCE:
        try:
            HASHER.verify(hashed or NOBODYS, password.encode("utf-8", "replace"))
        except (VerificationError, InvalidHashError):
            return False
    return bool(hashed) and len(password) <= LONGEST


def needs_rehash(hashed: str) -> bool:
    """It was made when hashing was to cost another amount."""
    return HASHER.check_needs_rehash(hashed)
