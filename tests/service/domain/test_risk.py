"""How much a comment looks like what is not wanted."""

import pytest

from service.domain.bands import log_odds
from service.domain.findings import Finding, Verdict
from service.domain.risk import BANDS, Band, band_of, risk

LIKELY_SPAM = Finding("spam", Verdict.PASS, score=0.8, model="shipped")


def test_the_worst_finding_counts():
    assert risk([Finding("links"), LIKELY_SPAM]) == pytest.approx(log_odds(0.8), abs=1e-4)
    assert band_of(risk([Finding("links", Verdict.HOLD)])) is Band.LIKELY
    assert band_of(risk([Finding("words", Verdict.REJECT), LIKELY_SPAM])) is Band.CERTAIN
    assert band_of(risk([Finding("links")])) is Band.LOW


def test_a_likeness_is_no_risk():
    assert risk([Finding("repetition", Verdict.HOLD, score=0.99)]) == 0.0


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_a_model_that_is_sure_stays_finite(score):
    assert abs(risk([Finding("spam", Verdict.HOLD, score=score, model="m")])) <= 12


def test_the_bands_leave_nothing_out():
    edges = [edge for band in Band for edge in BANDS[band]]
    assert edges[1:-1:2] == edges[2::2]
