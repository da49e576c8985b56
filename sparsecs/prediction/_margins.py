r"""How far a support is from failing, by the leverage law: its margin.

    margin = (r - psi_S + c_S) / s_S         success = Phi(margin), a product over independent blocks

The law averages this over supports. Where leverages differ much, as in a raw Jacobian, nearly all of the width of the success
curve comes from which columns a support happens to hold, and given the support its fate is nearly certain. So margins say far
more about one trial than its sparsity does.

Supports are prefixes of an order; running sums give all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.prediction._leverage_law import SMALLEST, at_minimum, terms

GRID, WIDEST, NARROWEST = 24, 8.0, 2e-2  # values of t, and its range over the smaller and larger weights


@dataclass(frozen=True, eq=False)
class Margins:
    """What each column adds to psi, s and c, for one block of columns after the other.

    Parameters
    ----------
    ranks : (b,) array
        Of the blocks.
    places : tuple of b (n,) arrays of int
        Where a column stands within its block; -1 elsewhere.
    changes : tuple of b (q, 4, grid) arrays
        What it changes when the column joins the support.
    totals : tuple of b (4, grid) arrays
        The sums with an empty support.
    grids : tuple of b (grid,) arrays
    """

    ranks: np.ndarray
    places: tuple[np.ndarray, ...]
    changes: tuple[np.ndarray, ...]
    totals: tuple[np.ndarray, ...]
    grids: tuple[np.ndarray, ...]

    @classmethod
    def of(cls, leverages: np.ndarray, labels: np.ndarray) -> Margins:
        """The margins of a matrix with these leverages and blocks; blocks of full rank never fail and are left out."""
        parts = []
        for label in range(int(labels.max()) + 1):
            mine = np.flatnonzero(labels == label)
            rank = round(float(leverages[mine].sum()))
            if rank >= mine.size:
                continue
            h = np.clip(leverages[mine], SMALLEST, 1.0)
            w = np.sqrt((1 - h) / h)
            low, high = np.quantile(w[w > SMALLEST**0.5], [0.1, 0.9])
            t = np.geomspace(NARROWEST / high, WIDEST / low, GRID)
            on, off = terms(w, t)
            place = np.full(labels.size, -1)
            place[mine] = np.arange(mine.size)
            parts.append((rank, place, np.ascontiguousarray(np.moveaxis(on - off, 2, 0)), off.sum(axis=2), t))
        ranks, *rest = zip(*parts, strict=True)
        return cls(np.array(ranks, dtype=float), *(tuple(part) for part in rest))

    def at(self, order: np.ndarray, k: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """psi - c and s of the first k of an order, for an increasing array of k: two (b, k.size) arrays."""
        needed, spread = np.empty((2, self.ranks.size, k.size))
        for block, (place, change, total, t) in enumerate(
            zip(self.places, self.changes, self.totals, self.grids, strict=True)
        ):
            inside = place[order[: k[-1]]]
            count = np.concatenate([[0], (inside >= 0).cumsum()])[np.minimum(k, inside.size)]
            sums = _running(change[inside[inside >= 0]], count) + total
            psi, variance, above, below = at_minimum(np.moveaxis(sums, 0, 2), t)
            needed[block] = psi - 0.5 * above / np.maximum(below, 1e-300)
            spread[block] = np.sqrt(np.maximum(variance - 2 * psi, 1e-12))
        return needed, spread

    def success(self, needed: np.ndarray, spread: np.ndarray, shift: Any, wider: Any) -> np.ndarray:
        """Success where the ranks are exp(shift) times, and the spreads exp(wider) times, those of the law.

        The blocks are the first axis of ``needed`` and ``spread``; the others broadcast against ``shift`` and ``wider``.
        """
        from scipy.special import ndtr

        out = np.ones(())
        for rank, need, width in zip(self.ranks, needed, spread, strict=True):
            out = out * ndtr((rank * np.exp(shift) - need) / (width * np.exp(wider)))
        return out


def _running(change: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Sums over the first ``count`` of the changes, for an increasing array of counts, without keeping all between."""
    stops, place = np.unique(np.concatenate([[0], count]), return_inverse=True)
    sums = np.zeros((stops.size, *change.shape[1:]))
    if stops.size > 1:
        sums[1:] = np.add.reduceat(change[: stops[-1]], stops[:-1], axis=0).cumsum(axis=0)
    return sums[place[1:]]
