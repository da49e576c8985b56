"""Basis pursuit beside two solvers that know nothing of it, its certificate beside its definition, and all its roads."""

from __future__ import annotations

from collections.abc import Callable

import cvxpy as cp
import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator

from sparsecs import BasisPursuit, Problem, Status, solve
from sparsecs.solvers import _pursuit
from sparsecs.solvers._few_columns import few_columns

TIGHT = {"tol_gap_abs": 1e-11, "tol_gap_rel": 1e-11, "tol_feas": 1e-11}


def gaussian(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((16, 40)) / 4


def rademacher(rng: np.random.Generator) -> np.ndarray:
    return rng.choice([-1.0, 1.0], (16, 40))


def bernoulli(rng: np.random.Generator) -> np.ndarray:
    return (rng.random((16, 40)) < 0.5).astype(float)


def rank_deficient(rng: np.random.Generator) -> np.ndarray:
    return rng.standard_normal((16, 9)) @ rng.standard_normal((9, 40))


def partial_hadamard(rng: np.random.Generator) -> np.ndarray:
    hadamard = np.ones((1, 1))
    for _ in range(5):
        hadamard = np.kron(hadamard, [[1, 1], [1, -1]])
    return hadamard[rng.choice(32, 16, replace=False)]


ENSEMBLES = [gaussian, rademacher, bernoulli, rank_deficient, partial_hadamard]
ensembles = pytest.mark.parametrize("ensemble", ENSEMBLES, ids=lambda ensemble: ensemble.__name__)
sparsities = pytest.mark.parametrize("k", [3, 8, None], ids=["easy", "hard", "dense"])


def draw(ensemble: Callable[[np.random.Generator], np.ndarray], k: int | None, seed: int) -> tuple:
    """A matrix and its product with k random signs, or with a dense Gaussian vector."""
    rng = np.random.default_rng(seed)
    A = ensemble(rng)
    n = A.shape[1]
    x = rng.standard_normal(n)
    if k is not None:
        x = np.zeros(n)
        x[rng.choice(n, k, replace=False)] = rng.choice([-1.0, 1.0], k)
    return A, A @ x


def smallest_l1(A: np.ndarray, y: np.ndarray) -> float:
    """min ||x||_1 subject to A x = y, by Clarabel, on as many rows as A has rank."""
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    rank = int(np.count_nonzero(s > 1e-10 * s[0]))
    x = cp.Variable(A.shape[1])
    constraints = [Vt[:rank] @ x == (U[:, :rank].T @ y) / s[:rank]]
    return float(cp.Problem(cp.Minimize(cp.norm1(x)), constraints).solve(solver=cp.CLARABEL, **TIGHT))


@ensembles
@sparsities
@pytest.mark.parametrize("seed", range(3))
def test_the_objective_is_that_of_an_interior_point_solver(
    ensemble: Callable[[np.random.Generator], np.ndarray], k: int | None, seed: int
) -> None:
    A, y = draw(ensemble, k, seed)
    result = solve(A, y, BasisPursuit())
    assert result.status is Status.OPTIMAL
    assert np.linalg.norm(A @ result.x - y) <= 1e-8 * np.linalg.norm(y)
    assert np.abs(result.x).sum() == pytest.approx(smallest_l1(A, y), rel=1e-7, abs=0)


@ensembles
@sparsities
@pytest.mark.parametrize("seed", range(8))
def test_the_certificate_is_what_it_says(
    ensemble: Callable[[np.random.Generator], np.ndarray], k: int | None, seed: int
) -> None:
    A, y = draw(ensemble, k, seed)
    result = solve(A, y, BasisPursuit())
    proof = result.certificate
    assert np.abs(A.T @ proof.dual_point).max() <= 1 + 1e-12
    assert proof.dual == pytest.approx(y @ proof.dual_point, rel=1e-12)
    assert proof.primal == pytest.approx(np.abs(result.x).sum(), rel=1e-12)
    misfit = np.linalg.norm(A @ result.x - y) / np.linalg.norm(y)
    assert proof.infeasibility == pytest.approx(misfit, rel=1e-6, abs=1e-15)
    assert abs(proof.gap) <= 1e-8 * proof.primal


@pytest.mark.parametrize("spread", [1e-3, 1e-5, 1e-7, 1e-9, 1e-11, 1e-13])
@pytest.mark.parametrize("seed", range(5))
def test_almost_dependent_rows_count_as_much_as_others(spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.standard_normal((6, 20))
    x = np.zeros(20)
    x[rng.choice(20, 3, replace=False)] = rng.choice([-1.0, 1.0], 3) * rng.uniform(1, 2, 3)
    close = rows.copy()
    close[5] = rows[4] + spread * rows[5]
    plain, tilted = solve(rows, rows @ x, BasisPursuit()), solve(close, close @ x, BasisPursuit())
    if tilted.status is Status.OPTIMAL:  # it may say that it cannot; it must not claim what is not so
        size = plain.certificate.primal
        assert np.abs(tilted.x).sum() == pytest.approx(size, rel=1e-6 + 3e-15 / spread)
        assert abs(tilted.certificate.relative_gap) <= 1e-8


@pytest.mark.parametrize("decades", [0, 3, 6, 8])
@pytest.mark.parametrize("seed", range(4))
def test_an_answer_called_optimal_has_a_gap_of_either_sign_within_the_tolerance(decades: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.standard_normal((20, 20)))[0]
    A = (turn * np.logspace(0, -decades, 20)) @ rng.standard_normal((20, 50))
    result = solve(A, A @ rng.standard_normal(50), BasisPursuit())
    assert result.status is not Status.OPTIMAL or abs(result.certificate.relative_gap) <= 1e-8


@pytest.mark.parametrize("seed", range(5))
def test_in_single_precision_optimal_means_that_the_answer_returned_fits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    turn = np.linalg.qr(rng.standard_normal((10, 10)))[0]
    A = (turn[:, :5] @ rng.standard_normal((5, 20))).astype(np.float32)
    y = (turn[:, 0] + 1e-2 * turn[:, 7]).astype(np.float32)  # the second part is outside of the range
    result = solve(A, y, BasisPursuit())
    misfit = np.linalg.norm(A.astype(float) @ result.x.astype(float) - y) / np.linalg.norm(y)
    assert result.status is not Status.OPTIMAL or misfit <= 1e-4


def test_the_certificate_says_which_road_was_taken() -> None:
    A, y = draw(gaussian, 2, 0)
    assert solve(A, y, BasisPursuit()).certificate.road == "homotopy on few columns"
    A, y = draw(gaussian, None, 0)
    assert solve(A, y, BasisPursuit()).certificate.road == "interior point"
    A, y = draw(rank_deficient, None, 0)
    assert solve(A, y, BasisPursuit()).certificate.road == "interior point on orthonormal rows"


@pytest.mark.parametrize("k", [3, 8, None], ids=["easy", "hard", "dense"])
@ensembles
def test_all_roads_end_at_the_same_objective(
    monkeypatch: pytest.MonkeyPatch, ensemble: Callable[[np.random.Generator], np.ndarray], k: int | None
) -> None:
    A, y = draw(ensemble, k, 3)
    best, seen = solve(A, y, BasisPursuit()).certificate.primal, set()
    for closed in (["few_columns"], ["few_columns", "solved"], ["few_columns", "solved", "equations"]):
        with monkeypatch.context() as patch:
            for name in closed:
                patch.setattr(_pursuit, name, lambda *_: None)
            result = solve(A, y, BasisPursuit())
        seen.add(result.certificate.road)
        assert result.status is Status.OPTIMAL
        assert result.certificate.primal == pytest.approx(best, rel=1e-9)
    assert any(road.startswith("HiGHS") for road in seen)


@pytest.mark.parametrize("seed", range(4))
def test_few_columns_are_enough_for_sparse_answers_and_only_for_them(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, x = rng.standard_normal((100, 1000)), np.zeros(1000)
    x[rng.choice(1000, 12, replace=False)] = rng.standard_normal(12)
    seen = [0, 0]

    class Counted(_pursuit.Question):
        def columns(self, chosen: np.ndarray) -> np.ndarray:
            seen[0] += chosen.size
            return super().columns(chosen)

        def correlations(self, nu: np.ndarray) -> np.ndarray:
            seen[1] += 1
            return super().correlations(nu)

    question = Counted(Problem(A, A @ x), (np.inf, np.inf))
    found, nu = few_columns(question, A @ x)
    assert np.abs(found - x).max() <= 1e-12
    assert np.abs(A.T @ nu).max() <= 1 + 1e-10
    assert seen[0] <= 300
    assert seen[1] <= 20
    assert few_columns(question, rng.standard_normal(100)) is None


@pytest.mark.parametrize("k", [3, 20])
def test_a_matrix_that_may_not_be_formed_has_the_same_answer(monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    rng = np.random.default_rng(k)
    A, x = rng.standard_normal((30, 400)), np.zeros(400)
    x[:k] = rng.choice([-1.0, 1.0], k)
    formed = solve(A, A @ x, BasisPursuit())
    monkeypatch.setattr(_pursuit, "DENSE_LIMIT", 1000)
    bare = LinearOperator(A.shape, matvec=lambda v: A @ v, rmatvec=lambda u: A.T @ u, dtype=float)
    result = solve(bare, A @ x, BasisPursuit())
    assert result.status is Status.OPTIMAL
    assert result.certificate.primal == pytest.approx(formed.certificate.primal, rel=1e-10)
    assert np.abs(result.x - formed.x).max() <= 1e-9
