"""Noise sensitivity: its formula by a slow twin, its level sets, state evolution at the worst signal, and the LASSO itself."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_state_evolution import mean_distance

from sparsecs import DonohoTanner, Lasso, NoiseSensitivity, SoftDenoiser, StateEvolution, solve, stream
from sparsecs.testing import check_curve


def test_the_example_of_the_formula() -> None:
    curve = NoiseSensitivity()
    half = 0.5 * DonohoTanner().rho(0.25)
    assert curve.sensitivity(0.25, half) == pytest.approx(0.39118547, abs=5e-9)
    assert curve.threshold(0.25, half) == pytest.approx(1.541399, abs=5e-7)


@pytest.mark.parametrize("nonnegative", [False, True])
def test_it_is_the_formula_with_the_least_mean_distance(nonnegative: bool) -> None:
    for delta, rho in ((0.1, 0.1), (0.5, 0.2), (0.9, 0.5)):
        risk = mean_distance(rho * delta, 1, [(1.0, 1.0, 1.0)], not nonnegative)
        expected = risk / (1 - risk / delta)
        assert NoiseSensitivity(nonnegative=nonnegative).sensitivity(delta, rho) == pytest.approx(expected, rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.02, 50), st.floats(1e-6, 1 - 1e-6), st.booleans())
def test_on_a_level_set_the_sensitivity_is_the_level(level: float, delta: float, nonnegative: bool) -> None:
    curve = NoiseSensitivity(level, nonnegative)
    rho = curve.rho(delta)
    assert 0 < rho < NoiseSensitivity(nonnegative=nonnegative).rho(delta)
    # 1 - M/delta is about delta / level, so that so many digits are lost
    assert curve.sensitivity(delta, rho) == pytest.approx(level, rel=1e-11 * (1 + level / delta))


def test_from_the_weak_threshold_on_it_is_infinite() -> None:
    for nonnegative in (False, True):
        curve = NoiseSensitivity(nonnegative=nonnegative)
        cone = "simplex" if nonnegative else "crosspolytope"
        deltas = np.array([1e-6, 0.1, 0.5, 0.9, 1 - 1e-6])
        weak = DonohoTanner(cone=cone).rho(deltas)
        assert curve.rho(deltas) == pytest.approx(weak, rel=1e-11)
        assert np.isinf(curve.sensitivity(deltas, np.minimum(1, weak * (1 + 1e-6)))).all()
        assert np.isfinite(curve.sensitivity(deltas, weak * (1 - 1e-6))).all()
        with pytest.raises(ValueError, match="weak threshold"):
            curve.weight(0.5, 0.9, 0.1)


@pytest.mark.parametrize("level", [3.0, 20.0])
def test_high_levels_keep_the_laws_of_curves(level: float) -> None:
    curve = NoiseSensitivity(level)
    assert curve.rises
    check_curve(curve)


@pytest.mark.parametrize("level", [0.05, 0.5, 1.0])
def test_low_levels_bend_down_and_are_turned_round_on_their_rising_part(level: float) -> None:
    curve = NoiseSensitivity(level)
    assert not curve.rises
    deltas = np.linspace(0.002, 1, 120)
    assert curve.rho(deltas).max() <= curve.limit * (1 + 1e-9)
    assert curve.rho(deltas).max() >= curve.limit * (1 - 0.02)
    assert curve.rho(1.0) < curve.limit
    assert (np.diff(deltas * curve.rho(deltas)) > 0).all()  # k rises with m
    for part in (0.6, 0.9, 0.9999):
        delta = curve.delta(part * curve.limit)
        assert curve.rho(delta) == pytest.approx(part * curve.limit, rel=1e-10)
        assert curve.rho(0.99 * delta) < part * curve.limit
    with pytest.raises(ValueError, match="above the curve"):
        curve.delta(1.01 * curve.limit)


def test_state_evolution_agrees_at_the_worst_signal_and_its_threshold() -> None:
    delta, noise = 0.25, 0.1
    curve = NoiseSensitivity()
    for part in (0.3, 0.5, 0.8):
        rho = part * curve.rho(delta)
        twin = StateEvolution(SoftDenoiser(curve.threshold(delta, rho)), signal=[100.0, -100.0])
        assert twin.mse(delta, rho, noise) / noise**2 == pytest.approx(curve.sensitivity(delta, rho), rel=1e-8)
        assert twin.weight(delta, rho, noise) == pytest.approx(curve.weight(delta, rho, noise), rel=1e-8)


def test_the_lasso_amplifies_noise_as_foretold() -> None:
    n, m, k, noise = 1200, 300, 40, 0.1
    curve = NoiseSensitivity()
    weight, errors = curve.weight(m / n, k / m, noise), []
    for seed in range(8):
        rng = stream(seed, "sensitivity")
        A, x = rng.standard_normal((m, n)) / math.sqrt(m), np.zeros(n)
        x[rng.choice(n, k, replace=False)] = 30 * rng.choice([-1.0, 1.0], k)
        y = A @ x + noise * rng.standard_normal(m)
        errors.append(float(np.mean((solve(A, y, Lasso(weight=weight)).x - x) ** 2)) / noise**2)
    foretold = curve.sensitivity(m / n, k / m)
    assert np.mean(errors) == pytest.approx(foretold, abs=4 * np.std(errors, ddof=1) / math.sqrt(8))
    assert np.std(errors, ddof=1) < 0.35 * foretold


def test_arrays_are_answered_point_by_point() -> None:
    curve, deltas, rhos = NoiseSensitivity(), np.array([[0.2], [0.6]]), np.array([0.05, 0.1, 0.9])
    for ask in (curve.sensitivity, curve.threshold):
        found = ask(deltas, rhos)
        assert found.shape == (2, 3)
        assert np.array_equal(found, [[ask(float(d), float(r)) for r in rhos] for d in deltas[:, 0]])
    assert isinstance(curve.sensitivity(0.2, 0.1), float)
    assert curve.threshold(1.0, 1.0) == 0


def test_bad_questions_are_refused_in_words() -> None:
    for level in (0.0, -1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="level must be above zero"):
            NoiseSensitivity(level)
    for point in ((0.0, 0.5), (1.5, 0.5), (math.nan, 0.5)):
        with pytest.raises(ValueError, match="delta must be above 0"):
            NoiseSensitivity().sensitivity(*point)
    with pytest.raises(ValueError, match="rho must be above 0"):
        NoiseSensitivity().threshold(0.5, 0.0)
    with pytest.raises(ValueError, match="noise must be above zero"):
        NoiseSensitivity().weight(0.5, 0.1, 0.0)
