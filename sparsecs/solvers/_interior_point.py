r"""Basis pursuit by a primal-dual interior-point method that hands over to the simplex method on the way.

    p_j s_j = mu,   f_j z_j = mu,   A (p_0 - p_1) = y,   mu -> 0          (the letters are those of kernels/interior_point.py)

Each step is Mehrotra's predictor and corrector (1992), at one Cholesky factorisation. Where few columns look used, a fit on
them is tried: three steps are enough where the answer is sparse. Where as many as rows are used, the columns that look used
most are all but a few of the right ones once the gap is some per cent, and the simplex method exchanges these. An answer
counts only if it is proven. Ties do no harm: the method runs to the middle of all optimal pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sparsecs.kernels.interior_point import advance, bends, complementarity, newton_moves, newton_weights
from sparsecs.kernels.simplex import descend
from sparsecs.solvers._newton_equations import NullForm, RowForm
from sparsecs.solvers._vertex import fit, vertex

STEPS, DONE = 60, 1e-12
SETTLED = 1e-7  # a relative gap at which columns that are still in use belong to an answer
ROUNDING = 1e-13  # of y: a residual that needs no mending on the way
PIVOT = 0.03  # the gap from which the simplex method is faster
NEARLY = 0.995  # how far to go towards the edge

Pair = tuple[np.ndarray, np.ndarray]


def solved(
    form: RowForm | NullForm | None,
    A: np.ndarray,
    y: np.ndarray,
    caps: np.ndarray,
    accept: Callable[[np.ndarray, np.ndarray], bool],
) -> Pair | None:
    """An x and a nu that ``accept`` takes, or else the last pair, polished or not; None if even that makes no sense.

    Parameters
    ----------
    form : what ``equations(A)`` gives
        None is an answer for a square matrix only.
    A : (m, n) array
        No zero columns.
    y : (m,) array
    caps : (2, n) array
        The most that each x_i may rise above, and fall below, zero.
    accept : function of x and nu
        Whether they prove each other.
    """
    if form is None:
        return fit(A, y, np.zeros_like(y)) if A.shape[0] == A.shape[1] else None
    x = form.start(y)
    size = np.abs(x).mean()
    if not 0 < size < np.inf:
        return None
    p = np.minimum(np.maximum([x, -x], 0) + size, caps / 2)
    z = np.where((caps < np.inf) & (caps > 0), 1.0, 0.0)
    return _follow(form, A, y, (p, 1.0 + z, caps - p, z, np.zeros(x.size)), accept)


def _follow(form: RowForm | NullForm, A: np.ndarray, y: np.ndarray, state: Any, accept: Callable[..., bool]) -> Any:
    """The predictor and the corrector, until a guess is accepted or no step makes progress."""
    p, s, f, z, v = state
    n = A.shape[1]
    D, h, zero = np.empty(n), np.empty(n), np.zeros((2, n))
    dp, ds, dz, bend_s, bend_z = (np.zeros((2, n)) for _ in range(5))
    tried, pair, gap, free = np.zeros(0, dtype=np.intp), None, np.inf, bool(np.isinf(f).all())
    for step in range(STEPS):
        total, count = complementarity(p, s, f, z, zero, zero, zero, 0.0, 0.0)
        newton_weights(p, s, f, z, 0.0, zero, zero, D, h)
        gap, mean = total / max(p.sum(), 1e-300), total / count
        support = _ripe(A.shape, p[0] - p[1], D, gap) if step >= 2 else tried
        if not np.array_equal(support, tried):
            tried, x = support, p[0] - p[1]
            if support.size == A.shape[0] and gap > SETTLED and free:
                pair = _pivoted(form, A, y, x, D)
            else:
                pair = vertex(A, y, x, form.dual(v), support, f, gap < SETTLED)
            if pair is not None and accept(*pair):
                return pair
        try:
            form.factor(D)
        except np.linalg.LinAlgError:
            break
        r = y - A @ (p[0] - p[1])
        r = r if np.abs(r).max() > ROUNDING * np.abs(y).max() else np.zeros_like(r)
        dv = form.move(D, h, r)
        primal, dual = newton_moves(p, s, f, z, 0.0, zero, zero, dv, dp, ds, dz)
        ahead = complementarity(p, s, f, z, dp, ds, dz, primal, dual)[0] / count
        target = mean * min(1.0, (ahead / mean) ** 3)
        bends(p, f, dp, ds, dz, bend_s, bend_z)
        newton_weights(p, s, f, z, target, bend_s, bend_z, D, h)
        dv = form.move(D, h, r)
        primal, dual = newton_moves(p, s, f, z, target, bend_s, bend_z, dv, dp, ds, dz)
        primal, dual = min(1.0, NEARLY * primal), min(1.0, NEARLY * dual)
        if gap <= DONE or not (np.isfinite(dv).all() and max(primal, dual) > 1e-6):
            break
        advance(p, s, f, z, dp, ds, dz, primal, dual)
        v += dual * dv
    x, nu = p[0] - p[1], form.dual(v)
    last = vertex(A, y, x, nu, _ripe(A.shape, x, D, 0.0), f, True)
    return next((found for found in (last, (x, nu)) if found is not None and accept(*found)), last or pair or (x, nu))


def _pivoted(form: RowForm | NullForm, A: np.ndarray, y: np.ndarray, x: np.ndarray, D: np.ndarray) -> Pair | None:
    """The pair at an optimal vertex, by the simplex method from the columns where D is largest; None if that fails."""
    order = np.argsort(-D, kind="stable")
    basic, other = np.sort(order[: y.size]), np.sort(order[y.size :])
    start = form.tableau(x, y, basic, other)
    if start is None or not descend(*start, basic, other, y.size):
        return None
    if isinstance(form, NullForm):
        return form.corner(A, y, start[0], basic, other)
    found = fit(A[:, basic], y, np.zeros_like(y))
    if found is None:
        return None
    out = np.zeros(x.size)
    out[basic] = found[0]
    return out, found[1]


def _ripe(shape: tuple[int, int], x: np.ndarray, D: np.ndarray, gap: float) -> np.ndarray:
    """The support as it looks, if it is worth a try: a small one, or one that had time to settle; else none."""
    m = shape[0]
    chosen = np.flatnonzero(np.abs(x).mean() < D)
    if gap > 0.3 or (chosen.size > 0.9 * m and gap > PIVOT):
        return np.zeros(0, dtype=np.intp)
    if chosen.size > 0.9 * m and gap > SETTLED:
        return np.sort(np.argsort(-D, kind="stable")[:m])
    return chosen
