"""Many signals, limits, weights and complex data in basis pursuit."""

from __future__ import annotations

import cvxpy as cp
import naive_paths
import numpy as np
import pytest

from sparsecs import BasisPursuit, Problem, Status, answer, solve, solve_each


@pytest.mark.parametrize("k", [4, 50])
def test_many_signals_are_answered_like_one(k: int) -> None:
    rng = np.random.default_rng(0)
    A, X = rng.standard_normal((64, 128)), np.zeros((128, 5))
    for j in range(5):
        X[rng.choice(128, k, replace=False), j] = rng.standard_normal(k)
    results = solve_each(A, A @ X, BasisPursuit())
    for j, result in enumerate(results):
        alone = solve(A, A @ X[:, j], BasisPursuit())
        assert result.status is alone.status is Status.OPTIMAL
        assert np.abs(result.x - alone.x).max() <= 1e-10 * np.abs(alone.x).max()


@pytest.mark.parametrize("k", [3, 10, 25])
@pytest.mark.parametrize("limits", [(0.0, None), (None, 0.8), (-0.7, 0.9), (0.0, 1.5), (None, 0.0)], ids=str)
def test_limits_are_kept_and_the_answer_is_proven(limits: tuple[float | None, float | None], k: int) -> None:
    low, high = (side if limit is None else limit for side, limit in zip((-np.inf, np.inf), limits, strict=True))
    for seed in range(4):
        rng = np.random.default_rng(seed)
        A, x = rng.standard_normal((30, 60)), np.zeros(60)
        x[rng.choice(60, k, replace=False)] = np.clip(rng.uniform(2 * max(low, -1), 2 * min(high, 1), k), low, high)
        for scale in (1.0, 1e-7):
            solver = BasisPursuit(*(None if limit is None else limit * scale for limit in limits))
            result = solve(A, scale * (A @ x), solver)
            assert result.status is Status.OPTIMAL, result
            assert low * scale <= result.x.min()
            assert result.x.max() <= high * scale
            expected = naive_paths.smallest_l1(A, A @ x, low, high)
            assert np.abs(result.x).sum() / scale == pytest.approx(expected, rel=1e-8)
            slope, nu = A.T @ result.certificate.dual_point, result.certificate.dual_point
            gain = float(scale * (A @ x) @ nu)
            for over, limit in ((slope - 1, high), (-slope - 1, -low)):
                assert over.max() <= 1e-10 or limit < np.inf
                gain -= scale * limit * float(np.maximum(over, 0).sum()) if limit < np.inf else 0
            assert gain == pytest.approx(np.abs(result.x).sum(), rel=1e-8)


def test_limits_that_no_x_can_keep_are_named() -> None:
    rng = np.random.default_rng(0)
    A = rng.uniform(0, 1, (10, 30))
    result = solve(A, -A.sum(axis=1), BasisPursuit(lower=0))
    assert result.status is Status.INFEASIBLE
    assert (result.x >= 0).all()
    for wrong in ({"lower": 1.0}, {"upper": -1.0}, {"lower": -np.inf}, {"upper": np.nan}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be at"):
            BasisPursuit(**wrong)
    with pytest.raises(TypeError, match="no order"):
        solve(A + 0j, A.sum(axis=1), BasisPursuit(lower=0))


@pytest.mark.parametrize("k", [3, 25])
def test_weights_are_those_of_scaled_columns(k: int) -> None:
    for seed in range(4):
        rng = np.random.default_rng(seed)
        A, x, weights = rng.standard_normal((30, 60)), np.zeros(60), rng.uniform(0.3, 3, 60)
        weights[::7] = np.inf
        open_ = np.flatnonzero(np.isfinite(weights))
        x[rng.choice(open_, k, replace=False)] = rng.standard_normal(k)
        result = solve(A, A @ x, BasisPursuit(), weights=weights)
        scaled = solve(A[:, open_] / weights[open_], A @ x, BasisPursuit())
        assert result.status is Status.OPTIMAL
        assert not result.x[::7].any()
        assert np.abs(result.x[open_] - scaled.x / weights[open_]).max() <= 1e-9
        assert result.certificate.primal == pytest.approx(scaled.certificate.primal, rel=1e-9)
        assert (np.abs(A.T @ result.certificate.dual_point) <= weights * (1 + 1e-12)).all()


@pytest.mark.parametrize("k", [3, 10, 20])
def test_complex_answers_are_those_of_a_cone_solver(k: int) -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        A = rng.standard_normal((20, 50)) + 1j * rng.standard_normal((20, 50))
        x = np.zeros(50, dtype=complex)
        x[rng.choice(50, k, replace=False)] = np.exp(2j * np.pi * rng.random(k))
        result = solve(A, A @ x, BasisPursuit())
        nu = result.certificate.dual_point
        assert result.status is Status.OPTIMAL
        assert np.abs(A.conj().T @ nu).max() <= 1 + 1e-12
        assert np.vdot(nu, A @ x).real == pytest.approx(np.abs(result.x).sum(), rel=1e-10)
        assert np.linalg.norm(A @ (result.x - x)) <= 1e-12 * np.linalg.norm(A @ x)
        if seed == 0:
            z = cp.Variable(50, complex=True)
            least = cp.Problem(cp.Minimize(cp.norm1(z)), [A @ z == A @ x]).solve(solver=cp.CLARABEL)
            assert np.abs(result.x).sum() == pytest.approx(least, rel=1e-6)


def test_real_data_told_as_complex_have_the_real_answer() -> None:
    rng = np.random.default_rng(1)
    low = rng.standard_normal((16, 9)) @ rng.standard_normal((9, 40))
    for A in (rng.standard_normal((16, 40)), low, rng.choice([-1.0, 1.0], (16, 40))):
        y = A[:, :3].sum(axis=1) - A[:, 7:12].sum(axis=1)
        plain = solve(A, y, BasisPursuit())
        for matrix, measured in ((A + 0j, y), (A, y * 1j), (A * 1j, y)):
            result = answer(Problem(matrix, measured), BasisPursuit())
            assert result.status is Status.OPTIMAL
            assert result.certificate.primal == pytest.approx(plain.certificate.primal, rel=1e-8)
