"""Conditions for one support and its signs, written out as dense formulas and as plain linear and cone programs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.linalg import null_space
from scipy.optimize import linprog

from sparsecs.core.randomness import stream
from sparsecs.geometry.dual_certificate import DualCertificate

Case = tuple[np.ndarray, np.ndarray, np.ndarray]


def singular(matrix: np.ndarray, support: Any) -> bool:
    """Whether the columns of a support depend on each other, judged at unit length."""
    part = matrix[:, list(support)]
    norms = np.linalg.norm(part, axis=0)
    if not norms.all():
        return True
    return bool(part.shape[1] and np.linalg.matrix_rank(part / norms, tol=1e-9) < part.shape[1])


def pseudo_inverse(matrix: np.ndarray, support: Any) -> np.ndarray:
    """(A_S^H A_S)^{-1} A_S^H, by columns of unit length."""
    part = matrix[:, list(support)]
    norms = np.linalg.norm(part, axis=0)
    return np.linalg.pinv(part / norms) / norms[:, None]


def outside(matrix: np.ndarray, support: Any) -> list[int]:
    return [j for j in range(matrix.shape[1]) if j not in set(np.asarray(support).tolist())]


def irrepresentable(matrix: np.ndarray, support: Any, signs: np.ndarray) -> float:
    """max_j |s^H A_S^+ a_j|."""
    if singular(matrix, support):
        return np.inf
    inverse = pseudo_inverse(matrix, support)
    return max((float(abs(np.vdot(signs, inverse @ matrix[:, j]))) for j in outside(matrix, support)), default=0.0)


def exact_recovery_coefficient(matrix: np.ndarray, support: Any, normalize: bool = False) -> float:
    """max_j ||A_S^+ a_j||_1."""
    if singular(matrix, support):
        return np.inf
    if normalize:
        norms = np.linalg.norm(matrix, axis=0)
        matrix = matrix / np.where(norms > 0, norms, 1)
    inverse = pseudo_inverse(matrix, support)
    return max((float(np.abs(inverse @ matrix[:, j]).sum()) for j in outside(matrix, support)), default=0.0)


def least_value(matrix: np.ndarray, support: Any, signs: np.ndarray) -> float:
    """min over nu with A_S^H nu = s of max_j |a_j^H nu|; infinite if there is none: a program in (nu, t)."""
    inside, rest = matrix[:, list(support)], matrix[:, outside(matrix, support)]
    if np.iscomplexobj(matrix) or np.iscomplexobj(signs):
        return _least_complex_value(inside, rest, signs)
    m, others = rest.shape
    ones = np.ones((others, 1))
    found = linprog(
        np.append(np.zeros(m), 1),
        A_ub=np.vstack([np.hstack([rest.T, -ones]), np.hstack([-rest.T, -ones])]),
        b_ub=np.zeros(2 * others),
        A_eq=np.hstack([inside.T, np.zeros((inside.shape[1], 1))]),
        b_eq=signs,
        bounds=[(None, None)] * m + [(0, None)],
    )
    return np.inf if found.status == 2 else float(found.fun)


def _least_complex_value(inside: np.ndarray, rest: np.ndarray, signs: np.ndarray) -> float:
    import cvxpy

    nearest = np.linalg.lstsq(inside.conj().T, signs, rcond=None)[0]
    free = null_space(inside.conj().T)
    if not rest.size or not free.size:
        return float(np.abs(rest.conj().T @ nearest).max(initial=0))
    z = cvxpy.Variable(free.shape[1], complex=True)
    goal = cvxpy.max(cvxpy.abs(rest.conj().T @ nearest + (rest.conj().T @ free) @ z))
    problem = cvxpy.Problem(cvxpy.Minimize(goal))
    problem.solve(solver="CLARABEL", tol_gap_abs=1e-10, tol_gap_rel=1e-10, tol_feas=1e-10)
    return float(problem.value)


def is_only_solution(matrix: np.ndarray, support: Any, signs: np.ndarray) -> bool:
    """Whether s^T h_S + ||h_off||_1 is positive for each null vector h but zero: two programs for each entry set to one."""
    n = matrix.shape[1]
    cost = np.ones(2 * n)  # h = p - q
    for i, sign in zip(support, signs, strict=True):
        cost[i], cost[n + i] = sign, -sign
    free = [(0.0, 1e3)] * (2 * n)
    for i in range(n):
        for side in (1.0, -1.0):
            pin = np.zeros((1, 2 * n))
            pin[0, i], pin[0, n + i] = 1, -1
            equations = np.vstack([np.hstack([matrix, -matrix]), pin])
            found = linprog(cost, A_eq=equations, b_eq=np.append(np.zeros(len(matrix)), side), bounds=free)
            if found.status == 0 and found.fun <= 1e-7:
                return False
    return True


def basis_pursuit(matrix: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A vector of least l1 norm with A x = y, by linear programming."""
    n = matrix.shape[1]
    found = linprog(np.ones(2 * n), A_eq=np.hstack([matrix, -matrix]), b_eq=y, method="highs")
    return found.x[:n] - found.x[n:]


def gaussian(m: int, n: int, k: int, number: int = 0, complex_data: bool = False) -> Case:
    rng = stream(number, "certificates", m, n, k)
    A, signs = rng.standard_normal((m, n)), rng.choice([-1.0, 1.0], k)
    if complex_data:
        A = A + 1j * rng.standard_normal((m, n))
        signs = np.exp(2j * np.pi * rng.random(k))
    return A, rng.choice(n, k, replace=False), signs


def check(A: np.ndarray, support: np.ndarray, signs: np.ndarray, found: DualCertificate) -> None:
    """What a certificate claims, by its own witnesses."""
    rest = np.setdiff1d(np.arange(A.shape[1]), support)
    if np.isfinite(found.value):
        assert np.abs(A[:, support].conj().T @ found.point - signs).max(initial=0) <= 1e-9
        products = np.abs(A.conj().T @ found.point)
        assert found.value == pytest.approx(products[rest].max(initial=0), rel=1e-12, abs=1e-12)
        if found.worst is not None:
            assert products[found.worst] == pytest.approx(found.value, rel=1e-12, abs=1e-12)
    assert found.lower <= found.value * (1 + 1e-9)
    assert not (found.holds and found.direction is not None)
    if found.direction is not None:
        h = found.direction
        assert h.any()
        assert np.abs(A @ h).max() <= 1e-11 * (np.abs(A) @ np.abs(h)).max()
        slope = np.vdot(signs, h[support]).real + np.abs(h[rest]).sum()
        assert slope <= 2e-9 * np.abs(h).sum()
        if not np.iscomplexobj(A) and not np.iscomplexobj(signs):
            x = np.zeros(A.shape[1])
            x[support] = signs
            step = 0.5 / np.abs(h).max()
            assert np.abs(x + step * h).sum() <= np.abs(x).sum() * (1 + 1e-9)
