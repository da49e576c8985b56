r"""The proximal map of the sorted l1 norm (SLOPE), by one pass over the sorted moduli (Bogdan et al. 2015).

    prox(x) = argmin_u  1/2 ||u - x||^2 + sum_i w_i |u|_(i)       w_1 >= w_2 >= ... >= 0,  |u|_(1) >= |u|_(2) >= ...

With the moduli in falling order, |x|_(i) - w_i has to be made falling and at least zero: wherever it rises, neighbours are
pooled into blocks with their mean, which a stack does in linear time.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels._ready import numbers, room


def sorted_l1_prox(x: np.ndarray, weights: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` shrunk by the proximal map of the sorted l1 norm: the largest moduli meet the largest weights.

    Parameters
    ----------
    x : (n,) array
        Real or complex.
    weights : (n,) array
        At least zero and never rising.
    out : (n,) array, optional
        Where to write; may be ``x``.

    Raises
    ------
    ValueError
        If the weights rise, are negative, or are not as many as the entries.

    References
    ----------
    Bogdan, van den Berg, Sabatti, Su and Candès (2015), SLOPE: adaptive variable selection via convex optimization.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.sorted_l1 import sorted_l1_prox
    >>> sorted_l1_prox(np.array([1.0, -5.0, 4.5]), np.array([3.0, 2.0, 1.0]))
    array([ 0.  , -2.25,  2.25])
    """
    x = numbers(x)
    bars = np.ascontiguousarray(weights, dtype=np.float64)
    if x.ndim != 1 or bars.shape != x.shape:
        raise ValueError(f"x has shape {x.shape} and the weights {bars.shape}; give vectors of equal length.")
    if not falling(bars):
        raise ValueError(
            "The weights must be at least zero and never rise: sort them from the largest to the smallest."
        )
    out = room(x, out)
    sizes = np.abs(x)
    order = np.argsort(sizes)  # NaN comes last
    if x.size and np.isnan(sizes[order[-1]]):  # the order of the others is unknown
        out[...] = np.nan
        return out
    direct = out.dtype == x.dtype and out.flags.c_contiguous and x.flags.c_contiguous
    target = out if direct else np.empty(x.shape, dtype=x.dtype)
    _pool(np.ascontiguousarray(x), sizes, order, bars, target)
    if not direct:
        out[...] = target
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def falling(weights):
    """Whether weights are at least zero and never rise; False if one is NaN."""
    last, good = np.inf, True
    for i in range(weights.size):
        good &= 0 <= weights[i] <= last
        last = weights[i]
    return good


@njit(cache=True, nogil=True, error_model="numpy")
def _pool(x, sizes, order, weights, out):
    """The nearest falling sequence to sorted sizes less weights that is at least zero, written back with the phases of x.

    A block of the stack is known by its mean and where it ends; means fall from block to block.
    """
    n = sizes.size
    means, ends, blocks = np.empty(n), np.empty(n + 1, dtype=np.int64), 0
    ends[0] = 0
    for i in range(n):
        mean, first = np.float64(sizes[order[n - 1 - i]]) - weights[i], i
        while blocks and mean >= means[blocks - 1]:
            blocks -= 1
            start = ends[blocks]
            mean += (means[blocks] - mean) * ((first - start) / (i + 1 - start))
            first = start
        means[blocks] = mean
        blocks += 1
        ends[blocks] = i + 1
    for b in range(blocks):
        for i in range(ends[b], ends[b + 1]):
            j = order[n - 1 - i]
            v = x[j]
            out[j] = v * (means[b] / sizes[j]) if means[b] > 0 else v - v
