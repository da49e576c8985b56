r"""Coherence: how alike two columns can be.

    mu = max_{i != j} |<a_i, a_j>| / (||a_i|| ||a_j||)
    mu_1(s) = max_i  max_{|S| = s, i not in S}  sum_{j in S} |<a_i, a_j>| / (||a_i|| ||a_j||)

mu_1 is the Babel function; mu_1(1) = mu and mu_1(s) <= s mu (Tropp 2004). Both are exact up to rounding. They are found a
tile of columns at a time, so a matrix-free operator is never formed: memory is m × tile + n × tile numbers.
Zero columns have no direction and are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator

TILE = 512


def coherence(A: Any) -> float:
    """The mutual coherence of the columns, between 0 and 1; zero columns are left out.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n), with at least two columns that are not zero. Columns are normalised inside.

    Raises
    ------
    ValueError
        If fewer than two columns are not zero.

    References
    ----------
    Donoho and Elad, "Optimally sparse representation in general (nonorthogonal) dictionaries via l1 minimization" (2003).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import coherence
    >>> round(coherence(np.array([[1.0, 0.0, 3.0], [0.0, 2.0, 4.0]])), 12)
    0.8
    """
    return babel(A, 1)


def babel(A: Any, s: int) -> float:
    """The Babel function mu_1(s): the largest sum of s coherences of one column with others.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Columns are normalised inside; zero columns are left out.
    s : int
        How many other columns, at least 1 and fewer than there are columns that are not zero.

    Raises
    ------
    ValueError
        If there are not that many other columns.

    References
    ----------
    Tropp, "Greed is good: algorithmic results for sparse approximation" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import babel
    >>> round(babel(np.array([[1.0, 0.0, 3.0], [0.0, 1.0, 4.0]]), 2), 12)
    1.4
    """
    operator = as_operator(A)
    norms = operator.column_norms()
    live = np.flatnonzero(norms > 0)
    if live.size < 2:
        raise ValueError(f"Coherence compares two columns; {live.size} of {norms.size} are not zero.")
    whole_number(s, "s", 1, live.size - 1, f"{live.size} columns are not zero.")
    return max(float(_largest_sums(tile, s).max()) for tile in _coherences(operator, norms, live))


def _coherences(operator: Operator, norms: np.ndarray, live: np.ndarray) -> Any:
    """Moduli of the normalised inner products of a tile of columns with all, 0 on the diagonal: (tile, n_live) arrays."""
    for start in range(0, live.size, TILE):
        part = live[start : start + TILE]
        block = operator.columns(part) / norms[part]
        products = np.abs(operator.rmatmat(block)[live] / norms[live, None]).T
        products[np.arange(part.size), np.arange(start, start + part.size)] = 0
        yield np.minimum(products, 1)


def _largest_sums(tile: np.ndarray, s: int) -> np.ndarray:
    if s == 1:
        return tile.max(axis=1)
    return np.partition(tile, tile.shape[1] - s, axis=1)[:, tile.shape[1] - s :].sum(axis=1)
