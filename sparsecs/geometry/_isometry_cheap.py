r"""Bounds of the extreme eigenvalues of all G_SS, |S| = k, from the norms of the columns and one look at each inner product.

Gershgorin   G_ii -+ sum of the k - 1 largest |G_ij| of a row
coherence    min d^2 (1 - (k-1) mu), max d^2 (1 + (k-1) mu), and without normalised columns min d^2 - (k-1) max |G_ij| ...
Babel        min d^2 (1 - mu_1(k-1)), max d^2 (1 + mu_1(k-1))               d: norms
norms        sum of the k largest d^2                                        trace
"""

from __future__ import annotations

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry._isometry_gram import Columns

Pair = tuple[float, float]  # no eigenvalue is below the first, none above the second


def sum_of_squares(columns: Columns, k: int) -> float:
    """The largest trace of a part, which no eigenvalue of it exceeds."""
    return float(np.sort(columns.norms**2)[::-1][:k].sum())


class Rows:
    """The largest entries of each row of the Gram matrix; where it was not looked at, what Cauchy and Schwarz allow.

    Parameters
    ----------
    columns : Columns
    k : int
    budget : Budget
        When it is spent, the rest is not looked at.
    memory : int
        Bytes.
    """

    def __init__(self, columns: Columns, k: int, budget: Budget, memory: int) -> None:
        self.norms, self.k = columns.norms, k
        top = np.sort(self.norms)[::-1]
        self.sums = self.norms * top[: k - 1].sum()
        self.peaks = np.full(columns.n, top[0] ** 2 if k > 1 else 0.0)
        self.cosine_sums = np.full(columns.n, float(k - 1))
        self.cosine_peaks = np.full(columns.n, 1.0 if k > 1 else 0.0)
        self.pairs = np.zeros((columns.n, 2), np.int64)
        lengths = np.where(self.norms > 0, self.norms, 1.0)
        with budget.watch():
            for part, rows in columns.tiles(memory) if k > 1 else ():
                if budget.spent():
                    break
                self._look(part, np.abs(rows), lengths)

    def _look(self, part: np.ndarray, sizes: np.ndarray, lengths: np.ndarray) -> None:
        sizes[np.arange(part.size), part] = 0
        self.sums[part] = _largest(sizes, self.k - 1)
        self.pairs[part] = np.column_stack([part, sizes.argmax(axis=1)])
        self.peaks[part] = sizes.max(axis=1)
        sizes /= lengths
        sizes /= lengths[part][:, None]
        self.cosine_sums[part] = _largest(sizes, self.k - 1)
        self.cosine_peaks[part] = sizes.max(axis=1)

    def coherence(self) -> Pair:
        squares, reach = self.norms**2, (self.k - 1) * self.peaks.max()
        scaled = (self.k - 1) * self.cosine_peaks.max()
        return (
            max(0.0, squares.min() - reach, squares.min() * (1 - scaled)),
            min(squares.max() + reach, squares.max() * (1 + scaled)),
        )

    def babel(self) -> Pair:
        squares, reach = self.norms**2, self.cosine_sums.max()
        return max(0.0, squares.min() * (1 - reach)), squares.max() * (1 + reach)

    def gershgorin(self) -> Pair:
        squares = self.norms**2
        return max(0.0, (squares - self.sums).min()), (squares + self.sums).max()


def _largest(sizes: np.ndarray, count: int) -> np.ndarray:
    if count == 1:
        return sizes.max(axis=1)
    return np.partition(sizes, sizes.shape[1] - count, axis=1)[:, sizes.shape[1] - count :].sum(axis=1)


def spectrum_bounds(G: np.ndarray) -> Pair:
    """The extreme eigenvalues of the whole matrix: those of its parts lie between them (Cauchy)."""
    values = np.linalg.eigvalsh(G)
    return max(0.0, float(values[0])), float(values[-1])
