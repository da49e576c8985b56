"""The success curve that theory gives for one matrix and one law of supports, before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.geometry._row_space import RowSpace
from sparsecs.prediction._leverage_law import leverage_law

ORDERS = 16  # supports that the law is averaged over
POINTS = 160  # sparsities at which it is evaluated


@dataclass(frozen=True, eq=False)
class Theory:
    """A success curve at a grid of sparsities.

    Parameters
    ----------
    k : (p,) array of int
        From 0 up to the largest that can be asked for.
    success : (p,) array
    """

    k: np.ndarray
    success: np.ndarray

    def at(self, k: np.ndarray) -> np.ndarray:
        """Success at real k, by interpolation on the probit scale."""
        from scipy.special import ndtr, ndtri

        z = ndtri(np.clip(self.success, 1e-300, 1 - 1e-16))
        return np.where(k > self.k[-1], 0.0, np.where(k <= 0, 1.0, ndtr(np.interp(k, self.k, z))))

    def where(self, level: float) -> float:
        """The real k at which the curve falls through a level."""
        fine = np.linspace(0, self.k[-1], 8 * self.k.size + 1)
        below = np.flatnonzero(self.at(fine) < level)
        if below.size == 0:
            return float(self.k[-1])
        end = below[0]
        low, high = self.at(fine[end - 1 : end + 1])
        return float(fine[end - 1] + (fine[end] - fine[end - 1]) * (low - level) / max(low - high, 1e-300))

    @property
    def spread(self) -> float:
        """Half of what lies between the 84 % and the 16 % point: the standard deviation of a probit curve."""
        return max((self.where(0.1587) - self.where(0.8413)) / 2, 0.3)


def theory(space: RowSpace, h: np.ndarray, labels: np.ndarray, orders: list[np.ndarray]) -> Theory:
    """The leverage law, block by block, averaged over orders.

    Parameters
    ----------
    space : RowSpace
    h : (n,) array
        Leverages.
    labels : (n,) array of int
        Blocks.
    orders : list of arrays of int
        Supports are their first k.
    """
    most = min(space.rank, max(order.size for order in orders))
    k = np.unique(np.linspace(0, most, POINTS).round().astype(int))
    if labels.max() == 0:
        return Theory(k, leverage_law(h, space.rank, orders, k).mean(axis=0))
    success = np.ones((len(orders), k.size))
    for label in range(labels.max() + 1):
        mine = np.flatnonzero(labels == label)
        place = np.full(labels.size, -1)
        place[mine] = np.arange(mine.size)
        total = h[mine].sum()
        for number, order in enumerate(orders):
            inside = place[order] >= 0
            count = np.concatenate([[0], inside.cumsum()])[np.minimum(k, order.size)]
            sizes, back = np.unique(count, return_inverse=True)
            success[number] *= leverage_law(h[mine], total, [place[order[inside]]], sizes)[0][back]
    return Theory(k, success.mean(axis=0))
