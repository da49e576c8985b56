"""Basis pursuit where columns tie, repeat or depend on each other: proven answers, at vertices."""

from __future__ import annotations

from collections.abc import Callable

import naive_paths
import numpy as np
import pytest

from sparsecs import BasisPursuit, Result, Status, solve


def draw(ensemble: Callable[[np.random.Generator], np.ndarray], k: int, seed: int) -> tuple:
    """A matrix and its product with k random signs."""
    rng = np.random.default_rng(seed)
    A = ensemble(rng)
    x = np.zeros(A.shape[1])
    x[rng.choice(A.shape[1], k, replace=False)] = rng.choice([-1.0, 1.0], k)
    return A, A @ x


def gaussian_64(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((64, 128))


def rademacher_64(rng: np.random.Generator) -> np.ndarray:
    return rng.choice([-1.0, 1.0], (64, 128))


def bernoulli_64(rng: np.random.Generator) -> np.ndarray:
    return (rng.random((64, 128)) < 0.5).astype(float)


def partial_hadamard_64(rng: np.random.Generator) -> np.ndarray:
    hadamard = np.ones((1, 1))
    for _ in range(7):
        hadamard = np.kron(hadamard, [[1, 1], [1, -1]])
    return hadamard[rng.choice(128, 64, replace=False)]


def twin_columns(rng: np.random.Generator) -> np.ndarray:
    return np.tile(rng.standard_normal((32, 32)), 2) * np.repeat([1.0, -1.0], 32)


def parallel_columns(rng: np.random.Generator) -> np.ndarray:
    return np.tile(rng.standard_normal((32, 32)), 2) * np.append(np.ones(32), rng.uniform(0.5, 2, 32))


def zero_columns(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((24, 64)) * (np.arange(64) % 3 > 0)


def twice_the_rows(rng: np.random.Generator) -> np.ndarray:
    return np.tile(rng.choice([-1.0, 1.0], (16, 64)), (2, 1))


def sparse_matrix(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((32, 64)) * (rng.random((32, 64)) < 0.15)


def small_whole_numbers(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(-2, 3, (32, 64)).astype(float)


def gap_written_out(A: np.ndarray, y: np.ndarray, result: Result) -> float:
    """What the dual point leaves open, as a part of the l1 norm; infinite if the pair is not feasible."""
    nu = result.certificate.dual_point
    if np.abs(A.T @ nu).max() > 1 + 1e-12 or np.linalg.norm(A @ result.x - y) > 1e-11 * np.linalg.norm(y):
        return np.inf
    return float(1 - y @ nu / np.abs(result.x).sum())


@pytest.mark.parametrize("k", [6, 20, 50], ids=["k=6", "k=20", "k=50"])
@pytest.mark.parametrize(
    "ensemble",
    [gaussian_64, rademacher_64, bernoulli_64, partial_hadamard_64],
    ids=lambda ensemble: ensemble.__name__,
)
def test_ties_do_no_harm(ensemble: Callable[[np.random.Generator], np.ndarray], k: int) -> None:
    for seed in range(60 if k == 6 else 10):
        A, y = draw(ensemble, k, seed)
        result = solve(A, y, BasisPursuit())
        assert result.status is Status.OPTIMAL
        assert abs(gap_written_out(A, y, result)) <= 1e-10
        assert np.linalg.matrix_rank(A[:, result.support]) == result.support.size, "a vertex"
        if seed < 4:
            assert np.abs(result.x).sum() == pytest.approx(naive_paths.smallest_l1(A, y), rel=1e-8)


@pytest.mark.parametrize(
    "ensemble",
    [twin_columns, parallel_columns, zero_columns, twice_the_rows, sparse_matrix, small_whole_numbers],
    ids=lambda ensemble: ensemble.__name__,
)
@pytest.mark.parametrize("k", [3, 12, 30])
def test_degenerate_matrices_are_answered_by_a_vertex(
    ensemble: Callable[[np.random.Generator], np.ndarray], k: int
) -> None:
    for seed in range(6):
        A, y = draw(ensemble, k, seed)
        result = solve(A, y, BasisPursuit())
        assert result.status is Status.OPTIMAL
        assert abs(gap_written_out(A, y, result)) <= 1e-10
        assert np.linalg.matrix_rank(A[:, result.support]) == result.support.size
        if seed < 2:
            assert np.abs(result.x).sum() == pytest.approx(naive_paths.smallest_l1(A, y), rel=1e-7)


@pytest.mark.parametrize("shape", [(20, 200), (60, 100), (90, 100), (100, 100)], ids=str)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_all_shapes_and_sparsities_are_proven(shape: tuple[int, int], share: float) -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        A, x = rng.standard_normal(shape), np.zeros(shape[1])
        k = max(1, round(share * shape[0]))
        x[rng.choice(shape[1], k, replace=False)] = rng.standard_normal(k)
        result = solve(A, A @ x, BasisPursuit())
        assert result.status is Status.OPTIMAL
        assert abs(gap_written_out(A, A @ x, result)) <= 1e-10
