r"""Upper bounds of the null space constant by convex relaxation. A solver proposes, and the bound is evaluated by hand.

With U = { y : ||y||_inf <= 1, ||y||_1 <= k }, alpha_k = max { Re y^H x : y in U, A x = 0, ||x||_1 <= 1 }.

Linear (Juditsky and Nemirovski). For any Y, G = I - Y A has G x = x on the null space, so
    Re y^H x = Re y^H G x <= max_i |y^H G e_i| <= max_i (the sum of the k largest |G_ji| over j).

Semidefinite (d'Aspremont and El Ghaoui, with the linear one inside). For any G, any symmetric V, P and an orthonormal basis Z of
the null space, x = Z c, H = (I - G) Z: if [[V, -H], [-H^T, Z^T P Z]] is positive semidefinite,
    y^T x = y^T G x + y^T H c <= y^T G x + (y^T V y + x^T P x) / 2,
and y^T V y is at most the sum of the k^2 largest |V_ij|, x^T P x at most max |P_ij|. Where the matrix has a negative eigenvalue
-e, e I is added to V and to P; so the bound holds whatever the solver returned.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._null_space_coordinates import Coordinates

CONSISTENT = 1e-11  # how far G may be from the identity on the null space


def column_bound(G: np.ndarray, k: int) -> float:
    """max_i of the sum of the k largest moduli in column i."""
    sizes = np.sort(np.abs(G), axis=0)[::-1]
    return float(sizes[:k].sum(axis=0).max())


def projections(space: Coordinates) -> tuple[np.ndarray, np.ndarray]:
    """Orthonormal bases of the rows of A (n, r), so that Q^H x = 0 on the null space, and of the null space (n, n - r)."""
    Q = np.linalg.qr((space.rows() / space.weights).conj().T)[0]
    Z = np.linalg.qr(space.null_vectors())[0]
    return Q, Z


def projected(space: Coordinates) -> np.ndarray:
    """G whose row i is e_i less a multiple of the projection of e_i on the rows, the multiple that makes it smallest."""
    Q, n = projections(space)[0], space.n
    projection = Q @ Q.conj().T
    own = np.maximum(np.diag(projection).real, 0.0)
    others = np.abs(projection - np.diag(np.diag(projection))).max(axis=1, initial=0.0)
    t = np.where(own + others > 0, 1.0 / np.maximum(own + others, np.finfo(float).tiny), 0.0)
    return consistent(space, np.eye(n) - t[:, None] * projection)


def consistent(space: Coordinates, G: np.ndarray) -> np.ndarray:
    """G with those rows replaced by rows of the identity that are not, to rounding, the identity on the null space."""
    wrong = np.abs((G - np.eye(space.n)) @ space.null_vectors()).max(axis=1) > CONSISTENT
    return np.where(wrong[:, None], np.eye(space.n), G)


def linear_relaxation(space: Coordinates, k: int, budget: Budget) -> float:
    """The upper bound of Juditsky and Nemirovski; that of the projection if no solver finds a better one in time."""
    import cvxpy as cp

    Q, n = projections(space)[0], space.n
    fallback = column_bound(projected(space), k)
    Y = cp.Variable(Q.shape, complex=np.iscomplexobj(Q))
    columns, cost, limits = _columns(cp, np.eye(n) - Y @ Q.conj().T, k)
    if not solved(cp.Problem(cp.Minimize(cost), limits), budget):
        return min(fallback, 1.0)
    return min(column_bound(consistent(space, columns.value), k), fallback, 1.0)


def semidefinite_relaxation(space: Coordinates, k: int, budget: Budget) -> float:
    """The upper bound of d'Aspremont and El Ghaoui, made at least as good as the linear one; 1 if there was no time for it."""
    import cvxpy as cp

    Z, n = projections(space)[1], space.n
    V, P, M = (cp.Variable(shape, symmetric=True) for shape in ((n, n), (n, n), (n + Z.shape[1],) * 2))
    columns, cost, limits = _columns(cp, cp.Variable((n, n)), k)
    square = min(k * k, n * n)
    limits += [M >> 0, M[:n, :n] == V, M[n:, n:] == Z.T @ P @ Z, M[:n, n:] == (columns - np.eye(n)) @ Z]
    half = (cp.sum_largest(cp.abs(V), square) + cp.max(cp.abs(P))) / 2
    if not solved(cp.Problem(cp.Minimize(cost + half), limits), budget):
        return 1.0
    G, top, side = (np.asarray(variable.value) for variable in (columns, V, P))
    return min(_semidefinite_bound(Z, G, top, side, k), 1.0)


def _semidefinite_bound(Z: np.ndarray, G: np.ndarray, V: np.ndarray, P: np.ndarray, k: int) -> float:
    n = Z.shape[0]
    H = (np.eye(n) - G) @ Z
    V, P = (V + V.T) / 2, (P + P.T) / 2
    lowest = np.linalg.eigvalsh(np.block([[V, -H], [-H.T, Z.T @ P @ Z]]))[0]
    shift = max(0.0, -float(lowest)) + 1e-14 * max(float(np.abs(V).max()), float(np.abs(P).max()))
    V, P = V + shift * np.eye(n), P + shift * np.eye(n)
    largest = np.sort(np.abs(V), axis=None)[::-1][: k * k].sum()
    return column_bound(G, k) + float(largest + np.abs(P).max()) / 2


def _columns(cp: Any, G: Any, k: int) -> tuple[Any, Any, list[Any]]:
    """G, the largest sum of k moduli in a column of it, and the constraints that make it so."""
    n = G.shape[0]
    above, bar, top = cp.Variable((n, n), nonneg=True), cp.Variable((1, n), nonneg=True), cp.Variable()
    limits = [cp.abs(G) <= above + np.ones((n, 1)) @ bar, k * bar[0] + cp.sum(above, axis=0) <= top]
    return G, top, limits


def solved(problem: Any, budget: Budget) -> bool:
    """Whether a solver came back with numbers within the budget."""
    import warnings

    import cvxpy as cp

    if budget.spent():
        return False
    limit = {} if budget.seconds is None else {"time_limit": budget.left()}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a solution is inaccurate is of no concern: its bound is evaluated
            problem.solve(solver=cp.CLARABEL, **limit)
    except (cp.error.SolverError, ArithmeticError, ValueError):
        return False
    return all(variable.value is not None for variable in problem.variables())
