"""A 64-bit fingerprint of a text: nearly the same texts differ in few of its bits (simhash).

It is made of every four letters in a row, as they are drawn and without the spaces: that is blind
to spacing and look-alikes, and works for scripts without spaces. A shingle counts once however
often it occurs, or "hahaha" would outvote the rest.
"""

from functools import lru_cache
from hashlib import blake2b

from service.domain.folding import WORD, fold

BITS = 64
SHINGLE = 4
LANE = 20  # bits in which each bit is counted, all in one large integer: one addition counts all 64
ALL_LANES = sum(1 << (LANE * bit) for bit in range(BITS))
BYTE_LANES = [sum((byte >> bit & 1) << (LANE * bit) for bit in range(8)) for byte in range(256)]


def fingerprint(text: str) -> int:
    """The fingerprint as a signed integer, as databases store it. Texts without letters have 0."""
    folded = _folded_letters(text)
    if not folded:
        return 0
    shingles = {
        folded[start : start + SHINGLE] for start in range(max(1, len(folded) - SHINGLE + 1))
    }
    counts = sum(map(_lanes, shingles))
    # Adding this sets the top bit of just those lanes that counted a majority of the shingles.
    majority = len(shingles) // 2 + 1
    carried = counts + ALL_LANES * ((1 << (LANE - 1)) - majority)
    bits = sum((carried >> (LANE * bit + LANE - 1) & 1) << bit for bit in range(BITS))
    return bits - (1 << BITS) if bits >> (BITS - 1) else bits


def similarity(one: int, other: int) -> float:
    """The share of equal bits, 1.0 for the same fingerprint; unrelated texts have about a half."""
    different = ((one ^ other) & ((1 << BITS) - 1)).bit_count()
    return 1 - different / BITS


def letters(text: str) -> int:
    """How many letters and digits a text has once it is folded."""
    return len(_folded_letters(text))


def _folded_letters(text: str) -> str:
    folded = fold(text)
    return "".join(folded.bare[word.start() : word.end()] for word in WORD.finditer(folded.shape))


@lru_cache(maxsize=2**15)
def _lanes(shingle: str) -> int:
    digest = blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=BITS // 8).digest()
    return sum(BYTE_LANES[byte] << (LANE * 8 * place) for place, byte in enumerate(digest))
