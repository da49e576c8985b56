r"""Newton's equations of the interior-point method for basis pursuit, and what else the same factorisations give.

    A D A^T dnu = r - A h,   dx = h + D A^T dnu            or, with A N = 0,            N^T D^{-1} N z = N^T D^{-1} h,   dx = N z

The m equations on the left cost m^2 n operations, the n - m on the right (n - m)^2 m: the cheaper system is taken.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

DEPENDENT = (
    1e-6  # of the largest pivot: below, the rows are taken for dependent; the squares of such pivots are rounding
)
ROWS = 0.4  # up to this m / n the m equations are the cheaper ones

Pair = tuple[np.ndarray, np.ndarray]


class RowForm:
    """Newton's equations as m equations for dnu."""

    def __init__(self, A: np.ndarray) -> None:
        self._A = A
        self._scaled, self._gram = np.empty(A.shape), np.empty((A.shape[0], A.shape[0]))
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

        scaled = np.multiply(self._A, np.sqrt(D), out=self._scaled)
        gram = np.matmul(scaled, scaled.T, out=self._gram)
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

    def tableau(self, x: np.ndarray, y: np.ndarray, basic: np.ndarray, other: np.ndarray) -> Pair | None:
        """B^{-1} A_N and B^{-1} y; None if the columns B depend on each other."""
        from scipy.linalg.lapack import dgetrf, dgetrs

        LU, order, trouble = dgetrf(self._A[:, basic])
        pivots = np.abs(LU.diagonal())
        if trouble or not pivots.min() > DEPENDENT * pivots.max():
            return None
        return np.ascontiguousarray(dgetrs(LU, order, self._A[:, other])[0]), dgetrs(LU, order, y)[0]

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
        places = list(range(n))
        for i, j in enumerate(swaps.tolist()):
            places[i], places[j] = places[j], places[i]
        order = np.array(places)
        self._basic, self._free = order[:m], order[m:]
        K = -dtrsm(1.0, self._square, LU[m:], side=1, lower=1, diag=1)  # x_basic = K^T x_free, at unit columns
        self._K = np.ascontiguousarray(K.T * self._scale[self._basic, None] / self._scale[self._free])
        self._scaled, self._gram = np.empty_like(self._K), np.empty((n - m, n - m))

    @cached_property
    def _N(self) -> np.ndarray:
        """The basis of the null space itself, (n, n - m)."""
        N = np.zeros((self._scale.size, self._free.size))
        N[self._basic] = self._K
        N[self._free, np.arange(self._free.size)] = 1
        return N

    def start(self, y: np.ndarray) -> np.ndarray:
        """The x of least norm, in units in which all columns have norm 1."""
        D = self._scale**2
        self.factor(D)
        return D * self.move(D, np.zeros_like(D), y)

    def factor(self, D: np.ndarray) -> None:
        from scipy.linalg.lapack import dpotrf

        self._E = np.where(D > 0, 1 / np.where(D > 0, D, 1), 0)
        scaled = np.multiply(self._K, np.sqrt(self._E[self._basic])[:, None], out=self._scaled)
        gram = np.matmul(scaled.T, scaled, out=self._gram)
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

    def tableau(self, x: np.ndarray, y: np.ndarray, basic: np.ndarray, other: np.ndarray) -> Pair | None:
        """B^{-1} A_N and B^{-1} y; None if the columns B depend on each other."""
        from scipy.linalg.lapack import dgetrf, dgetrs

        LU, order, trouble = dgetrf(self._N[other])
        pivots = np.abs(LU.diagonal())
        if trouble or not pivots.min() > DEPENDENT * pivots.max():
            return None
        rows = dgetrs(LU, order, self._N[basic].T, trans=1, overwrite_b=1)[0]
        np.negative(rows, out=rows)
        return rows.T, x[basic] + rows.T @ x[other]

    def corner(self, A: np.ndarray, y: np.ndarray, T: np.ndarray, basic: np.ndarray, other: np.ndarray) -> Pair:
        """The pair at a vertex with its tableau, refined twice: cheaper than to factor A_B anew."""
        part, x, nu = A[:, basic], np.zeros(basic.size), np.zeros_like(y)
        for _ in range(3):
            whole = self._particular(y - part @ x)
            x += whole[basic] + T @ whole[other]
        signs, v = np.sign(x), np.zeros(A.shape[1])
        for _ in range(3):
            v[basic] = signs - nu @ part
            v[other] = v[basic] @ T
            nu = nu + self.dual(v)
        out = np.zeros(A.shape[1])
        out[basic] = x
        return out, nu

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
