r"""Basis pursuit by a primal-dual interior-point method that ends as soon as its guess of the support is proven right.

    A D A^T dnu = r - A h,   dx = h + D A^T dnu            or, with A N = 0,            N^T D^{-1} N z = N^T D^{-1} h,   dx = N z

Each step is Mehrotra's predictor and corrector (1992), at one Cholesky factorisation. The m equations on the left cost
m^2 n operations, the n - m on the right (n - m)^2 n: the smaller system is taken. Where the answer is sparse three steps are
enough for the guess, where it has m nonzeros eight or nine. Ties do no harm: the method runs to the middle of all optimal pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sparsecs.kernels.interior_point import advance, bends, complementarity, newton_moves, newton_weights
from sparsecs.solvers._vertex import fit, vertex

STEPS, DONE = 60, 1e-12
SETTLED = 1e-7  # a relative gap at which columns that are still in use belong to an answer
ROWS = 0.4  # up to this m / n the m equations are the cheaper ones
ROUNDING = 1e-13  # of y: a residual that needs no mending on the way
NEARLY = 0.995  # how far to go towards the edge
DEPENDENT = (
    1e-6  # of the largest pivot: below, the rows are taken for dependent; the squares of such pivots are rounding
)

Pair = tuple[np.ndarray, np.ndarray]


class RowForm:
    """Newton's equations as m equations for dnu."""

    def __init__(self, A: np.ndarray) -> None:
        self._A = A
        squares = np.einsum("ij,ij->j", A, A)
        self._plain = 1 / np.where(squares > 0, squares, np.inf)
        self.factor(self._plain)
        pivots = np.diag(self._L)
        if not pivots.min() > DEPENDENT * pivots.max():
            raise np.linalg.LinAlgError("dependent rows")
        self._first = self._L

    def start(self, y: np.ndarray) -> np.ndarray:
        """The x of least norm, in units in which all columns have norm 1."""
        return self._plain * (self._solve(self._first, y) @ self._A)

    def factor(self, D: np.ndarray) -> None:
        from scipy.linalg.lapack import dpotrf

        scaled = self._A * np.sqrt(D)
        gram = scaled @ scaled.T
        top = gram.diagonal().max()
        for shift in (0.0, 1e-14, 1e-12, 1e-10):  # late in the run, D lives on a few columns
            gram.flat[:: gram.shape[0] + 1] += shift * top
            self._L, trouble = dpotrf(gram.T, lower=1)
            if not trouble:
                return
        raise np.linalg.LinAlgError("dependent rows")

    def move(self, D: np.ndarray, h: np.ndarray, r: np.ndarray) -> np.ndarray:
        """A^T dnu."""
        return self._solve(self._L, r - self._A @ h) @ self._A

    def plausible(self, x: np.ndarray, support: np.ndarray) -> bool:
        """Whether a vertex with these columns may be optimal; there is no cheaper way to see than to go there."""
        return True

    def dual(self, v: np.ndarray) -> np.ndarray:
        """The nu with A^T nu = v."""
        return self._solve(self._first, self._A @ (self._plain * v))

    @staticmethod
    def _solve(L: np.ndarray, b: np.ndarray) -> np.ndarray:
        from scipy.linalg.lapack import dpotrs

        return dpotrs(L, b, lower=1)[0]


