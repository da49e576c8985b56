"""How alike the columns are, all pairs of them: counts, mean, quantiles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from sparsecs.core.checks import finite, numeric, probability, whole_number
from sparsecs.geometry._pairs import MEMORY, Pairs
from sparsecs.kernels.pair_statistics import CELLS, count_values, guide_to


@dataclass(frozen=True, eq=False)
class CoherenceProfile:
    """The distribution of |cos| between two columns, over all pairs of columns that are not zero.

    Parameters
    ----------
    counts : (bins,) array of int
        How many pairs lie in each bin. A bin holds its left edge, the last one both.
    edges : (bins + 1,) array
    mean, rms, largest : float
        Of all pairs, exact up to rounding; ``rms`` is the root of the mean square.
    quantiles : dict
        Level to value, right to within 1/131072.
    pairs : int
        How many pairs there are.
    zero_columns : int
        How many columns were left out.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import coherence_profile
    >>> profile = coherence_profile(np.array([[1.0, 0.0, 3.0, 0.0], [0.0, 2.0, 4.0, 0.0]]), bins=4)
    >>> profile.counts, profile.zero_columns
    (array([1, 0, 1, 1]), 1)
    >>> round(profile.mean, 12), round(profile.largest, 12)
    (0.466666666667, 0.8)
    """

    counts: np.ndarray
    edges: np.ndarray
    mean: float
    rms: float
    largest: float
    quantiles: dict[float, float]
    pairs: int
    zero_columns: int

    def __repr__(self) -> str:
        levels = ", ".join(f"{level:g}: {value:.4f}" for level, value in self.quantiles.items())
        return (
            f"CoherenceProfile of {self.pairs} pairs: mean {self.mean:.6g}, rms {self.rms:.6g}, largest {self.largest:.6g}; "
            f"quantiles {levels or 'none'}; {self.zero_columns} zero columns left out"
        )


def coherence_profile(
    A: Any, bins: Any = 50, quantiles: Iterable[float] = (0.5, 0.9, 0.99), memory: int = MEMORY
) -> CoherenceProfile:
    """The distribution of |cos| between two columns: counts, mean, root mean square, largest, quantiles.

    One pass over all pairs, a tile at a time. For a histogram in a figure, for example.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns that are not zero. Columns are normalised inside.
    bins : int or array
        How many bins of equal width on [0, 1], or their increasing edges.
    quantiles : several float
        Levels between 0 and 1.
    memory : int
        Bytes that may be used beside A itself.

    Raises
    ------
    ValueError
        If fewer than two columns are not zero, or edges do not increase.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import coherence_profile
    >>> coherence_profile(np.eye(3), bins=2).counts
    array([3, 0])
    """
    edges, levels = _edges(bins), [probability(level, "A quantile's level") for level in quantiles]
    pairs = Pairs(A, memory, per_column=24, fixed=24 * CELLS)
    guide, counters = guide_to(edges), []
    for _ in range(pairs.threads):
        counters.append((np.zeros(CELLS, dtype=np.int64), np.zeros(edges.size - 1, dtype=np.int64)))
    sums, tops = np.zeros((pairs.size, 2)), np.zeros(pairs.size)

    def see(mine: tuple[np.ndarray, np.ndarray], first: int, start: int, tile: np.ndarray) -> None:
        sums[first] += count_values(tile, first == start, edges, guide, *mine)
        tops[first] = max(tops[first], float(tile.max()))

    pairs.visit([partial(see, mine) for mine in counters])
    cells, counts = (np.sum(arrays, axis=0) for arrays in zip(*counters, strict=True))
    mean, square = sums.sum(axis=0) / pairs.count
    return CoherenceProfile(
        counts,
        edges,
        mean=float(min(mean, 1)),
        rms=float(min(square, 1)) ** 0.5,
        largest=float(min(tops.max(), 1)),
        quantiles={level: _quantile(cells, level) for level in levels},
        pairs=pairs.count,
        zero_columns=pairs.dead,
    )


def _edges(bins: Any) -> np.ndarray:
    if np.ndim(bins) == 0:
        return np.linspace(0, 1, whole_number(bins, "bins", 1) + 1)
    edges = finite(numeric(bins, "bins"), "bins").astype(np.float64)
    if edges.ndim != 1 or edges.size < 2 or not (np.diff(edges) > 0).all():
        raise ValueError(f"bins must be a number of bins or at least two increasing edges; got an array {edges.shape}.")
    return edges


def _quantile(cells: np.ndarray, level: float) -> float:
    """The middle of the fine cell that holds the value of this rank."""
    rank = np.ceil(level * cells.sum())
    return (int(np.searchsorted(np.cumsum(cells), rank)) + 0.5) / CELLS
