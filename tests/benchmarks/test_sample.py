"""Ratios and percentiles, on which every figure rests."""

import pytest

from benchmarks.sample import Sample, milliseconds, percentile, ratio, typical


def of(system: str, *rates: float) -> list[Sample]:
    return [Sample("hot", (system,), {"per second": rate}) for rate in rates]


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([1.0] * 99 + [7.0], 0.99) == 7
    assert percentile([5], 0.99) == 5


def test_columns_say_which_percentile_they_are() -> None:
    assert milliseconds([0.001, 0.002], 0.5, 1.0) == pytest.approx({"p50 ms": 2, "longest ms": 2})


def test_a_ratio_compares_within_each_turn() -> None:
    """The second turn was slow for both."""
    samples = of("ours", 100, 10, 100) + of("theirs", 200, 20, 200)
    assert ratio(samples, "hot", (("ours",), ("theirs",)), "per second") == 0.5


def test_what_was_not_measured_has_no_figure() -> None:
    samples = of("ours", 100) + of("theirs", 0)
    assert ratio(samples, "hot", (("ours",), ("theirs",)), "per second") is None
    assert typical(samples, "cold", ("ours",), "per second") is None
    assert typical(samples, "hot", ("ours",), "p99 ms") is None
