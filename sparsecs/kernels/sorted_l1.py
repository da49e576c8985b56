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
    if np.isnan(sizes).any():  # the order of the others is unknown
        out[...] = np.nan
        return out
    order = np.argsort(sizes)[::-1]
    shrunk = np.empty(x.size)
    shrunk[order] = pooled(sizes[order].astype(np.float64), bars)
    if np.iscomplexobj(x):
        np.divide(shrunk, sizes, out=shrunk, where=sizes != 0)
        out[...] = x * shrunk + 0.0
    else:
        out[...] = np.copysign(shrunk, x) + 0.0
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
def pooled(sizes, weights):
    """The nearest falling sequence to ``sizes - weights`` that is at least zero, for falling sizes.

    A block of the stack is known by its mean, its length, and where it ends; means fall from block to block.
    """
    n = sizes.size
    means, lengths, blocks = np.empty(n), np.empty(n, dtype=np.int64), 0
    for i in range(n):
        mean, length = sizes[i] - weights[i], 1
        while blocks and mean >= means[blocks - 1]:
            blocks -= 1
            whole = length + lengths[blocks]
            mean += (means[blocks] - mean) * (lengths[blocks] / whole)
            length = whole
        means[blocks], lengths[blocks] = mean, length
        blocks += 1
    out, place = np.empty(n), 0
    for b in range(blocks):
        value = means[b] if means[b] > 0 else 0.0
        for i in range(place, place + lengths[b]):
            out[i] = value
        place += lengths[b]
    return out
