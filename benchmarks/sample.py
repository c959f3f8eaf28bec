"""What a measurement answers, and the arithmetic that all of them share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Sample:
    """One run of one cell: a line of a table, before medians are taken."""

    table: str
    row: tuple[str, ...]
    values: dict[str, float]


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(times: Sequence[float], *shares: float) -> dict[str, float]:
    """Columns such as "p99 ms" of times in seconds; the longest is that of share 1."""
    names = {share: "longest ms" if share == 1 else f"p{share * 100:g} ms" for share in shares}
    return {names[share]: percentile(times, share) * 1000 for share in shares}


def typical(
    samples: Iterable[Sample], table: str, row: tuple[str, ...], column: str
) -> float | None:
    """The median of all runs of a cell; None where it was not measured."""
    found = [
        sample.values[column]
        for sample in samples
        if sample.table == table and sample.row == row and column in sample.values
    ]
    return median(found) if found else None


def ratio(
    samples: Sequence[Sample],
    table: str,
    rows: tuple[tuple[str, ...], tuple[str, ...]],
    column: str,
) -> float | None:
    """The first row's figure by the second's: the median over the turns, each by itself, since what
    slows a turn slows both."""
    ours, theirs = (
        [s.values[column] for s in samples if (s.table, s.row) == (table, row)] for row in rows
    )
    pairs = [own / other for own, other in zip(ours, theirs, strict=False) if other]
    return median(pairs) if pairs else None
