"""State evolution: its integrals, fixed points and transitions beside closed forms, draws, AMP itself and the LASSO."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_state_evolution import map_by_draws, soft_map
from scipy.special import ndtr

from sparsecs import (
    AMP,
    BernoulliGaussianDenoiser,
    Denoiser,
    DonohoTanner,
    Lasso,
    SoftDenoiser,
    StateEvolution,
    rebuild,
    solve,
    stream,
)
from sparsecs.curves._learning import after_a_step, at_rest
from sparsecs.curves._seen_in_noise import error_in_noise, sampled, slope_in_noise
from sparsecs.curves._signal_parts import WORDS, parts_of, power_of
from sparsecs.curves._transition_of_denoiser import worst_delta
from sparsecs.problems.problem import Problem
from sparsecs.testing import check_curve

BAYES = BernoulliGaussianDenoiser()
SIZES = {"signs": lambda k, rng: rng.choice([-1.0, 1.0], k), "spikes": lambda k, rng: rng.standard_normal(k)}


@dataclass(frozen=True)
class Shrink(Denoiser):
    """r times a factor."""

    factor: float = 0.5

    def denoise(self, r: np.ndarray, variance: float) -> tuple[np.ndarray, np.ndarray]:
        return self.factor * r, np.full(r.shape, self.factor)

    def negligible(self, r: np.ndarray, variance: float) -> np.ndarray:
        return np.zeros(r.shape, dtype=bool)


def soft_risk(size: float, threshold: float) -> float:
    """E (f(size + z) - size)^2 of soft thresholding, in closed form."""

    def phi(x: float) -> float:
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)

    inside = ndtr(threshold - size) - ndtr(-threshold - size)
    edges = (threshold - size) * phi(threshold + size) + (threshold + size) * phi(threshold - size)
    return float(1 + threshold**2 + (size**2 - 1 - threshold**2) * inside - edges)


@settings(max_examples=30, deadline=None)
@given(st.floats(-10, 4), st.floats(0.3, 5), st.floats(0.001, 0.9))
def test_the_error_of_soft_thresholding_has_its_closed_form(log_variance: float, threshold: float, rate: float) -> None:
    v = math.exp(log_variance)
    expected = v * (rate * soft_risk(1 / math.sqrt(v), threshold) + (1 - rate) * soft_risk(0.0, threshold))
    denoiser = SoftDenoiser(threshold)
    assert error_in_noise(denoiser, rate, WORDS["signs"], v) == pytest.approx(expected, rel=1e-11)
    passed = rate * (ndtr(1 / math.sqrt(v) - threshold) + ndtr(-1 / math.sqrt(v) - threshold))
    assert slope_in_noise(denoiser, rate, WORDS["signs"], v) == pytest.approx(
        passed + (1 - rate) * 2 * ndtr(-threshold), abs=5e-9
    )


def test_the_error_of_soft_thresholding_is_that_of_a_fine_sum() -> None:
    curve = StateEvolution(SoftDenoiser(1.2))
    for q in (0.001, 0.1, 2.0):
        assert curve.step(q, 0.5, 0.3, 0.2) == pytest.approx(soft_map(0.15, 0.04 + q / 0.5, 1.2), rel=1e-6)


@pytest.mark.parametrize("variance", [1e-10, 1e-4, 0.1, 3.0])
def test_the_posterior_mean_has_the_error_of_tweedie(variance: float) -> None:
    denoiser = BernoulliGaussianDenoiser(0.1, 2.0)
    error = error_in_noise(denoiser, 0.1, ((1.0, 0.0, 2.0),), variance)
    assert error == pytest.approx(variance * slope_in_noise(denoiser, 0.1, ((1.0, 0.0, 2.0),), variance), rel=1e-9)


@pytest.mark.parametrize("denoiser", [SoftDenoiser(1.4), BernoulliGaussianDenoiser(0.1, 0.7)], ids=repr)
@pytest.mark.parametrize(
    "signal", ["signs", "spikes", ((0.3, 2.0, 0.5), (0.7, -1.0, 0.0)), [0.5, 0.5, -3.0, 1.0]], ids=str
)
def test_errors_are_those_of_draws(denoiser: Denoiser, signal: object) -> None:
    curve, rng, n, rate = StateEvolution(denoiser, signal), stream(0, "law"), 300_000, 0.15
    parts = parts_of(curve.signal)
    which = rng.choice(len(parts), n, p=[chance for chance, _, _ in parts])
    means, deviations = (np.array([part[i] for part in parts])[which] for i in (1, 2))
    x = np.where(rng.random(n) < rate, means + deviations * rng.standard_normal(n), 0)
    assert power_of(curve.signal) * rate == pytest.approx(np.mean(x**2), rel=0.03)
    for variance in (0.02, 0.7):
        found, error = map_by_draws(lambda r, v=variance: denoiser.denoise(r, v)[0], x, variance)
        assert curve.step(0.5 * (variance - 0.01), 0.5, 0.3, 0.1) == pytest.approx(found, abs=4 * error)


@pytest.mark.parametrize(
    ("denoiser", "signal", "noise"),
    [
        (SoftDenoiser(), "signs", 0.0),
        (SoftDenoiser(1.6), "spikes", 0.2),
        (BernoulliGaussianDenoiser(0.1, 1.0), "spikes", 0.05),
        (BernoulliGaussianDenoiser(0.2, 0.5), "signs", 0.1),
        (BernoulliGaussianDenoiser(), "signs", 0.0),
        (BernoulliGaussianDenoiser(scale=2.0), "spikes", 0.1),
    ],
    ids=str,
)
def test_the_trajectory_is_that_of_amp(denoiser: Denoiser, signal: str, noise: float) -> None:
    n, m, k, steps = 4000, 2000, 400, 6
    errors = []
    for seed in range(2):
        rng = stream(seed, "trajectory")
        A, x = rng.standard_normal((m, n)) / math.sqrt(m), np.zeros(n)
        x[rng.choice(n, k, replace=False)] = SIZES[signal](k, rng)
        y = A @ x + noise * rng.standard_normal(m)
        errors.append([np.mean((one.x - x) ** 2) for one in islice(AMP(denoiser).iterates(Problem(A, y)), steps)])
    foretold = StateEvolution(denoiser, signal).trajectory(m / n, k / m, noise, steps)
    assert foretold[0] == k / n
    # an error is a mean of n squares with a coefficient of variation near 4, twice, and fluctuations add up
    bounds = 3 * 0.045 * np.sqrt(np.arange(1, steps + 1))
    assert (np.abs(np.mean(errors, axis=0) / foretold[1:] - 1) <= bounds).all()


def test_minimax_soft_thresholding_has_the_transition_of_donoho_and_tanner() -> None:
    deltas = np.concatenate([np.logspace(-250, -2, 12), np.linspace(0.05, 0.94, 15)])
    assert StateEvolution().rho(deltas) == pytest.approx(DonohoTanner().rho(deltas), rel=1e-9)
    assert StateEvolution(signal="spikes").rho(0.3) == StateEvolution().rho(0.3)
    assert StateEvolution().rho(0.99) < DonohoTanner().rho(0.99)  # AMP's threshold stays as it is from 0.95 on


@pytest.mark.parametrize("signal", ["signs", "spikes"])
def test_the_scan_of_errors_finds_the_same_transition_for_soft_thresholding(signal: str) -> None:
    denoiser, parts = SoftDenoiser(1.3), WORDS[signal]
    for delta in (0.3, 0.7):
        rate = delta * StateEvolution(denoiser).rho(delta)
        asked = worst_delta(lambda v, e=rate: error_in_noise(denoiser, e, parts, v), rate, 1.0)
        assert asked == pytest.approx(delta, rel=2e-4)  # on spikes the slope is met slowly, like a root, as v goes to 0
        assert asked <= delta * (1 + 1e-9)


def test_a_fixed_threshold_keeps_the_laws_of_curves_and_lies_below_the_minimax_one() -> None:
    for threshold in (0.5, 1.5, 3.0):
        curve = StateEvolution(SoftDenoiser(threshold))
        check_curve(curve)
        deltas = np.linspace(0.02, 0.94, 12)
        assert (curve.rho(deltas) <= DonohoTanner().rho(deltas) * (1 + 1e-12)).all()


@pytest.mark.parametrize("signal", ["signs", "spikes"])
def test_below_the_transition_of_a_posterior_mean_the_error_dies_out_and_above_it_does_not(signal: str) -> None:
    curve = StateEvolution(BAYES if signal == "signs" else BernoulliGaussianDenoiser(0.3, 1.0), signal)
    rho = curve.rho(0.5)
    assert curve.trajectory(0.5, 0.97 * rho, iterations=200)[-1] < 1e-9
    assert curve.trajectory(0.5, 1.03 * rho, iterations=60)[-1] > 1e-3
    if signal == "signs":  # the scans below take long where there is learning in each of their steps
        return
    assert curve.delta(rho) == pytest.approx(0.5, rel=1e-5)
    with pytest.raises(ValueError, match="above the curve"):
        curve.delta(1.0)
    assert curve.mse(0.5, 0.97 * rho) == 0
    zero, *others = curve.fixed_points(0.5, 1.03 * rho)
    assert zero == (0.0, pytest.approx(1.03 * rho, rel=0.01))  # its slope is epsilon / delta
    assert zero.stable
    assert [point.stable for point in others] == [False, True]
    assert curve.mse(0.5, 1.03 * rho) == others[-1].mse


@pytest.mark.parametrize("part", [0.9, 1.12])
def test_amp_that_learns_finds_signs_up_to_the_transition(part: float) -> None:
    n, m = 2000, 1000
    k = round(part * StateEvolution(BAYES, "signs").k(m, n))
    rng = stream(0, "transition", k)
    A, x = rng.standard_normal((m, n)) / math.sqrt(m), np.zeros(n)
    x[rng.choice(n, k, replace=False)] = rng.choice([-1.0, 1.0], k)
    found = solve(A, A @ x, AMP(BAYES, max_iterations=400)).x
    assert (np.linalg.norm(found - x) <= 1e-3 * np.linalg.norm(x)) == (part < 1)


def test_what_is_learned_is_the_law_of_the_signal_if_it_is_its_own() -> None:
    rate, scale = 0.1, 2.0
    law = ((1.0, 0.0, scale),)
    start = BAYES.fitted(500, 1000, 0.7)
    for variance in (1e-6, 0.01, 0.5):
        r, chances = sampled(rate, law, variance)
        assert chances.sum() == pytest.approx(1, rel=1e-7)
        learned = at_rest(BAYES, start, r, chances, variance)
        assert (learned.rate, learned.scale) == pytest.approx((rate, scale), rel=1e-3)
        still = after_a_step(BAYES, BernoulliGaussianDenoiser(rate, scale), r, chances, variance)
        assert (still.rate, still.scale) == pytest.approx((rate, scale), rel=1e-7)


def test_fixed_points_are_fixed_and_the_error_rests_at_the_first() -> None:
    curve = StateEvolution(signal="spikes")
    for rho, noise in ((0.2, 0.1), (0.5, 0.0), (0.5, 1.0)):
        for point in curve.fixed_points(0.5, rho, noise):
            assert curve.step(point.mse, 0.5, rho, noise) == pytest.approx(point.mse, rel=1e-9)
            assert isinstance(point.stable, bool)
        rests = curve.mse(0.5, rho, noise)
        assert curve.trajectory(0.5, rho, noise, 120)[-1] == pytest.approx(rests, rel=1e-4)
    assert [point.stable for point in curve.fixed_points(0.5, 0.5)] == [False, True]


def test_a_linear_estimate_has_the_fixed_point_of_algebra() -> None:
    curve = StateEvolution(Shrink(0.5), "spikes")
    delta, rho, noise = 0.8, 0.25, 0.3
    expected = (0.25 * delta * rho + 0.25 * noise**2) / (1 - 0.25 / delta)
    (point,) = curve.fixed_points(delta, rho, noise)
    assert point.mse == pytest.approx(expected, rel=1e-9)
    assert point.slope == pytest.approx(0.25 / delta, rel=1e-7)
    assert curve.mse(delta, rho, noise) == pytest.approx(expected, rel=1e-9)
    assert curve.fixed_points(0.2, rho, noise) == ()  # a step multiplies errors by 1.25
    assert curve.mse(0.2, rho, noise) == math.inf


def test_the_weight_is_that_of_the_lasso_with_the_same_error() -> None:
    delta, rho, noise, n = 0.5, 0.2, 0.2, 2000
    curve = StateEvolution(SoftDenoiser(1.5), "spikes")
    weight, foretold = curve.weight(delta, rho, noise), curve.mse(delta, rho, noise)
    m, k, errors, misfits = round(delta * n), round(rho * delta * n), [], []
    for seed in range(4):
        rng = stream(seed, "lasso")
        A, x = rng.standard_normal((m, n)) / math.sqrt(m), np.zeros(n)
        x[rng.choice(n, k, replace=False)] = rng.standard_normal(k)
        y = A @ x + noise * rng.standard_normal(m)
        result = solve(A, y, Lasso(weight=weight))
        errors.append(float(np.mean((result.x - x) ** 2)))
        misfits.append(float(np.linalg.norm(result.residual)) / math.sqrt(m))
    assert np.mean(errors) == pytest.approx(foretold, abs=4 * np.std(errors, ddof=1) / 2)
    assert np.std(errors, ddof=1) < 0.2 * foretold
    # of the residual only a part 1 - |S|/m is left, so that lambda is tau times what is seen of it
    assert np.mean(misfits) * 1.5 == pytest.approx(weight, rel=0.04)


@pytest.mark.parametrize("delta", [1e-6, 1 - 1e-6, 1.0])
def test_the_ends_of_the_phase_plane_are_answered(delta: float) -> None:
    fixed = BernoulliGaussianDenoiser(1e-7 if delta < 0.5 else 0.3, 1.0)
    for curve in (StateEvolution(), StateEvolution(fixed, "spikes")):
        rho = curve.rho(delta)
        assert 0 < rho <= 1
        assert (np.diff(curve.trajectory(delta, 0.5 * rho, iterations=4)) < 0).all()


def test_it_can_be_written_down_with_any_law() -> None:
    curve = StateEvolution(SoftDenoiser(1.0), [1.0, 1.0, 2.0])
    assert curve.signal == ((2 / 3, 1.0, 0.0), (1 / 3, 2.0, 0.0))
    assert rebuild(curve.describe()) == curve
    assert StateEvolution(signal="Signs") == StateEvolution()


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda: StateEvolution("soft"), TypeError, "denoiser must be a denoiser"),
        (lambda: StateEvolution(signal="ones"), ValueError, "'signs', 'spikes'"),
        (lambda: StateEvolution(signal=[0.0, 0.0]), ValueError, "zeros only"),
        (lambda: StateEvolution(signal=[1.0, math.nan]), ValueError, "finite"),
        (lambda: StateEvolution(signal=[1j]), TypeError, "complex"),
        (lambda: StateEvolution(signal=((0.5, 1.0, 0.0),)), ValueError, "add to 1"),
        (lambda: StateEvolution(signal=((1.0, 1.0, -1.0),)), ValueError, "at least zero"),
        (lambda: StateEvolution(signal=np.ones(20_000)), ValueError, "10000 are the most"),
        (lambda: StateEvolution().step(-1.0, 0.5, 0.1), ValueError, "mse must be at least zero"),
        (lambda: StateEvolution().mse(0.5, 1.5), ValueError, "rho must be above 0 and at most 1"),
        (lambda: StateEvolution().mse(2.0, 0.5), ValueError, "delta must be above 0 and at most 1"),
        (lambda: StateEvolution().trajectory(0.5, 0.5, -1.0), ValueError, "noise must be at least zero"),
        (lambda: StateEvolution(BAYES).weight(0.5, 0.2, 0.1), ValueError, "Only soft thresholding"),
        (lambda: StateEvolution(BernoulliGaussianDenoiser(0.3, 1.0)).rho(1e-6), ValueError, "lies below rho = 1e-6"),
        (lambda: StateEvolution(SoftDenoiser(0.1)).weight(0.5, 0.2, 0.1), ValueError, "Raise the threshold"),
    ],
)
def test_bad_questions_are_refused_in_words(ask: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ask()
