r"""Of all dual vectors that meet the signs the one with the least correlation off the support, and what proves it least.

    min_nu max_{j not in S} |a_j^H nu|   s.t. A_S^H nu = s,      nu = nu_0 + Q z,   Q an orthonormal basis of range(A_S)^perp

The dual is a null vector of A: u off the support, h_S = -A_S^+ A u on it, and -Re(s^H h_S) / ||u||_1 is a lower bound. Where
there are many more columns than freedom, only those where the correlation is large take part, and those that come to exceed
them are added: a bound below holds for any part of the columns, and the value above is always that of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._on_support import ROUNDING, OnSupport
from sparsecs.kernels.chebyshev import least_maximum
from sparsecs.operators.base import vector_norms

EARLY = (
    1.03  # within this of the bound below, a part of the columns has said enough, and those that exceed it are added
)
SMALL = 1e-3  # of a vector v, whose size tends to one unless the least value is zero: below, it may be rounding
PART = 4  # columns a degree of freedom, to begin with


@dataclass(eq=False)
class Search:
    """The best dual vector so far and the best bound below.

    Parameters
    ----------
    frame : OnSupport
    signs : (k,) array
    w : (m,) array
        c nu that meets the signs.
    decide : bool
        Whether to stop as soon as it is known on which side of one the least value lies.
    budget : Budget
    """

    frame: OnSupport
    signs: np.ndarray
    w: np.ndarray
    decide: bool
    budget: Budget
    lower: float = 0.0
    direction: np.ndarray | None = None  # that attains it, (n,)

    def __post_init__(self) -> None:
        self.all = self.frame.products(self.w)
        self.value, self.worst = largest(self.all, self.frame.off)
        self.slack = max(ROUNDING, float(np.abs(self.frame.misfit(self.w, self.signs)).max(initial=0)))

    @property
    def done(self) -> bool:
        """Whether nothing more is asked, or time is up."""
        if self.budget.spent():
            return True
        if self.decide and (self.value < 1 - self.slack or self.lower >= 1 - self.slack):
            return True
        return self.value - self.lower <= ROUNDING / 10 * max(1.0, self.value)

    def run(self) -> None:
        """Improve both until they agree, or are known well enough."""
        free = complement(self.frame.basis)
        left, size = np.flatnonzero(self.frame.off), PART * max(free.shape[1], 64)
        if left.size > 2 * size:
            left = self._foremost(left, self.all, size)
        while not self.done and np.isfinite(self.value):
            before = self.value
            top, values = self._with(left, free)
            over = np.where(self.frame.off, np.abs(values), 0.0)
            over[left] = 0
            near = (
                top / EARLY if over.max() > top * (1 + ROUNDING / 10) else np.inf
            )  # with those that exceed it the next ones
            fresh = self._foremost(np.flatnonzero(over > near), over, size // 2)
            if fresh.size == 0 and self.value > before / 2:
                return
            left = np.concatenate(
                [left, fresh]
            )  # the same again where the value fell a lot: a new start has less rounding

    @staticmethod
    def _foremost(positions: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
        return positions[np.argsort(-np.abs(values[positions]), kind="stable")[:size]]

    def _with(self, chosen: np.ndarray, free: np.ndarray) -> tuple[float, np.ndarray]:
        """Fit the chosen columns, from the best dual vector; the largest of their correlations, and those of all."""
        part = np.asarray(self.frame.operator.columns(chosen), dtype=self.frame.dtype) / self.frame.c
        B = part.conj().T @ free
        fixed = vector_norms(B.conj().T) <= self.frame.bar * vector_norms(part)  # what no nu can change
        B[fixed] = 0
        Q, lengths, free = orthonormal(B, free, self.frame.bar)
        # first the least squares of correlations relative to the columns' lengths
        self._try(self.w - free @ (Q.conj().T @ (self.all[chosen] / lengths)))
        base, b, top, values = self.w, self.all[chosen], np.inf, self.all
        for z, v in least_maximum(b, Q * lengths[:, None]):
            scaled = v * lengths
            self._bound(chosen, part, b, (scaled - Q @ (Q.conj().T @ scaled)) / lengths)
            here = float(np.abs(b + lengths * (Q @ z)).max(initial=0))
            if here < min(top, self.value):
                top, values = here, self._try(base + free @ z)
            missed = np.abs(values[self.frame.off]).max(initial=0) > EARLY * top
            if self.done or (missed and top <= EARLY * self.lower):
                break
        return top, values

    def _try(self, w: np.ndarray) -> np.ndarray:
        """Take w for the best if it is; its correlations with all columns."""
        w = self.frame.corrected(w, self.signs)
        values = self.frame.products(w)
        value, worst = largest(values, self.frame.off)
        if value < self.value:
            self.w, self.all, self.value, self.worst = w, values, value, worst
        return values

    def _bound(self, chosen: np.ndarray, part: np.ndarray, b: np.ndarray, v: np.ndarray) -> None:
        size = float(np.abs(v).sum())
        if size < SMALL or -np.vdot(b, v).real <= self.lower * size:
            return
        u = -v / size
        h = np.zeros(self.frame.off.size, dtype=self.frame.dtype)
        h[chosen] = u
        h[self.frame.support] = -self.frame.coefficients(part @ u)
        self.lower, self.direction = float(-np.vdot(self.signs, h[self.frame.support]).real), h


def largest(values: np.ndarray, off: np.ndarray) -> tuple[float, int | None]:
    """The largest modulus off the support and where it is; zero and None if there is no column there."""
    sizes = np.where(off, np.abs(values), -1.0)
    worst = int(np.argmax(sizes))
    return (float(sizes[worst]), worst) if off.any() else (0.0, None)


def complement(basis: np.ndarray) -> np.ndarray:
    """An orthonormal basis of all that is orthogonal to one."""
    return np.linalg.qr(basis, mode="complete")[0][:, basis.shape[1] :]


def orthonormal(B: np.ndarray, free: np.ndarray, bar: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """B as diag(lengths) Q with orthonormal Q, in coordinates that go with the new ``free``.

    Rows are brought to unit length before anything is judged, so that short columns of A count as much as long ones.
    """
    from scipy.linalg import solve_triangular

    lengths = vector_norms(B.conj().T)
    lengths[lengths == 0] = 1.0
    unit = B / lengths[:, None]
    Q, R = np.linalg.qr(unit)
    pivots = np.abs(np.diag(R))
    if B.shape[1] <= B.shape[0] and (pivots > 1e-6 * pivots.max(initial=0)).all():
        return Q, lengths, solve_triangular(R, free.T, trans="T").T if pivots.size else free
    Q, values, right = np.linalg.svd(unit, full_matrices=False)
    rank = int(np.count_nonzero(values > bar * values.max(initial=0)))
    return Q[:, :rank], lengths, free @ (right[:rank].conj().T / values[:rank])
