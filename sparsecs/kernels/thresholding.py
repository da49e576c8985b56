r"""Thresholding: the proximal maps and projections that sparse methods are made of.

    soft_threshold:        out_i = sign(x_i) max(|x_i| - t, 0)        prox of t ||x||_1
    hard_threshold:        out_i = x_i if |x_i| > t else 0            prox of (t^2 / 2) ||x||_0
    keep_largest:          the k entries of largest |x_i|, others 0   projection onto the k-sparse vectors
    block_soft_threshold:  out_g = max(1 - t_g / ||x_g||, 0) x_g      prox of sum_g t_g ||x_g||_2

All take float32 or float64 (whole numbers become float64), read ``x`` once or twice, and write to ``out``: a fresh array if it
is None, and ``x`` itself for work in place. NaN passes through, so that a sick iterate is seen and not silently set to zero.
"""

from __future__ import annotations

import numpy as np
from numba import njit


def soft_threshold(x: np.ndarray, threshold: float, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` shrunk towards zero by ``threshold``.

    Parameters
    ----------
    x : (n,) array, float32 or float64
    threshold : float
        At least zero.
    out : (n,) array, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import soft_threshold
    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2.,  0., -1.])
    """
    x = _real(x)
    out = np.empty_like(x) if out is None else out
    _soft(x, x.dtype.type(threshold), out)
    return out


def hard_threshold(x: np.ndarray, threshold: float, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` with the entries of modulus at most ``threshold`` set to zero.

    Parameters
    ----------
    x : (n,) array, float32 or float64
    threshold : float
        At least zero.
    out : (n,) array, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import hard_threshold
    >>> hard_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 3.,  0., -2.])
    """
    x = _real(x)
    out = np.empty_like(x) if out is None else out
    _hard(x, x.dtype.type(threshold), out)
    return out


def keep_largest(x: np.ndarray, k: int, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` with all but its ``k`` entries of largest modulus set to zero; of equal ones the first are kept.

    Parameters
    ----------
    x : (n,) array, float32 or float64
    k : int
        How many to keep; all of them if ``k >= n``.
    out : (n,) array, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import keep_largest
    >>> keep_largest(np.array([1.0, -3.0, 3.0, 2.0]), 2)
    array([ 0., -3.,  3.,  0.])
    """
    x = _real(x)
    out = np.empty_like(x) if out is None else out
    if k <= 0:
        out[...] = 0
    elif k >= x.size:
        out[...] = x
    else:
        modulus = np.abs(x)
        bar = np.partition(modulus, x.size - k)[x.size - k]
        if np.isnan(bar) or np.isnan(modulus.max()):
            out[...] = np.nan
        else:
            _keep_above(x, bar, k, out)
    return out


def block_soft_threshold(
    x: np.ndarray, thresholds: np.ndarray, labels: np.ndarray, out: np.ndarray | None = None
) -> np.ndarray:
    """``x`` with each block shrunk towards zero by its threshold, in Euclidean norm.

    Parameters
    ----------
    x : (n,) array, float32 or float64
    thresholds : (g,) array
        One for each block, at least zero.
    labels : (n,) integer array
        The block of each entry, in ``range(g)``.
    out : (n,) array, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import block_soft_threshold
    >>> block_soft_threshold(np.array([3.0, 4.0, 0.1]), np.array([1.0, 1.0]), np.array([0, 0, 1]))
    array([2.4, 3.2, 0. ])
    """
    x = _real(x)
    out = np.empty_like(x) if out is None else out
    _block_soft(x, np.asarray(thresholds, dtype=np.float64), labels, out)
    return out


def _real(x: np.ndarray) -> np.ndarray:
    array = np.asarray(x)
    if np.iscomplexobj(array):
        raise TypeError(f"Thresholding works on real arrays; got {array.dtype}.")
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def block_norms(x: np.ndarray, labels: np.ndarray, blocks: int) -> np.ndarray:
    """The Euclidean norm of each block of ``x``, a (blocks,) array, without overflow or underflow.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import block_norms
    >>> block_norms(np.array([3.0, 4.0, 2.0]), np.array([0, 0, 1]), 2)
    array([5., 2.])
    """
    return _block_norms(x, labels, blocks)


@njit(cache=True)
def _soft(x, t, out):
    for i in range(x.size):
        v = x[i]
        if v > t:
            out[i] = v - t
        elif v < -t:
            out[i] = v + t
        else:
            out[i] = v - v  # zero, or NaN if v is NaN


@njit(cache=True)
def _hard(x, t, out):
    for i in range(x.size):
        v = x[i]
        out[i] = v - v if abs(v) <= t else v


@njit(cache=True)
def _keep_above(x, bar, k, out):
    above = 0
    for i in range(x.size):
        if abs(x[i]) > bar:
            above += 1
    ties = k - above
    for i in range(x.size):
        v = x[i]
        if abs(v) > bar:
            out[i] = v
        elif abs(v) == bar and ties > 0:
            out[i] = v
            ties -= 1
        else:
            out[i] = 0


@njit(cache=True)
def _block_norms(x, labels, blocks):
    peaks = np.zeros(blocks)
    for i in range(x.size):
        v = abs(x[i])
        if v > peaks[labels[i]] or v != v:
            peaks[labels[i]] = v
    sums = np.zeros(blocks)
    for i in range(x.size):
        g = labels[i]
        if peaks[g] > 0:
            ratio = x[i] / peaks[g]
            sums[g] += ratio * ratio
    for g in range(blocks):
        sums[g] = peaks[g] * np.sqrt(sums[g]) if peaks[g] == peaks[g] else np.nan
    return sums


@njit(cache=True)
def _block_soft(x, thresholds, labels, out):
    norms = _block_norms(x, labels, thresholds.size)
    for g in range(thresholds.size):
        if norms[g] > thresholds[g]:
            norms[g] = 1 - thresholds[g] / norms[g]
        elif norms[g] == norms[g]:
            norms[g] = 0
    for i in range(x.size):
        factor = norms[labels[i]]
        out[i] = x[i] * factor if factor != 0 else 0
