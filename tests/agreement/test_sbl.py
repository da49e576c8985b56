"""Sparse Bayesian learning maximises the likelihood that it says it maximises, and is found by no other road to do better."""

from __future__ import annotations

import numpy as np
import pytest
from laws.solver_cases import planted

from sparsecs import SparseBayesianLearning, debias, solve, stream
from sparsecs.problems.problem import Problem
from sparsecs.solvers.result import Status


def noisy(seed: int = 0, noise: float = 0.05) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    A, x, y = planted(50, 80, 5, seed)
    return A, x, y + noise * stream(seed, "noise").standard_normal(50)


def cost(A: np.ndarray, y: np.ndarray, gamma: np.ndarray, noise: float) -> float:
    """Minus twice the log-likelihood of y, but for a constant: y ~ N(0, noise I + A diag(gamma) Aᵀ)."""
    covariance = noise * np.eye(y.size) + A * gamma @ A.T
    return float(np.linalg.slogdet(covariance)[1] + y @ np.linalg.solve(covariance, y))


def expectation_maximization(A: np.ndarray, y: np.ndarray, noise: float, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Tipping's slow iteration on all columns, which never lowers the likelihood: the posterior mean and the variances."""
    gamma = np.ones(A.shape[1])
    for _ in range(steps):
        covariance = noise * np.eye(y.size) + A * gamma @ A.T
        mean = gamma * (A.T @ np.linalg.solve(covariance, y))
        spread = gamma - gamma**2 * np.einsum("ij,ij->j", A, np.linalg.solve(covariance, A))
        gamma = mean**2 + spread
    return mean, gamma


def variances(A: np.ndarray, y: np.ndarray, x: np.ndarray, noise: float) -> np.ndarray:
    """1/α at a fixed point: α x = Aᵀ(y − A x)/noise on the support."""
    gamma, S = np.zeros(x.size), np.flatnonzero(x)
    gamma[S] = noise * x[S] / (A[:, S].T @ (y - A @ x))
    return gamma


@pytest.mark.parametrize("seed", range(3))
def test_no_slow_iteration_finds_a_likelier_model(seed: int) -> None:
    A, _, y = noisy(seed)
    iterates = SparseBayesianLearning().iterates(Problem(A, y, noise=0.05))
    found = next(i for i in iterates if i.status is not None)
    gamma = variances(A, y, found.x, 0.05**2)
    _, slow = expectation_maximization(A, y, 0.05**2, 3000)
    assert (gamma[found.x != 0] > 0).all()
    assert cost(A, y, gamma, 0.05**2) <= cost(A, y, slow, 0.05**2) + 1e-3 * y.size


def test_at_the_end_no_variance_can_be_changed_for_the_better() -> None:
    A, _, y = noisy()
    found = next(i for i in SparseBayesianLearning().iterates(Problem(A, y, noise=0.05)) if i.status is not None)
    gamma = variances(A, y, found.x, 0.05**2)
    best = cost(A, y, gamma, 0.05**2)
    for j in range(80):
        for value in [gamma[j] * 0.9, gamma[j] * 1.1, 0.0, 1e-3, 1e-2, 1.0]:
            changed = gamma.copy()
            changed[j] = value
            assert cost(A, y, changed, 0.05**2) >= best - 1e-6


def test_the_noise_is_learned() -> None:
    rng = stream(0, "noise")
    A, x = rng.standard_normal((400, 40)), np.zeros(40)
    x[:10] = 3.0
    result = solve(A, A @ x + 0.5 * rng.standard_normal(400), SparseBayesianLearning())
    assert result.status is Status.STATIONARY
    left = float(result.residual @ result.residual) / (400 - result.support.size)
    assert np.sqrt(left) == pytest.approx(0.5, rel=0.15)  # four standard errors, 1/sqrt(2 · 400) each
    assert set(range(10)) <= set(result.support)
    assert result.support.size < 30


def test_at_the_end_variances_and_noise_are_fixed_points_of_each_other() -> None:
    A, _, y = noisy(noise=0.1)
    result = solve(A, y, SparseBayesianLearning(tolerance=1e-10, max_iterations=5000))
    part, x = A[:, result.support], result.x[result.support]
    slope = part.T @ result.residual
    noise = float(result.residual @ y) / y.size  # m s = ‖r‖² + s Σ γ with γ = α x², and s α x = A_Sᵀ r
    alpha = slope / (noise * x)
    covariance = np.linalg.inv(part.T @ part / noise + np.diag(alpha))
    assert result.status is Status.STATIONARY
    assert np.allclose(alpha * x**2, 1 - alpha * np.diag(covariance), rtol=1e-6)


def test_without_noise_the_answer_is_exact() -> None:
    for seed in range(5):
        A, x, y = planted(50, 80, 10, seed)
        result = solve(A, y, SparseBayesianLearning())
        assert result.status is Status.SOLVED
        assert np.linalg.norm(result.x - x) <= 1e-10 * np.linalg.norm(x)
        assert np.array_equal(result.support, np.flatnonzero(x))


def test_the_posterior_mean_is_shorter_than_least_squares_on_its_support() -> None:
    A, _, y = noisy(noise=0.2)
    result = solve(A, y, SparseBayesianLearning())
    refit = debias(A, y, result)
    assert np.linalg.norm(refit.residual) < np.linalg.norm(result.residual)
    assert np.linalg.norm(result.x) < np.linalg.norm(refit.x)


def test_of_twin_columns_one_is_taken() -> None:
    A, x, y = planted(50, 60, 4)
    result = solve(np.hstack([A, A]), y, SparseBayesianLearning())
    assert result.support.size == 4
    assert np.allclose(result.x[:60] + result.x[60:], x)
