"""How comments are ranked by the votes they got."""

from math import sqrt

CONFIDENCE = 1.96  # standard deviations: 95 %
WHOLE = 1_000_000


def rank(ups: int, downs: int) -> int:
    """The share of ups that readers at large would give at least, by Wilson's score, in millionths.

    So that 90 of 100 rank above 1 of 1: few votes say little.
    """
    votes = ups + downs
    if votes == 0:
        return 0
    square = CONFIDENCE**2
    share = ups / votes
    spread = CONFIDENCE * sqrt((share * (1 - share) + square / (4 * votes)) / votes)
    bound = (share + square / (2 * votes) - spread) / (1 + square / votes)
    return max(0, round(bound * WHOLE))
