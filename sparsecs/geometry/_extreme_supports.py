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

GAIN = 1e-9  # relative; a swap that brings less is not worth the next
LONG = 128  # members; the eigenvalues of longer runs take longer than growing
STRIDES, CHANNELS, RUNS = 8, 32, 4  # runs of shifts 1, 2, ... apart that are looked at, and the best that are starts


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
            for start in [(np.array([i]), np.zeros(1, dtype=np.intp)) for i in order] + self._runs(k, order):
                if budget.spent():
                    break
                best = self._better(best, self._improved(self._grown(start, k, budget), budget))
        return best

    def _runs(self, k: int, order: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """The best few runs of k shifts, each within one channel, 1, 2, ... apart."""
        if k > LONG:
            return []
        strides = [d for d in range(1, STRIDES + 1) if (k - 1) * d < self.correlations.size]
        runs = [self._measured(np.full(k, i), np.arange(k) * d)[0] for i in order[:CHANNELS] for d in strides]
        runs.sort(key=lambda found: -self.sign * found.value)
        return [(found.channels, found.shifts) for found in runs[:RUNS]]

    def _better(self, one: Found, other: Found) -> Found:
        return other if self.sign * other.value > self.sign * one.value else one

    def _measured(self, channels: np.ndarray, shifts: np.ndarray) -> tuple[Found, np.ndarray]:
        """The extreme eigenvalue of a support, and its eigenvector."""
        gram = self.correlations.gram(channels, shifts) * np.outer(self.norms[channels], self.norms[channels])
        values, vectors = np.linalg.eigh(gram)
        last = values.size - 1 if self.sign > 0 else 0
        return Found(float(values[last]), channels, shifts), vectors[:, last]

    def _addition(self, found: Found, v: np.ndarray) -> tuple[int, int] | None:
        """The column that promises most, as (channel, shift); None if all that are not zero are in the support.

        Only shifts where some column meets the support are looked at: the members' own are among them.
        """
        size, kernels = self.correlations.size, self.correlations.kernels
        meeting = (found.shifts[:, None] - self.correlations.shifts) % size
        near, places = np.unique(meeting, return_inverse=True)
        places = places.reshape(meeting.shape)
        products = np.zeros((self.norms.size, near.size), dtype=kernels.dtype)
        for weight, i, at in zip(v, found.channels, places, strict=True):
            products[:, at] += (np.conj(weight) * self.norms[i]) * self.correlations.row(int(i))
        squares = np.abs(products * self.norms[:, None]) ** 2
        own = self.norms[:, None] ** 2
        promise = self.sign * (found.value + own) / 2 + np.sqrt(((found.value - own) / 2) ** 2 + squares)
        promise[self.norms == 0] = -np.inf
        promise[found.channels, places[:, 0]] = -np.inf
        i, at = divmod(int(promise.argmax()), near.size)
        if promise[i, at] > -np.inf:
            return i, int(near[at])
        if near.size == size:
            return None
        return int(found.channels[0]), int(np.setdiff1d(np.arange(near.size + 1), near)[0])

    def _with_one_more(self, found: Found, v: np.ndarray) -> tuple[Found, np.ndarray] | None:
        column = self._addition(found, v)
        if column is None:
            return None
        return self._measured(np.append(found.channels, column[0]), np.append(found.shifts, column[1]))

    def _grown(self, start: tuple[np.ndarray, np.ndarray], k: int, budget: Budget) -> tuple[Found, np.ndarray]:
        grown = self._measured(*start)
        while grown[0].channels.size < k and not budget.spent():
            larger = self._with_one_more(*grown)
            if larger is None:
                break
            grown = larger
        return grown

    def _improved(self, grown: tuple[Found, np.ndarray], budget: Budget) -> Found:
        found, v = grown
        while found.channels.size > 1 and not budget.spent():
            stay = np.arange(v.size) != np.abs(v).argmin()
            other = self._with_one_more(*self._measured(found.channels[stay], found.shifts[stay]))
            if other is None or self.sign * (other[0].value - found.value) <= GAIN * abs(found.value):
                break
            found, v = other
        return found
