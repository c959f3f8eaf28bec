"""Figures about scores are what their names say."""

import pytest

from workers.filter.figures import figures

SCORED = [(3.0, 1), (1.0, 1), (-1.0, 1), (2.0, 0), (-2.0, 0), (-3.0, 0)]


def test_precision_recall_and_order():
    found = figures(SCORED)
    assert (found["good"], found["bad"]) == (3, 3)
    assert found["precision"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["recall"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["auc"] == pytest.approx(7 / 9, abs=1e-6)


def test_equal_scores_tell_nothing():
    assert figures([(0.0, 0), (0.0, 1)])["auc"] == 0.5


def test_shares_above_fall_and_bins_hold_everybody():
    found = figures(SCORED)
    for name in ("good", "bad"):
        shares = [point[name] for point in found["curve"]]
        assert shares == sorted(shares, reverse=True)
    assert sum(bin["count"] for bin in found["calibration"]) == len(SCORED)


def test_perfectly_calibrated_scores_have_no_error():
    scored = [(0.0, 0), (0.0, 1)] * 50
    assert figures(scored)["calibration_error"] == 0.0


def test_nothing_at_all_has_no_shares():
    found = figures([])
    assert (found["precision"], found["recall"], found["auc"]) == (None, None, None)
