"""Approximate message passing does what its state evolution foretells, and recovers as much as l1 minimisation."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from laws.solver_cases import planted

from sparsecs import AMP, BernoulliGaussianDenoiser, DonohoTanner, Lasso, SoftDenoiser, solve, stream
from sparsecs.kernels.gaussian_moments import spike_and_slab, unbiased_risk, weak_threshold
from sparsecs.problems.problem import Problem
from sparsecs.solvers.result import Status

GRID = np.linspace(-12, 12, 20_001)
CHANCES = np.exp(-(GRID**2) / 2) / np.exp(-(GRID**2) / 2).sum()


def gaussian(m: int, n: int, k: int, seed: int = 0, noise: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A with variance 1/m, signs on k places, and y."""
    rng = stream(seed, "gaussian", m, n, k)
    A, x = rng.standard_normal((m, n)) / np.sqrt(m), np.zeros(n)
    x[rng.choice(n, k, replace=False)] = rng.choice([-1.0, 1.0], k)
    return A, x, A @ x + noise * rng.standard_normal(m)


def foretold(rate: float, variance: float, threshold: float) -> float:
    """The mean-square error of soft thresholding for a sign at this rate, in noise of this variance."""

    def soft(r: np.ndarray) -> np.ndarray:
        return np.sign(r) * np.maximum(np.abs(r) - threshold * np.sqrt(variance), 0)

    noise = np.sqrt(variance) * GRID
    return rate * float(CHANCES @ (soft(1 + noise) - 1) ** 2) + (1 - rate) * float(CHANCES @ soft(noise) ** 2)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_the_error_follows_state_evolution(noise: float) -> None:
    n, m, k = 4000, 2000, 400
    threshold, expected = weak_threshold(0.5)[0], k / n
    errors = []
    for seed in range(2):
        A, x, y = gaussian(m, n, k, seed, noise)
        errors.append([float(np.mean((i.x - x) ** 2)) for i in islice(AMP().iterates(Problem(A, y)), 10)])
    measured = np.mean(errors, axis=0)
    before = k / n
    for t, error in enumerate(measured):
        # an error is a mean of n squares with a coefficient of variation near 4: 4/sqrt(4000)/sqrt(2) = 4.5 % for one step
        assert error == pytest.approx(foretold(k / n, noise**2 + before / 0.5, threshold), rel=3 * 0.045)
        expected = foretold(k / n, noise**2 + expected / 0.5, threshold)
        # without noise a step multiplies errors by about 0.7, and fluctuations add up from step to step
        assert error == pytest.approx(expected, rel=3 * 0.045 * np.sqrt(t + 1))
        before = error


@pytest.mark.parametrize(("part", "recovered"), [(0.85, True), (1.2, False)])
def test_the_transition_is_that_of_donoho_and_tanner(part: float, recovered: bool) -> None:
    n, m = 1000, 500  # the transition is a few per cent of k wide here
    k = round(part * m * DonohoTanner().rho(m / n))
    for seed in range(2):
        A, x, y = gaussian(m, n, k, seed)
        found = solve(A, y, AMP(tolerance=1e-4, max_iterations=400)).x
        assert (np.linalg.norm(found - x) < 1e-2 * np.linalg.norm(x)) == recovered


def test_at_rest_in_noise_it_is_the_lasso_of_its_own_weight() -> None:
    A, _, y = gaussian(300, 600, 40, noise=0.1)
    A /= np.linalg.norm(A, axis=0)
    result = solve(A, y, AMP())
    assert result.status is Status.STALLED
    weight = float(np.abs(A.T @ result.residual).max())  # λ = θ (1 − |S|/m)
    assert np.allclose((A.T @ result.residual)[result.support], weight * np.sign(result.x[result.support]), rtol=1e-5)
    lasso = solve(A, y, Lasso(weight=weight))
    assert np.linalg.norm(lasso.x - result.x) <= 1e-5 * np.linalg.norm(lasso.x)


def test_a_denoiser_that_learns_the_signal_recovers_more_in_fewer_steps() -> None:
    A, x, y = gaussian(500, 1000, 150)
    x[x != 0] = stream(0, "sizes").standard_normal(150)
    y = A @ x
    soft, learned = solve(A, y, AMP()), solve(A, y, AMP(BernoulliGaussianDenoiser()))
    assert learned.status is Status.SOLVED
    assert np.linalg.norm(learned.x - x) <= 1e-6 * np.linalg.norm(x)
    assert learned.iterations < soft.iterations / 2


