r"""Isometry constants of a block-circulant matrix: exact of order 1, 2 and n, exact or bounds else.

Extreme eigenvalues of A_S^H A_S over all supports S of k columns, with a_i = ||k_i||² and R as in ``_correlations``:

    order 1      min and max of a_i
    order 2      those of [[a_i, R_ij(s)], [conj R_ij(s), a_j]] over all i, j, s: only the largest |R_ij(s)| of a pair matters
    order c_in n the squared singular values
    order k      exact too where the supports whose columns meet are few enough to look at them all, as for short kernels and
                 small k; else between what a search attains, and the best of
                 - the spectrum: no submatrix does worse than the whole matrix (interlacing);
                 - Gershgorin: a_i plus or minus the k - 1 largest |R_ij(s)|;
                 - the largest order j known exactly, averaged over the parts of S with j columns:
                   λ_max(k) <= c λ_max(j) - (c - 1) min a with c = (k-1) / (j-1), and the mirror image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._connected_supports import ConnectedSupports
from sparsecs.geometry._correlations import Correlations
from sparsecs.geometry._extreme_supports import ExtremeSupports
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.isometry_bounds import IsometryBounds

ATTAINED = "attained by a search"


@dataclass(frozen=True, eq=False)
class Extremes:
    """Extreme eigenvalues over supports of k columns, in units of ``scale`` squared.

    ``norms`` are those of the channels in units of ``scale``, ``least`` and ``most`` the extreme eigenvalues of A^H A.
    """

    correlations: Correlations
    norms: np.ndarray
    rows: int
    least: float
    most: float

    @cached_property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """The smaller and the larger eigenvalue of order 2 for each pair of channels; NaN where there is but one column."""
        return pair_extremes(self.norms, self.correlations.closest[0])

    def _columns(self, channels: np.ndarray, shifts: np.ndarray) -> np.ndarray:
        return np.sort(channels * self.correlations.size + shifts)

    def _pair(self, sign: int) -> tuple[float, np.ndarray]:
        values = self.pairs[1 if sign > 0 else 0]
        best = np.nanargmax(sign * values)
        i, j = divmod(int(best), values.shape[1])
        return float(values[i, j]), self._columns(np.array([i, j]), np.array([self.correlations.closest[1][i, j], 0]))

    def _discs(self, k: int, sign: int) -> float:
        """Gershgorin's bound: the most extreme end of a disc, over the channels that are not zero."""
        ends = []
        for i, row in self.correlations.rows():
            if self.norms[i] > 0:
                radius = largest_sum(row * self.norms[i] * self.norms[:, None], k - 1)
                ends.append(sign * self.norms[i] ** 2 + radius)
        return sign * max(ends)

    def _exact(self, k: int, sign: int) -> tuple[float, np.ndarray, str] | None:
        """The extreme eigenvalue of order k where it is known, with a support and how."""
        size, inputs = self.correlations.size, self.norms.size
        dead = np.flatnonzero(self.norms == 0)
        if sign < 0 and dead.size:
            rest = np.delete(np.arange(size * inputs), dead[0] * size)[: k - 1]
            return 0.0, np.sort(np.append(rest, dead[0] * size)), "a zero column"
        if dead.size == inputs:
            return 0.0, np.arange(k), "a zero matrix"
        if k == 1:
            i = int(np.argmax(sign * self.norms))
            return float(self.norms[i] ** 2), np.array([i * size]), "the norms of the kernels"
        if sign < 0 and k > self.rows:
            return 0.0, np.arange(k), f"{k} columns of {self.rows} entries"
        if k == 2:
            return *self._pair(sign), "the largest correlation"
        if k == size * inputs:
            return self.least if sign < 0 else self.most, np.arange(k), "the spectrum"
        return None

    @cached_property
    def _looked_at(self) -> dict[int, tuple[int, dict, str]]:
        return {}

    def connected(self, k: int, budget: Budget) -> tuple[int, dict, str]:
        """What looking at all connected supports says, for both signs, and why it ended early."""
        if k not in self._looked_at:
            order, found = ConnectedSupports(self.correlations, self.norms).extremes(k, budget)
            self._looked_at[k] = order, found, budget.stopped
        return self._looked_at[k]

    def of(self, k: int, sign: int, budget: Budget) -> tuple[float, float, np.ndarray, str, str]:
        """(attained, limit, the support that attains, how, stopped): the extreme eigenvalue lies between the two."""
        known = self._exact(k, sign)
        if known:
            return known[0], *known, ""
        order, found, stopped = self.connected(k, budget)
        best, witness = found[sign]
        if order >= k:
            return max(best, 0.0), max(best, 0.0), witness, "all supports of columns that meet", ""
        if order < 2:
            order, (best, witness) = 2, self._pair(sign)
        searched = ExtremeSupports(self.correlations, self.norms, sign).search(k, budget)
        live, c = self.norms[self.norms > 0] ** 2, (k - 1) / (order - 1)
        mean = c * best - (c - 1) * float(live.min() if sign > 0 else live.max())
        limits = {
            "the spectrum": self.most if sign > 0 else self.least,
            "Gershgorin": self._discs(k, sign),
            f"order {order}": mean if sign > 0 else max(mean, 0.0),
        }
        how = min(limits, key=lambda name: sign * limits[name])
        if sign * searched.value > sign * best:
            best, witness = searched.value, self._columns(searched.channels, searched.shifts)
        return max(best, 0.0), limits[how], witness, f"{ATTAINED}; {how}", budget.stopped or stopped


def pair_extremes(norms: np.ndarray, moduli: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The extreme eigenvalues of [[a_i, R], [conj R, a_j]] for pairs of channels of given norms and largest cosines.

    Parameters
    ----------
    norms : (c_in,) array
    moduli : (c_in, c_in) array
        |R| over both norms; below zero where there is no pair, which gives NaN.
    """
    a, other = norms[:, None] ** 2, norms**2
    r = np.where(moduli < 0, np.nan, np.minimum(moduli, 1))
    large = (a + other) / 2 + np.sqrt(((a - other) / 2) ** 2 + a * other * r**2)
    return np.where(large > 0, a * other * (1 - r) * (1 + r) / np.where(large > 0, large, 1), 0), large


def isometry_of(extremes: Extremes, scale: float, k: int, seconds: float | None) -> IsometryBounds:
    """The isometry constants of order k.

    Parameters
    ----------
    extremes : Extremes
    scale : float
        What the norms in ``extremes`` were divided by.
    k : int
        The order.
    seconds : float or None
        The time that the two searches may take together.
    """
    budget, square = Budget(seconds), scale * scale
    half = Budget(None if seconds is None else seconds / 2)
    unit = max(1.0, extremes.norms.max() ** 2 * square)
    low, least, support, how, stopped = extremes.of(k, -1, half)
    L = Bounds(1 - low * square, 1 - least * square, support, how, stopped, unit)
    if half.stopped.startswith("inter"):
        budget.stop(half.stopped)
    high, most, support, how, stopped = extremes.of(k, 1, budget)
    return IsometryBounds(k, L, Bounds(high * square - 1, most * square - 1, support, how, stopped, unit))


def largest_sum(row: np.ndarray, s: int) -> float:
    """The sum of the s largest entries, or of all if there are fewer."""
    flat = row.ravel()
    if s >= flat.size:
        return float(flat.sum())
    return float(np.partition(flat, flat.size - s)[flat.size - s :].sum()) if s > 1 else float(flat.max())
