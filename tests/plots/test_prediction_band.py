"""The picture of a prediction shows its curve, its band, the simpler rules and every measured point."""

from __future__ import annotations

import numpy as np
import pytest

from sparsecs import predict, prediction_band, stream, verify

PREDICTION = predict(stream(0, "A").standard_normal((30, 60)))


def test_curve_band_rules_and_points_are_there():
    measured = verify(PREDICTION, repeats=5, points=6)
    ax = prediction_band(PREDICTION, measured)
    curve = ax.lines[0]
    k, success = curve.get_xdata(), curve.get_ydata()
    np.testing.assert_allclose(success, PREDICTION.success(k))
    band = ax.collections[0].get_paths()[0].vertices
    low, high = PREDICTION.interval(k)
    assert band[:, 1].min() == pytest.approx(low.min())
    assert band[:, 1].max() == pytest.approx(high.max())
    lines = [line.get_xdata()[0] for line in ax.lines if len(set(line.get_xdata())) == 1]
    assert lines[:3] == [value for name, value in PREDICTION.baselines.items() if name != "leverage law"]
    points = next(line for line in ax.lines if line.get_marker() == "o")
    assert points.get_xdata().tolist() == list(measured.tallies)
    assert points.get_ydata().tolist() == [tally.rate for tally in measured.tallies.values()]
    assert any("measured" in text.get_text() for text in ax.get_legend().get_texts())


def test_without_trials_it_is_the_prediction_alone():
    ax = prediction_band(PREDICTION)
    assert not any("measured" in text.get_text() for text in ax.get_legend().get_texts())


@pytest.mark.parametrize(("given", "words"), [((3,), "prediction must be"), ((PREDICTION, 3), "measured must be")])
def test_other_things_are_refused(given, words):
    with pytest.raises(TypeError, match=words):
        prediction_band(*given)
