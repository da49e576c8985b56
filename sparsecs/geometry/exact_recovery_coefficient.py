"""Tropp's exact recovery coefficient of one support."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.geometry._on_support import OnSupport


def exact_recovery_coefficient(A: Any, support: Any, normalize: bool = False) -> float:
    """The largest ``||A_S^+ a_j||_1`` over the columns outside the support; the condition is that it is below 1.

    Below 1, l1 minimisation recovers every x on this support, whatever its signs, and so does orthogonal matching pursuit if
    the columns have unit norm. It is the largest value that ``irrepresentable`` takes over all signs. Exact to rounding times
    the condition number of the support's columns at unit length.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Only the columns of the support are formed; k products with A^H are made.
    support : positions, or a mask of n truth values
    normalize : bool
        Whether columns are brought to unit norm first, as a pursuit does that compares correlations with unit columns. The
        default takes them as given, as l1 does: c A has the same coefficient as A, a single scaled column has not.

    Returns
    -------
    float
        Infinite if the columns of the support depend on each other; 0 if there is no column outside, or none within.

    Raises
    ------
    TypeError, ValueError
        If the support is none, or names a column twice.

    References
    ----------
    Tropp, "Greed is good: algorithmic results for sparse approximation" (2004).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import exact_recovery_coefficient
    >>> round(exact_recovery_coefficient(np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]]), [0, 1]), 12)
    1.4
    """
    frame = OnSupport(A, support)
    if not frame.injective:
        return float("inf")
    sums = np.zeros(frame.off.size)
    for tile in frame.pseudo_inverse_rows(normalize):
        sums += tile.sum(axis=1)
    if normalize:
        norms = np.asarray(frame.operator.column_norms(), dtype=float)
        sums /= np.where(norms > 0, norms, 1)
    return float(sums[frame.off].max(initial=0))
