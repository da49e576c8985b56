r"""The dual norm of the sparse group norm, exact, by sorting each group.

    smallest t with  || soft(z_g, t rho) ||_2 <= t c_g  for all groups g

On the k entries above t rho it reads  sum (a_i - t rho)^2 = t^2 c^2,  a quadratic equation in t. Entries are taken in falling
order until the root lies above the next one (the epsilon norm of Burdakov 1988).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


def critical_weight(sizes: np.ndarray, labels: np.ndarray, costs: np.ndarray, ratio: float) -> float:
    """The smallest t at which soft thresholding by t · ratio leaves no group longer than t times its cost.

    Parameters
    ----------
    sizes : (n,) array
        Moduli.
    labels : (n,) integer array
        The group of each, in ``range(g)``.
    costs : (g,) array
        At least zero.
    ratio : float
        From 0 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.sparse_group import critical_weight
    >>> critical_weight(np.array([3.0, 4.0]), np.array([0, 0]), np.array([1.0]), 0.0)
    5.0
    """
    top = float(sizes.max(initial=0))
    if not 0 < top < math.inf:
        return top
    order = np.lexsort((-sizes, labels))
    ordered = sizes[order].astype(np.float64) / top
    return top * _largest_root(ordered, np.ascontiguousarray(labels[order]), costs.astype(np.float64), ratio)


@njit(cache=True, nogil=True, error_model="numpy")
def _largest_root(sizes, labels, costs, ratio):
    best, i = 0.0, 0
    while i < sizes.size:
        label, count, total, square = labels[i], 0, 0.0, 0.0
        cost, settled = costs[label], False
        while i < sizes.size and labels[i] == label:
            a = sizes[i]
            if not settled:
                above = square - 2 * a * total + count * a * a  # sum of (a_j - a)^2 over those taken
                settled = count > 0 and above * ratio * ratio >= a * a * cost * cost
            if not settled:
                count, total, square = count + 1, total + a, square + a * a
            i += 1
        if square > 0:
            inside = (ratio * total) ** 2 - square * (count * ratio * ratio - cost * cost)
            best = max(best, square / (ratio * total + math.sqrt(max(inside, 0.0))))
    return best
