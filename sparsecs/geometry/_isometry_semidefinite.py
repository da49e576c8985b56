r"""The semidefinite relaxation, and a bound that holds however well it was solved.

    x x^H -> X:   max tr(H X)   over X >= 0, tr X = 1, sum_{i != j} |X_ij| <= k - 1
    dual:         min over V with zero diagonal of  lambda_max(H + V) + (k - 1) max |V_ij|

Every V gives an upper bound, since |x^H V x| <= max |V_ij| sum_{i != j} |x_i x_j| <= (k - 1) max |V_ij| for a unit vector x of k
nonzeros. So the solver's V is taken, and its bound computed anew.

d'Aspremont, El Ghaoui, Jordan and Lanckriet, "A direct formulation for sparse PCA using semidefinite programming" (2007).
"""

from __future__ import annotations

import contextlib
import warnings

import numpy as np

TOLERANCE = 1e-5
FOREVER = 1e6  # seconds
LARGEST = 200  # columns: the matrix variable has their square


def semidefinite_bound(H: np.ndarray, k: int, seconds: float) -> float:
    """What no eigenvalue of H on k indices exceeds; the solver stops after that many seconds, and the bound is then looser."""
    largest = certified(H, np.zeros_like(H), k)
    size = float(np.abs(H).max())
    if k == 1:
        return float(H.diagonal().real.max())
    if size == 0 or k >= H.shape[0] or seconds <= 0:
        return largest
    V = _dual(H / size, k, min(seconds, FOREVER))
    return largest if V is None else min(largest, certified(H, size * V, k))


def certified(H: np.ndarray, V: np.ndarray, k: int) -> float:
    """The bound that belongs to V, whatever V is."""
    V = (V + V.conj().T) / 2
    np.fill_diagonal(V, 0)
    return float(np.linalg.eigvalsh(H + V)[-1] + (k - 1) * np.abs(V).max())


def _dual(H: np.ndarray, k: int, seconds: float) -> np.ndarray | None:
    """A V that is nearly the best; None if the solver gives none."""
    import cvxpy as cp

    n = H.shape[0]
    V = cp.Variable((n, n), hermitian=True) if np.iscomplexobj(H) else cp.Variable((n, n), symmetric=True)
    top, size = cp.Variable(), cp.Variable()
    problem = cp.Problem(cp.Minimize(top + (k - 1) * size), [top * np.eye(n) - H - V >> 0, cp.abs(V) <= size])
    with contextlib.suppress(cp.SolverError), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the solution may be inaccurate; what is made of it is not
        problem.solve(solver=cp.SCS, eps=TOLERANCE, time_limit_secs=max(seconds, 1e-3))
    if V.value is None or not np.isfinite(V.value).all():
        return None
    return np.asarray(V.value)
