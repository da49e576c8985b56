"""The tuned constants of Maleki and Donoho: their formulas by hand, and a threshold that noise exceeds as often as it should."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sparsecs import SubspacePursuit, TunedThresholding, solve, stream
from sparsecs.testing import check_curve


def test_the_target_of_two_stage_thresholding_is_the_published_parabola() -> None:
    curve = TunedThresholding()
    check_curve(curve)
    for delta in (1e-6, 0.1, 0.5, 1 - 1e-6, 1.0):
        assert curve.rho(delta) == pytest.approx(0.044417 * delta**2 + 0.34142 * delta + 0.14844, rel=1e-14)
    assert curve.k(100, 400) == pytest.approx(100 * 0.2365710625, rel=1e-12)
    assert curve.relaxation == 1


def test_rates_and_relaxations_are_the_published_ones() -> None:
    hard, soft = TunedThresholding("iht"), TunedThresholding("ist")
    assert (hard.relaxation, soft.relaxation) == (0.65, 0.6)
    deltas = np.array([[0.1, 0.5], [0.9, 1.0]])
    assert hard.false_alarm(deltas) == pytest.approx(0.0465 * deltas**2 + 0.0041 * deltas + 0.0012, rel=1e-14)
    assert soft.false_alarm(deltas) == pytest.approx(0.11 * deltas**2 + 0.37 * deltas - 0.005, rel=1e-14)
    assert isinstance(hard.false_alarm(0.5), float)


@pytest.mark.parametrize("method", ["iht", "ist"])
def test_noise_exceeds_the_threshold_as_often_as_it_should(method: str) -> None:
    curve, noise = TunedThresholding(method), 3.0 * stream(0, "noise").standard_normal(400_000)
    for delta in (0.1, 0.5, 0.9):
        rate = curve.false_alarm(delta)
        found = float(np.mean(np.abs(noise) > curve.threshold(noise, delta)))
        assert found == pytest.approx(rate, abs=5 * math.sqrt(rate / noise.size) + 0.01 * rate)
        assert curve.threshold(2 * noise, delta) == pytest.approx(2 * curve.threshold(noise, delta), rel=1e-12)
        few = np.append(noise, np.full(4000, 1e6))  # the median hardly sees a sparse signal
        assert curve.threshold(few, delta) == pytest.approx(curve.threshold(noise, delta), rel=0.03)
    real = curve.threshold(noise, 0.5)
    assert curve.threshold(noise[::2] + 1j * noise[1::2], 0.5) == pytest.approx(real, rel=1e-12)


def test_subspace_pursuit_finds_signs_a_little_below_the_target() -> None:
    m, n, found = 200, 800, 0
    k = round(0.8 * TunedThresholding().k(m, n))
    for seed in range(5):
        rng = stream(seed, "pursuit")
        A, x = rng.standard_normal((m, n)) / math.sqrt(m), np.zeros(n)
        x[rng.choice(n, k, replace=False)] = rng.choice([-1.0, 1.0], k)
        answer = solve(A, A @ x, SubspacePursuit(), sparsity=k).x
        found += bool(np.linalg.norm(answer - x) <= 1e-6 * np.linalg.norm(x))
    assert found >= 4


def test_what_is_not_known_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="method must be one of"):
        TunedThresholding("omp")
    for method in ("iht", "ist"):
        for ask in (lambda c: c.rho(0.5), lambda c: c.delta(0.2), lambda c: c.k(50, 100), lambda c: c.limit):
            with pytest.raises(ValueError, match="No formula is known"):
                ask(TunedThresholding(method))
    for ask in (lambda c: c.false_alarm(0.5), lambda c: c.threshold(np.ones(3), 0.5)):
        with pytest.raises(ValueError, match="has no threshold"):
            ask(TunedThresholding())
    with pytest.raises(ValueError, match=r"from delta = 0\.0135 on"):
        TunedThresholding("ist").false_alarm(0.01)
    assert TunedThresholding("ist").false_alarm(0.0135) > 0
    for delta in (0.0, 1.5, math.nan):
        with pytest.raises(ValueError, match="delta must be above 0"):
            TunedThresholding("iht").false_alarm(delta)
    with pytest.raises(ValueError, match="empty"):
        TunedThresholding("iht").threshold([], 0.5)
    with pytest.raises(ValueError, match="finite"):
        TunedThresholding("iht").threshold([1.0, math.nan], 0.5)
