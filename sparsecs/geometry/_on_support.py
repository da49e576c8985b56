r"""The columns of one support at unit length, factored once: what all conditions of one support are made of.

    A_S = N C,  C = diag(|a_i|),  N = Q R,        A_S^+ = C^{-1} R^{-1} Q^H,        nu = Q R^{-H} C^{-1} s

Norms are divided out before anything is judged, so columns ten decades apart count alike: it is unit columns that depend on
each other or not. A dual vector is held as w = c nu, c the shortest column, so that it neither overflows nor underflows. Of
A only the columns of the support are formed; the others are met in products with A^H.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sparsecs.core.checks import distinct, finite, indices, vector
from sparsecs.operators.base import Operator, vector_norms
from sparsecs.operators.door import as_operator

ROUNDING = 1e-9  # a value nearer to one than this counts as one
EPS = float(np.finfo(float).eps)
TILE = 2**22  # entries of one tile of products


class OnSupport:
    """What is known of the columns of a support.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    support : positions, or a mask
    complex_data : bool
        Whether coefficients are complex although A may be real.

    Attributes
    ----------
    unit : (m, k) array
        The columns at unit length, in double precision; zero where a column is.
    lengths, c : (k,) array, float
        Their norms, and the least of them that is not zero.
    injective : bool
        Whether no combination of the columns vanishes.
    basis : (m, r) array
        Orthonormal, of their span.
    off : (n,) array of bool
        The columns outside the support.
    """

    def __init__(self, A: Any, support: Any, complex_data: bool = False) -> None:
        self.operator: Operator = as_operator(A)
        m, n = self.operator.shape
        self.support = distinct(indices(support, "support", n), "support")
        self.dtype = np.result_type(self.operator.dtype, np.complex128 if complex_data else np.float64)
        part = finite(np.asarray(self.operator.columns(self.support), dtype=self.dtype), "A[:, support]")
        norms = vector_norms(part)
        live = norms >= np.finfo(float).tiny
        self.c = float(norms[live].min()) if live.any() else 1.0
        self.lengths = np.where(live, norms, self.c)
        self.unit = np.where(live, part / self.lengths, 0)
        self.bar = 100 * max(m, norms.size) ** 0.5 * float(np.finfo(self.operator.dtype).eps)
        self.off = np.ones(n, dtype=bool)
        self.off[self.support] = False
        self._factor(bool(live.all()))

    def _factor(self, live: bool) -> None:
        m, k = self.unit.shape
        self.basis, self._R = np.linalg.qr(self.unit)
        self.injective = k == 0
        if live and 0 < k <= m:
            self.injective = bool(np.linalg.svd(self._R, compute_uv=False)[-1] > self.bar)
        if not self.injective:
            left, values, self._right = np.linalg.svd(self._R)
            rank = int(np.count_nonzero(values > self.bar))
            self.basis, self._values = self.basis @ left[:, :rank], values[:rank]

    def signs(self, given: Any) -> np.ndarray:
        """Signs as numbers of modulus one, in the order of the support."""
        k = self.support.size
        found = vector(given, "signs", k, f"the support has {k} columns")
        bad = np.abs(np.abs(found) - 1) > 1e-6
        if bad.any():
            j = int(np.argmax(bad))
            raise ValueError(
                f"signs must be +1 or -1, or complex numbers of modulus one, such as x / abs(x) on the support; entry {j} "
                f"is {found[j]:.6g}."
            )
        kept = found if self.dtype.kind == "c" else found.real
        return np.asarray(kept / np.abs(kept), dtype=self.dtype)

    def shortest_dual(self, signs: np.ndarray) -> np.ndarray:
        """c times the shortest nu with A_S^H nu = signs, or that comes nearest to it: an (m,) array."""
        return self.corrected(self.corrected(np.zeros(self.unit.shape[0], dtype=self.dtype), signs), signs)

    def corrected(self, w: np.ndarray, signs: np.ndarray) -> np.ndarray:
        """w moved by the least that lets it meet the signs; a second time takes off what rounding left."""
        return w + self._raised(signs * (self.c / self.lengths) - self.unit.conj().T @ w)

    def _raised(self, goal: np.ndarray) -> np.ndarray:
        """The shortest w with N^H w = goal; of an (k, p) array for each column."""
        if self.injective:
            return self.basis @ self._solved(goal, adjoint=True)
        ratio = (self._right[: self._values.size] @ goal).T / self._values
        return self.basis @ ratio.T

    def _solved(self, right: np.ndarray, adjoint: bool = False) -> np.ndarray:
        from scipy.linalg import solve_triangular

        return solve_triangular(self._R, right, trans="C" if adjoint else "N") if right.size else right

    def misfit(self, w: np.ndarray, signs: np.ndarray) -> np.ndarray:
        """a_i^H nu - s_i on the support, a (k,) array."""
        return (self.unit.conj().T @ w) * (self.lengths / self.c) - signs

    def coefficients(self, y: np.ndarray) -> np.ndarray:
        """A_S^+ (c y), a (k,) array, for an (m,) array y."""
        return self._fitted(self.basis.conj().T @ y) * (self.c / self.lengths)

    def _fitted(self, image: np.ndarray) -> np.ndarray:
        """N^+ y from the part of y in the basis."""
        if self.injective:
            return self._solved(image)
        return self._right[: self._values.size].conj().T @ (image / self._values)

    def vanishing(self, w: np.ndarray, signs: np.ndarray) -> np.ndarray | None:
        """h on the support with A_S h = 0 along which ``||x + e h||_1`` does not rise, a (k,) array; None if there is none.

        Where the nearest nu misses the signs, the misfit itself is such an h. Else Re(s^H h) = 0 for every combination that
        vanishes, and h must be a real multiple of the sign in every entry: |x_i + e h_i| rises, to second order, in others.
        """
        if self.injective:
            return None
        if not self.meets(w, signs):
            null = self._right[self._values.size :]
            parts = -null.conj().T @ (null @ (signs * (self.c / self.lengths)))
        else:
            turned = self.unit * signs
            rows = np.vstack([turned.real, turned.imag]) if np.iscomplexobj(turned) else turned
            _, values, right = np.linalg.svd(np.linalg.qr(rows, mode="r"))
            if values.size == signs.size and values[-1] > self.bar:
                return None
            parts = signs * right[-1]
        parts[np.abs(parts) <= self.bar * np.abs(parts).max()] = 0
        h = parts * (self.c / self.lengths)
        return h / np.abs(h).sum()

    def meets(self, w: np.ndarray, signs: np.ndarray) -> bool:
        """Whether A_S^H nu = signs, to rounding."""
        unit = 64 * self.unit.shape[0] ** 0.5 * EPS * float(np.linalg.norm(w))
        return bool((np.abs(self.misfit(w, signs)) <= ROUNDING + unit * (self.lengths / self.c)).all())

    def products(self, w: np.ndarray) -> np.ndarray:
        """A^H nu, an (n,) array, for w = c nu."""
        with np.errstate(over="ignore"):
            return finite(adjoint_times(self.operator, w[:, None])[:, 0], "A^H nu") / self.c

    def pseudo_inverse_rows(self, unit: bool) -> Iterator[np.ndarray]:
        """The moduli of A_S^+ A, a tile of its rows at a time, as (n, tile) arrays; with ``unit`` those of N^+ A."""
        k, width = self.support.size, max(1, TILE // self.operator.shape[1])
        for start in range(0, k, width):
            part = np.arange(start, min(start + width, k))
            rows = self._raised(np.eye(k, dtype=self.dtype)[:, part])
            with np.errstate(over="ignore"):
                yield np.abs(adjoint_times(self.operator, rows)) / (1.0 if unit else self.lengths[part])


def framed(A: Any, support: Any, signs: Any) -> tuple[OnSupport, np.ndarray]:
    """The columns of a support, and its signs; complex if either is, real if only their kind is."""
    frame = OnSupport(A, support, np.iscomplexobj(signs) and bool(np.any(np.imag(signs))))
    return frame, frame.signs(signs)


def adjoint_times(operator: Operator, Y: np.ndarray) -> np.ndarray:
    """A^H Y, (n, p); a real operator sees real arrays only."""
    if np.iscomplexobj(Y) and operator.dtype.kind != "c":
        return operator.rmatmat(np.ascontiguousarray(Y.real)) + 1j * operator.rmatmat(np.ascontiguousarray(Y.imag))
    return operator.rmatmat(Y)