def test_what_is_learned_is_the_rate_and_the_scale_of_the_signal() -> None:
    rng = stream(0, "learn")
    x = np.where(rng.random(20_000) < 0.2, 2 * rng.standard_normal(20_000), 0)
    r, asked = x + 0.8 * rng.standard_normal(20_000), BernoulliGaussianDenoiser()
    learned = asked.fitted(10_000, 20_000, float(np.mean(x**2)))
    for _ in range(300):
        learned = learned.learned(r, 0.64, asked)
    assert learned.rate == pytest.approx(0.2, rel=0.1)
    assert learned.scale == pytest.approx(2, rel=0.05)
    half = BernoulliGaussianDenoiser(rate=0.2)
    assert half.fitted(1, 2, 1.0).learned(r, 0.64, half).rate == 0.2


def test_a_given_scale_has_the_units_of_y() -> None:
    A, x, y = gaussian(100, 200, 10)
    first = solve(A, y, AMP(BernoulliGaussianDenoiser(rate=0.05, scale=1.0)))
    scaled = solve(A, 1e30 * y, AMP(BernoulliGaussianDenoiser(rate=0.05, scale=1e30)))
    assert np.allclose(scaled.x / 1e30, first.x, rtol=1e-9)
    assert np.allclose(first.x, x, atol=1e-6)


def test_moments_are_those_of_numerical_integration() -> None:
    r, v, rate, slab = np.array([0.0, 0.3, -1.7, 4.0]), 0.5, 0.2, 2.0
    x = np.linspace(-30, 30, 600_001)
    prior = np.exp(-(x**2) / (2 * slab)) / np.sqrt(2 * np.pi * slab) * (x[1] - x[0])
    mean, slope, probability = spike_and_slab(r, v, rate, slab)
    for i, seen in enumerate(r):
        on = rate * prior * np.exp(-((seen - x) ** 2) / (2 * v))
        off = (1 - rate) * np.exp(-(seen**2) / (2 * v))
        total = on.sum() + off
        first, second = float(on @ x) / total, float(on @ x**2) / total
        assert mean[i] == pytest.approx(first, abs=1e-10)
        assert slope[i] == pytest.approx((second - first**2) / v, abs=1e-10)
        assert probability[i] == pytest.approx(on.sum() / total, abs=1e-10)


@pytest.mark.parametrize("denoiser", [SoftDenoiser(1.5), BernoulliGaussianDenoiser(0.1, 2.0)], ids=repr)
def test_derivatives_and_errors_of_denoisers_are_right(denoiser: SoftDenoiser) -> None:
    rng = stream(0, "denoise")
    x = np.where(rng.random(100_000) < 0.1, 2 * rng.standard_normal(100_000), 0)
    r = x + 0.7 * rng.standard_normal(100_000)
    estimate, slope = denoiser.denoise(r, 0.49)
    finite = (denoiser.denoise(r + 1e-6, 0.49)[0] - denoiser.denoise(r - 1e-6, 0.49)[0]) / 2e-6
    assert np.mean(np.abs(finite - slope) > 1e-4) < 1e-4  # but for kinks
    error = float(np.mean((estimate - x) ** 2))
    assert denoiser.error(r, 0.49) == pytest.approx(error, rel=0.03)  # three standard errors
    assert unbiased_risk(r, estimate, float(slope.mean()), 0.49) == pytest.approx(error, rel=0.03)


def test_the_weak_threshold_runs_along_the_curve_of_donoho_and_tanner() -> None:
    for delta in (1e-6, 0.01, 0.3, 0.99):
        assert weak_threshold(delta)[1] == pytest.approx(DonohoTanner().rho(delta), rel=1e-9)


def test_a_matrix_far_from_random_is_met_with_damping_or_said_to_be_too_much() -> None:
    A, x, _ = planted(100, 200, 6)
    milder = solve(A + 0.1, (A + 0.1) @ x, AMP())  # a mean makes plain message passing run away
    assert milder.status is Status.SOLVED
    assert np.linalg.norm(milder.x - x) <= 1e-6
    worse = solve(A + 5, (A + 5) @ x, AMP(max_iterations=500))
    assert not worse.status.reached
    assert np.linalg.norm(worse.residual) <= 4 * np.linalg.norm((A + 5) @ x)
