"""A 64-bit fingerprint of a text: nearly the same texts differ in few of its bits (simhash).

It is made of every four letters in a row, as they are drawn and without the spaces: that is blind
to spacing and look-alikes, and works for scripts without spaces. A shingle counts once however
often it occurs, or "hahaha" would outvote the rest.
"""

import struct
from collections.abc import Collection, Sequence
from functools import lru_cache
from hashlib import blake2b

from service.domain.folding import WORD, fold

BITS = 64
SHINGLE = 4
# By place in a byte: for every byte, the digit that stands there.
DIGITS = [bytes(ord("01"[byte >> bit & 1]) for byte in range(256)) for bit in range(8)]


def fingerprint(text: str) -> int:
    """The fingerprint as a signed integer, as databases store it. Texts without letters have 0."""
    folded = _folded_letters(text)
    if not folded:
        return 0
    shingles = {
        folded[start : start + SHINGLE] for start in range(max(1, len(folded) - SHINGLE + 1))
    }
    data = b"".join(map(_digest, shingles))
    lowest = int.from_bytes(b"\x01" * len(shingles), "little")
    majority = len(shingles) // 2 + 1
    bits = 0
    for byte in range(BITS // 8):
        column = int.from_bytes(data[byte :: BITS // 8], "little")  # this byte of every digest
        for bit in range(8):
            if (column >> bit & lowest).bit_count() >= majority:
                bits |= 1 << (8 * byte + bit)
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def similarity(one: int, other: int) -> float:
    """The share of equal bits, 1.0 for the same fingerprint; unrelated texts have about a half."""
    different = ((one ^ other) & ((1 << BITS) - 1)).bit_count()
    return 1 - different / BITS


def near(ours: Collection[int], known: Collection[int], *, least: float) -> set[int]:
    """Those of the known fingerprints that are at least so similar to any of ours.

    All of the known ones are compared at once: a plane is a large integer with one bit of each.
    One by one would take ten times as long for the thousands that a busy site has.
    """
    lanes = list(set(known))
    if not lanes:
        return set()
    everyone = (1 << len(lanes)) - 1
    planes = _planes(lanes)
    # What differs from a fingerprint: the plane itself where that has a 0, its inverse where a 1.
    choices = [(plane, plane ^ everyone) for plane in planes]
    most = max(bits for bits in range(BITS + 1) if 1 - bits / BITS >= least)
    found = 0
    for one in set(ours):
        differing = [choice[one >> bit & 1] for bit, choice in enumerate(choices)]
        found |= everyone ^ _above(most, _added(differing), everyone)
    flags = f"{found:0{len(lanes)}b}" if found else ""
    return {lane for lane, flag in zip(lanes, flags, strict=False) if flag == "1"}


def _planes(lanes: Sequence[int]) -> list[int]:
    data = struct.pack(f"<{len(lanes)}q", *lanes)
    columns = [data[byte :: BITS // 8] for byte in range(BITS // 8)]
    return [int(column.translate(digits), 2) for column in columns for digits in DIGITS]


def _added(planes: list[int]) -> list[int]:
    """How many of the planes have each bit set, as planes again: the lowest digit first."""
    digits: list[int] = []
    while planes:
        carried: list[int] = []
        while len(planes) > 2:
            one, other, third = planes.pop(), planes.pop(), planes.pop()
            odd = one ^ other
            planes.append(odd ^ third)
            carried.append(one & other | odd & third)
        if len(planes) == 2:
            one, other = planes
            planes = [one ^ other]
            carried.append(one & other)
        digits += planes
        planes = carried
    return digits


def _above(bound: int, digits: Sequence[int], everyone: int) -> int:
    """The bits whose number is larger than the bound."""
    above, equal = 0, everyone
    for place in reversed(range(len(digits))):
        if bound >> place & 1:
            equal &= digits[place]
        else:
            above |= equal & digits[place]
            equal &= ~digits[place]
    return above


def letters(text: str) -> int:
    """How many letters and digits a text has once it is folded."""
    return len(_folded_letters(text))


def _folded_letters(text: str) -> str:
    folded = fold(text)
    return "".join(folded.bare[word.start() : word.end()] for word in WORD.finditer(folded.shape))


@lru_cache(maxsize=2**15)
def _digest(shingle: str) -> bytes:
    return blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest()
