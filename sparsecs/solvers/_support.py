"""What the greedy methods share: columns at unit length, products with sparse arrays, and least squares on some columns.

Methods that refit rank columns by correlations and coefficients, so they work in coordinates in which every column has norm
1; columns of any norm compete on equal terms, and zero columns never win. Columns once gathered, and their inner products,
are held while they are asked for again: from one step to the next a support changes by a few columns only.
"""

from __future__ import annotations

import numpy as np

from sparsecs.kernels.triangular import backward, forward
from sparsecs.problems.problem import Problem
from sparsecs.solvers._blocks import block_sizes, largest_blocks, members_of

WORTH = 2**20  # bytes of a matrix below which a whole product costs less than gathering columns


class Columns:
    """The columns of a problem's A, and the blocks in which they are chosen.

    Parameters
    ----------
    problem : Problem
    unit : bool
        Whether columns are brought to unit length; if not, all is in coordinates of A itself.

    Attributes
    ----------
    live : (n,) array of bool
        Which columns can be chosen: those whose length has a reciprocal.
    regular : bool
        Whether the columns of the last fit were far from depending on each other.
    """

    def __init__(self, problem: Problem, unit: bool = True) -> None:
        self._A, self._groups = problem.operator, problem.groups
        m, n = problem.shape
        self.live = np.ones(n, dtype=bool)
        self._weights: np.ndarray | None = None
        if unit:
            norms = self._A.column_norms()
            self.live = norms >= np.finfo(norms.dtype).tiny
            self._weights = np.divide(1, norms, out=np.zeros_like(norms), where=self.live)
        self._all_live = bool(self.live.all())
        self._gathers = self._A.at_hand is not None and self._A.nbytes_dense > WORTH
        self._held = np.empty((m, 0), dtype=self._A.dtype, order="F")  # columns at hand, in any order
        self._names = np.zeros(0, dtype=np.intp)  # which these are
        self._place = np.full(n, -1)  # where a column is among them
        self._gram: np.ndarray | None = None  # their inner products, from the first fit on
        self.regular = True

    def correlations(self, residual: np.ndarray) -> np.ndarray:
        """The inner products with a residual, (n,) or (n, p); zero for zero columns."""
        return self.answer(self._A.rmatvec(residual) if residual.ndim == 1 else self._A.rmatmat(residual))

    def answer(self, coefficients: np.ndarray) -> np.ndarray:
        """Coefficients of the unit columns as coefficients of A."""
        if self._weights is None:
            return coefficients
        return coefficients * (self._weights if coefficients.ndim == 1 else self._weights[:, None])

    def sizes(self, values: np.ndarray) -> np.ndarray:
        """The sizes of all blocks of an (n,) or (n, p) array; zero columns have no part in them."""
        if not self._all_live:
            values = np.where(self.live if values.ndim == 1 else self.live[:, None], values, 0)
        return block_sizes(values, self._groups)

    def widths(self) -> np.ndarray:
        """How many live columns each block has."""
        return self.live.astype(int) if self._groups is None else np.bincount(self._groups, self.live).astype(int)

    def members(self, blocks: np.ndarray) -> np.ndarray:
        """The live columns of some blocks, in order."""
        found = members_of(blocks, self._groups)
        return found if self._all_live else found[self.live[found]]

    def best(self, values: np.ndarray, k: int, room: int | None = None) -> np.ndarray:
        """The live columns, in order, of at most k blocks where ``values`` are largest; see ``largest``."""
        return self.members(self.largest(self.sizes(values), k, room))

    def largest(self, sizes: np.ndarray, k: int, room: int | None = None) -> np.ndarray:
        """The at most k largest blocks, in order; with ``room`` only so many as have that many columns, but one at least."""
        blocks = largest_blocks(sizes, k)
        if room is None or self.members(blocks).size <= room:
            return blocks
        falling = blocks[np.argsort(-sizes[blocks], kind="stable")]
        counts = np.cumsum([self.members(falling[i : i + 1]).size for i in range(falling.size)])
        return np.sort(falling[: max(int(np.searchsorted(counts, room, side="right")), 1)])

    def inner(self, residual: np.ndarray, support: np.ndarray) -> np.ndarray:
        """The inner products of the columns of a support with a residual, zero elsewhere: (n,) or (n, p)."""
        self._hold(support)
        return self.spread((self._part.conj().T @ residual)[self._place[support]], support)

    def one(self, j: int) -> np.ndarray:
        """A single column, (m,)."""
        column = self._A.columns(np.array([j]))[:, 0]
        return column if self._weights is None else column * self._weights[j]

    def spread(self, values: np.ndarray, support: np.ndarray) -> np.ndarray:
        """Values of the columns of a support, in any order, and zero elsewhere: (n,) or (n, p)."""
        out = np.zeros((self.live.size, *values.shape[1:]), dtype=values.dtype)
        out[support] = values
        return out

    def fit(self, y: np.ndarray, support: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Least squares on a support: coefficients of the unit columns, (n,) or (n, p), and the residual.

        Of all best coefficients the shortest.
        """
        self._hold(support)
        self.regular = False
        if 0 < support.size <= y.shape[0]:
            found = self._by_normal_equations(y, support)
            if found is not None:
                self.regular = True
                return found, y - self._measured(found)
        part = self._part[:, self._place[support]]
        values = by_orthogonal_columns(part, y)
        return self.spread(values, support), y - part @ values

    def image(self, values: np.ndarray, support: np.ndarray) -> np.ndarray:
        """What values, zero outside a support, measure: (m,) or (m, p)."""
        costly = not self._gathers or 4 * support.size > self.live.size
        if costly and (support.size == 0 or (self._place[support] < 0).any()):
            return self._A @ self.answer(values)
        self._hold(support)
        return self._measured(values)

    def independent(self, support: np.ndarray) -> np.ndarray:
        """The columns of a support, in any order, that do not depend on those before them; in order."""
        self._hold(support)
        part = self._part[:, self._place[support]]
        far = np.abs(np.diag(np.linalg.qr(part, mode="r"))) > dependence(part)
        return np.sort(support[: far.size][far])

    def _by_normal_equations(self, y: np.ndarray, support: np.ndarray) -> np.ndarray | None:
        """The coefficients that fit y best; None if they depend too much on rounding.

        They are corrected once with the residual, and a small correction proves that no digits are missing (Björck,
        Numerical Methods for Least Squares Problems, 1996).
        """
        adjoint, where = self._part.conj().T, self._place[support]
        if self._gram is None:
            self._gram = adjoint @ self._part
        try:
            L = np.linalg.cholesky(self._gram[np.ix_(where, where)])
        except np.linalg.LinAlgError:
            return None
        found = solved(L, (adjoint @ y)[where])
        left = y - self._measured(self.spread(found, support))
        correction = solved(L, (adjoint @ left)[where])
        if not np.linalg.norm(correction) <= np.sqrt(np.finfo(y.dtype).eps) * np.linalg.norm(found):
            return None
        return self.spread(found + correction, support)

    @property
    def _part(self) -> np.ndarray:
        return self._held[:, : self._names.size]

    def _measured(self, values: np.ndarray) -> np.ndarray:
        """What values, zero for columns that are not at hand, measure."""
        return self._part @ values[self._names]

    def _hold(self, support: np.ndarray) -> None:
        """Gather those columns of a support that are not at hand, in place of others that are not of it."""
        missing = support[self._place[support] < 0]
        if missing.size == 0:
            return
        kept = np.zeros(self.live.size, dtype=bool)
        kept[support] = True
        old = self._names.size
        slots = np.flatnonzero(~kept[self._names])[: missing.size]
        slots = np.concatenate([slots, np.arange(old, old + missing.size - slots.size)])
        self._place[self._names[slots[slots < old]]] = -1
        self._names = np.concatenate([self._names, np.zeros((slots >= old).sum(), dtype=np.intp)])
        if self._names.size > self._held.shape[1]:
            larger = np.empty((self._held.shape[0], max(self._names.size, 2 * old)), dtype=self._held.dtype, order="F")
            larger[:, :old] = self._held[:, :old]
            self._held = larger
        self._names[slots], self._place[missing] = missing, slots
        fresh = self._A.columns(missing)
        self._held[:, slots] = fresh if self._weights is None else fresh * self._weights[missing]
        if self._gram is not None:
            self._gram = self._renewed(self._gram, slots)

    def _renewed(self, gram: np.ndarray, slots: np.ndarray) -> np.ndarray:
        """The inner products, some of whose columns are new."""
        size = self._names.size
        if gram.shape[0] < size:
            larger = np.empty((size, size), dtype=gram.dtype)
            larger[: gram.shape[0], : gram.shape[0]] = gram
            gram = larger
        cross = self._held[:, slots].conj().T @ self._part
        gram[slots], gram[:, slots] = cross, cross.conj().T
        return gram


def dependence(part: np.ndarray) -> float:
    """How far a unit column must be from the span of others not to depend on them, to rounding."""
    return 1e3 * part.shape[0] * float(np.finfo(part.dtype).eps)


def solved(L: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The solution of L Lᴴ z = right, for one right-hand side or several."""
    columns = np.ascontiguousarray(right.reshape(right.shape[0], -1))
    return backward(L, forward(L, columns)).reshape(right.shape)


def by_orthogonal_columns(part: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The coefficients that fit y best, of all such the shortest; by QR unless columns depend on each other."""
    m, k = part.shape
    if 0 < k <= m:
        Q, R = np.linalg.qr(part)
        pivots = np.abs(np.diag(R))
        if pivots.min() > dependence(part) * pivots.max():
            return np.linalg.solve(R, Q.conj().T @ y)
    return np.linalg.lstsq(part, y, rcond=None)[0]