class NullForm:
    """Newton's equations as n - m equations on the null space of A, whose basis comes from an LU factorisation of A^T."""

    def __init__(self, A: np.ndarray) -> None:
        from scipy.linalg.blas import dtrsm
        from scipy.linalg.lapack import dgetrf

        m, n = A.shape
        norms = np.sqrt(np.einsum("ij,ij->j", A, A))
        self._scale = 1 / np.where(norms > 0, norms, np.inf)
        LU, swaps, _ = dgetrf((A * self._scale).T)
        self._square = np.asfortranarray(LU[:m])
        pivots = np.abs(np.diag(self._square))
        if not pivots.min() > DEPENDENT * pivots.max():
            raise np.linalg.LinAlgError("dependent rows")
        order = np.arange(n)
        for i, j in enumerate(swaps):
            order[i], order[j] = order[j], order[i]
        self._basic, self._free = order[:m], order[m:]
        K = -dtrsm(1.0, self._square, LU[m:], side=1, lower=1, diag=1)  # x_basic = K^T x_free, at unit columns
        self._K = np.ascontiguousarray(K.T * self._scale[self._basic, None] / self._scale[self._free])
        self._N = np.zeros((n, n - m))
        self._N[self._basic] = self._K
        self._N[self._free, np.arange(n - m)] = 1

    def start(self, y: np.ndarray) -> np.ndarray:
        """The x of least norm, in units in which all columns have norm 1."""
        D = self._scale**2
        self.factor(D)
        return D * self.move(D, np.zeros_like(D), y)

    def factor(self, D: np.ndarray) -> None:
        from scipy.linalg.lapack import dpotrf

        self._E = np.where(D > 0, 1 / np.where(D > 0, D, 1), 0)
        scaled = self._K * np.sqrt(self._E[self._basic])[:, None]
        gram = scaled.T @ scaled
        gram.flat[:: gram.shape[0] + 1] += self._E[self._free]
        self._L, trouble = dpotrf(gram.T, lower=1, overwrite_a=1)
        if trouble:
            raise np.linalg.LinAlgError("dependent rows")

    def move(self, D: np.ndarray, h: np.ndarray, r: np.ndarray) -> np.ndarray:
        """A^T dnu."""
        from scipy.linalg.lapack import dpotrs

        step = self._particular(r) - h if r.any() else -h
        slope = self._E * step
        z = -dpotrs(self._L, slope[self._free] + slope[self._basic] @ self._K, lower=1)[0]
        step[self._free] += z
        step[self._basic] += self._K @ z
        return self._E * step

    def dual(self, v: np.ndarray) -> np.ndarray:
        """The nu with A^T nu = v."""
        from scipy.linalg.blas import dtrsv

        right = (self._scale * v)[self._basic]
        return dtrsv(self._square, dtrsv(self._square, right, lower=1, diag=1))

    def plausible(self, x: np.ndarray, support: np.ndarray) -> bool:
        """Whether a vertex with these m columns is optimal, roughly: a question on the n - m others."""
        from scipy.linalg.lapack import dgetrf, dgetrs

        if support.size != self._basic.size:
            return True
        others = np.ones(x.size, dtype=bool)
        others[support] = False
        LU, order, trouble = dgetrf(self._N[others])
        if trouble:
            return False
        ends = x - self._N @ dgetrs(LU, order, x[others])[0]
        ends[others] = 0
        v = dgetrs(LU, order, np.sign(ends) @ self._N, trans=1)[0]
        return bool(np.abs(v).max(initial=0) <= 1 + 1e-6)

    def _particular(self, r: np.ndarray) -> np.ndarray:
        from scipy.linalg.blas import dtrsv

        x = np.zeros(self._scale.size)
        x[self._basic] = dtrsv(self._square, dtrsv(self._square, r, trans=1), trans=1, lower=1, diag=1)
        return self._scale * x


def equations(A: np.ndarray) -> RowForm | NullForm | None:
    """Newton's equations for A, (m, n) without zero columns; None if its rows depend on each other, or nearly.

    Also None if A is square or tall, or complex.
    """
    m, n = A.shape
    if m >= n or np.iscomplexobj(A):
        return None
    try:
        return NullForm(A) if m > ROWS * n else RowForm(A)
    except np.linalg.LinAlgError:
        return None


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
    tried, pair, gap = np.zeros(0, dtype=np.intp), None, np.inf
    for step in range(STEPS):
        total, count = complementarity(p, s, f, z, zero, zero, zero, 0.0, 0.0)
        newton_weights(p, s, f, z, 0.0, zero, zero, D, h)
        gap, mean = total / max(p.sum(), 1e-300), total / count
        support = _ripe(A.shape, p[0] - p[1], D, gap) if step >= 2 else tried
        if not np.array_equal(support, tried):
            tried, x = support, p[0] - p[1]
            if gap < SETTLED or np.isfinite(f).any() or form.plausible(x, support):
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


def _ripe(shape: tuple[int, int], x: np.ndarray, D: np.ndarray, gap: float) -> np.ndarray:
    """The support as it looks, if it is worth a try: a small one, or one that had time to settle; else none."""
    m = shape[0]
    chosen = np.flatnonzero(np.abs(x).mean() < D)
    if gap > 0.3 or (chosen.size > 0.9 * m and gap > m**-1.5):
        return np.zeros(0, dtype=np.intp)
    if chosen.size > m and gap > SETTLED:
        return np.sort(chosen[np.argsort(-D[chosen], kind="stable")[:m]])
    return chosen
