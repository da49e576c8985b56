"""Vector message passing: a published figure, the denoiser's own limit, and matrices on which plain message passing fails."""

from __future__ import annotations

import numpy as np
import pytest

from sparsecs import AMP, VAMP, BernoulliGaussianDenoiser, Lasso, SoftDenoiser, solve, stream
from sparsecs.problems.problem import Problem
from sparsecs.solvers.result import Status
from sparsecs.solvers.solve import answer


def spiky(
    m: int, n: int, rate: float, decibels: float, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """Gaussian spikes at a rate, measured by an i.i.d. matrix with a signal-to-noise ratio; and the noise's deviation."""
    rng = stream(seed, "spiky", m, n)
    A = rng.standard_normal((m, n)) / np.sqrt(m)
    x = np.where(rng.random(n) < rate, rng.standard_normal(n), 0)
    clean = A @ x
    noise = float(np.sqrt(np.mean(clean**2) * 10 ** (-decibels / 10)))
    return A, x, clean + noise * rng.standard_normal(m), noise


def decibels(found: np.ndarray, x: np.ndarray) -> float:
    return 10 * np.log10(float(np.sum((found - x) ** 2) / np.sum(x**2)))


@pytest.mark.parametrize("seed", range(3))
def test_the_published_error_is_reached(seed: int) -> None:
    A, x, y, _ = spiky(500, 1000, 0.1, 30, seed)
    result = solve(A, y, VAMP())  # nothing is given away: rate, scale and noise are learned
    assert decibels(result.x, x) < -29  # the bar of the package vampyre, for the same sizes


@pytest.mark.parametrize("condition", [10, 1e3, 1e5])
def test_singular_values_do_not_matter_without_noise(condition: float) -> None:
    rng = stream(0, "condition")
    U, _, V = np.linalg.svd(rng.standard_normal((100, 200)), full_matrices=False)
    A = U * np.geomspace(1, 1 / condition, 100) @ V
    x = np.zeros(200)
    x[rng.choice(200, 12, replace=False)] = rng.standard_normal(12)
    result = solve(A, A @ x, VAMP(tolerance=1e-10))
    assert result.status is Status.SOLVED
    assert np.linalg.norm(result.x - x) <= 1e-10 * condition * np.linalg.norm(x)
    assert result.iterations < 100


def test_it_agrees_with_plain_message_passing_where_that_holds() -> None:
    A, x, y, noise = spiky(800, 1600, 0.1, 20)
    plain = solve(A, y, AMP(BernoulliGaussianDenoiser()))
    vector = solve(A, y, VAMP())
    assert abs(decibels(vector.x, x) - decibels(plain.x, x)) < 0.2
    given = next(reversed(list(zip(VAMP().iterates(Problem(A, y, noise=noise)), range(30), strict=False))))[0]
    assert abs(decibels(given.x, x) - decibels(vector.x, x)) < 0.2


def test_its_error_is_near_that_of_one_who_knows_the_support() -> None:
    A, x, y, _ = spiky(500, 1000, 0.05, 40)
    known = np.zeros(1000)
    known[x != 0] = np.linalg.lstsq(A[:, x != 0], y, rcond=None)[0]
    assert decibels(solve(A, y, VAMP()).x, x) < decibels(known, x) + 2


def test_it_beats_the_best_lasso_in_mean_square() -> None:
    A, x, y, _ = spiky(300, 600, 0.1, 25)
    shares = (0.3, 0.1, 0.03, 0.01, 0.003)
    best = min(decibels(solve(A, y, Lasso(relative_weight=share)).x, x) for share in shares)
    assert decibels(solve(A, y, VAMP()).x, x) < best - 3


def test_with_soft_thresholding_it_finds_what_l1_finds() -> None:
    rng = stream(0, "soft")
    A = np.linalg.qr(rng.standard_normal((400, 200)))[0].T  # rows orthonormal
    x = np.zeros(400)
    x[:50] = rng.choice([-1.0, 1.0], 50)
    result = answer(Problem(A, A @ x), VAMP(SoftDenoiser()))
    assert result.status is Status.SOLVED
    assert np.linalg.norm(result.x - x) <= 1e-6 * np.linalg.norm(x)


def test_columns_that_are_almost_surely_zero_are_exactly_zero() -> None:
    A, x, y, _ = spiky(500, 1000, 0.1, 30)
    result = solve(A, y, VAMP())
    big = np.flatnonzero(np.abs(x) > 0.3)
    assert set(big) <= set(result.support)
    assert result.support.size < 2 * np.count_nonzero(x)
