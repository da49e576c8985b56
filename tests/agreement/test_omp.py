"""Orthogonal matching pursuit beside a loop of full refits, and beside scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import orthogonal_mp

from sparsecs import OMP, Problem, Status, solve


def refit_loop(A: np.ndarray, y: np.ndarray, k: int) -> tuple[list[int], np.ndarray]:
    """The columns in the order of their choice, and the last fit: nothing is updated, all is computed anew."""
    norms = np.linalg.norm(A, axis=0)
    order: list[int] = []
    x, residual = np.zeros(A.shape[1]), y
    for _ in range(k):
        alike = np.abs(A.T @ residual) / np.where(norms > 0, norms, np.inf)
        alike[order] = 0
        order.append(int(np.flatnonzero(alike >= alike.max() * (1 - 1e-9))[0]))  # the first of equal ones
        x = np.zeros(A.shape[1])
        unit = A[:, order] / norms[order]
        x[order] = np.linalg.lstsq(unit, y, rcond=None)[0] / norms[order]
        residual = y - A @ x
    return order, x


def gaussian(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n))


def ten_decades(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n)) * 10.0 ** rng.uniform(-5, 5, n)


def alike_columns(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, 1)) + 0.1 * rng.standard_normal((m, n))


def some_zero_columns(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.standard_normal((m, n)) * (rng.random(n) < 0.7)


def signs(rng: np.random.Generator, m: int, n: int) -> np.ndarray:
    return rng.choice([-1.0, 1.0], (m, n))


ENSEMBLES = [gaussian, ten_decades, alike_columns, some_zero_columns, signs]


@pytest.mark.parametrize("ensemble", ENSEMBLES, ids=lambda ensemble: ensemble.__name__)
@pytest.mark.parametrize("seed", range(60))
def test_every_step_is_that_of_a_loop_of_full_refits(ensemble: object, seed: int) -> None:
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(4, 25)), int(rng.integers(10, 50))
    A, y = ensemble(rng, m, n), rng.standard_normal(m)
    k = min(m, n // 2) - 1
    order, x = refit_loop(A, y, k)
    iterates = list(OMP().iterates(Problem(A, y, sparsity=k)))
    norms = np.linalg.norm(A, axis=0)
    for size, iterate in enumerate(iterates, 1):
        assert sorted(np.flatnonzero(iterate.x)) == sorted(order[:size])
    assert len(iterates) == k
    assert np.abs((iterates[-1].x - x) * norms).max() <= 1e-9 * np.abs(x * norms).max()
    assert np.abs(iterates[-1].residual - (y - A @ x)).max() <= 1e-10 * np.linalg.norm(y)


@pytest.mark.parametrize("seed", range(20))
def test_easy_problems_are_answered_as_by_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((50, 100))
    A /= np.linalg.norm(A, axis=0)
    x = np.zeros(100)
    x[rng.choice(100, 5, replace=False)] = rng.choice([-1.0, 1.0], 5) * rng.uniform(1, 3, 5)
    y = A @ x + 0.01 * rng.standard_normal(50)
    theirs = orthogonal_mp(A, y, n_nonzero_coefs=5)
    own = solve(A, y, OMP(), sparsity=5).x
    assert (np.flatnonzero(own) == np.flatnonzero(theirs)).all()
    assert np.abs(own - theirs).max() <= 1e-12


def test_a_coefficient_that_is_small_beside_the_others_does_not_end_the_search() -> None:
    result = solve(np.diag([1.0, 1e12, 1e12, 1e12]), np.ones(4), OMP())
    assert np.allclose(result.x, [1, 1e-12, 1e-12, 1e-12], rtol=1e-12, atol=0)
    assert result.status is Status.SOLVED


def test_the_number_of_steps_is_the_sparsity_when_that_is_given() -> None:
    rng = np.random.default_rng(0)
    result = solve(rng.standard_normal((20, 40)), rng.standard_normal(20), OMP(max_iterations=5), sparsity=10)
    assert result.support.size == 10
    assert result.status is Status.ALL_CHOSEN
