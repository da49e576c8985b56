r"""Supports of a block-circulant matrix on which the eigenvalues of A_S^H A_S are extreme, found by growing and swapping.

A support S with the extreme eigenvalue λ and unit eigenvector v takes the column j for which the 2 × 2 matrix
[[λ, c_j], [conj(c_j), a_j]], c_j = v^H A_S^H a_j, has the most extreme eigenvalue: a bound of what j brings. Then the member
with the smallest entry of v is swapped for a better column as long as there is one. What is found is attained, so it is a lower
bound of the isometry constant. As translation changes nothing, each channel is started from once; runs of shifts, whose Gram
matrices are Toeplitz, are the other starts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._correlations import Correlations

STRIDES = 8  # runs of shifts 1, 2, ... apart that are tried as starts


@dataclass(frozen=True, eq=False)
class Found:
    """An eigenvalue and the columns (i, s) that attain it."""

    value: float
    channels: np.ndarray
    shifts: np.ndarray


@dataclass(frozen=True, eq=False)
class ExtremeSupports:
    """The search for the largest (sign 1) or smallest (sign -1) eigenvalue over supports of k columns of given norms."""

    correlations: Correlations
    norms: np.ndarray
    sign: int

    def search(self, k: int, budget: Budget) -> Found:
        """The best support of k columns; of fewer, if the time was too short for that many."""
        live = np.flatnonzero(self.norms > 0)
        order = live[np.argsort(-self.sign * self.norms[live], kind="stable")]
        best = self._measured(order[:1], np.zeros(1, dtype=np.intp))[0]
        with budget.watch():
            for start in self._starts(k, order):
                if budget.spent():
                    break
                best = self._better(best, self._improved(self._grown(start, k, budget), budget))
        return best

    def _starts(self, k: int, order: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        starts = []
        for i in order:
            starts.append((np.array([i]), np.zeros(1, dtype=np.intp)))
            for stride in range(1, STRIDES + 1):
                if (k - 1) * stride < self.correlations.size and stride in self.correlations.shifts[:-1]:
                    starts.append((np.full(k, i), np.arange(k) * stride))
        return starts

    def _better(self, one: Found, other: Found) -> Found:
        return other if self.sign * other.value > self.sign * one.value else one

    def _measured(self, channels: np.ndarray, shifts: np.ndarray) -> tuple[Found, np.ndarray]:
        """The extreme eigenvalue of a support, and its eigenvector."""
        gram = self.correlations.gram(channels, shifts) * np.outer(self.norms[channels], self.norms[channels])
        values, vectors = np.linalg.eigh(gram)
        last = values.size - 1 if self.sign > 0 else 0
        return Found(float(values[last]), channels, shifts), vectors[:, last]

    def _addition(self, found: Found, v: np.ndarray) -> tuple[float, int, int]:
        """The column that promises most, as (value promised, channel, shift)."""
        size, shifts = self.correlations.size, self.correlations.shifts
        kind = self.correlations.kernels.dtype
        products = np.zeros((self.norms.size, size), dtype=kind)
        for weight, i, s in zip(v, found.channels, found.shifts, strict=True):
            row = self.correlations.row(int(i))
            products[:, (s - shifts) % size] += (np.conj(weight) * self.norms[i]) * row
        squares = np.abs(products * self.norms[:, None]) ** 2
        own = self.norms[:, None] ** 2
        promise = self.sign * (found.value + own) / 2 + np.sqrt(((found.value - own) / 2) ** 2 + squares)
        promise[self.norms == 0] = -np.inf
        promise[found.channels, found.shifts] = -np.inf
        best = int(promise.argmax())
        return float(promise.flat[best]), *divmod(best, size)

    def _grown(self, start: tuple[np.ndarray, np.ndarray], k: int, budget: Budget) -> tuple[Found, np.ndarray]:
        found, v = self._measured(*start)
        while found.channels.size < k and not budget.spent():
            promise, i, s = self._addition(found, v)
            if promise == -np.inf:  # nothing is left but zero columns
                break
            found, v = self._measured(np.append(found.channels, i), np.append(found.shifts, s))
        return found, v

    def _improved(self, grown: tuple[Found, np.ndarray], budget: Budget) -> Found:
        found, v = grown
        while found.channels.size > 1 and not budget.spent():
            stay = np.arange(v.size) != np.abs(v).argmin()
            less, w = self._measured(found.channels[stay], found.shifts[stay])
            promise, i, s = self._addition(less, w)
            if promise == -np.inf:
                break
            other, u = self._measured(np.append(less.channels, i), np.append(less.shifts, s))
            if self.sign * (other.value - found.value) <= 1e-12 * abs(found.value):
                break
            found, v = other, u
        return found
