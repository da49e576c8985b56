r"""Thresholding: the proximal maps and projections that sparse methods are made of.

    soft_threshold:  out_i = sign(x_i) max(|x_i| - t, 0)       prox of t ||x||_1
    hard_threshold:  out_i = x_i if |x_i| > t else 0           prox of (t^2 / 2) ||x||_0
    keep_largest:    the k entries of largest |x_i|, others 0  projection onto the k-sparse vectors
    firm_threshold:  0, then a line, then x_i                  prox of the minimax concave penalty (Zhang 2010)
    scad_threshold:  soft, then a line, then x_i               prox of SCAD (Fan and Li 2001)

All take float32, float64, complex64 or complex128 (whole numbers become float64); of a complex number the modulus shrinks and
the phase stays. They write to ``out``: a fresh array if it is None, and ``x`` itself for work in place. NaN passes through, so
that a sick iterate is seen and not silently set to zero. Long arrays are shared among threads, as ``chunks.py`` says.
"""

from __future__ import annotations

import math
import operator

import numpy as np

import sparsecs.kernels._entrywise as loops
from sparsecs.kernels._ready import at_least_zero, entry_by_entry, numbers, room
from sparsecs.kernels.block_thresholding import block_norms, block_soft_threshold, keep_largest_blocks  # noqa: F401
from sparsecs.kernels.chunks import in_parallel, pieces
from sparsecs.kernels.order import FEW, cut, keep_above, keep_few, keep_first


def soft_threshold(x: np.ndarray, threshold: float | np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` shrunk towards zero by ``threshold``.

    Parameters
    ----------
    x : array
        Of any shape, real or complex.
    threshold : float or array
        At least zero, infinity is allowed: one number for all entries, or an array of the shape of ``x``, or for an
        (n, p) array ``x`` one number for each of its n rows.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import soft_threshold
    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 2.,  0., -1.])
    >>> soft_threshold(np.array([3.0, -0.5, -2.0]), np.array([1.0, 0.0, np.inf]))
    array([ 2. , -0.5,  0. ])
    """
    if isinstance(threshold, np.ndarray) and threshold.ndim:
        return _soft_each(numbers(x), threshold, out)
    return entry_by_entry(loops.soft, x, out, at_least_zero(threshold, "threshold"))


def hard_threshold(x: np.ndarray, threshold: float, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` with the entries of modulus at most ``threshold`` set to zero.

    Parameters
    ----------
    x : array
        Of any shape, real or complex.
    threshold : float
        At least zero.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import hard_threshold
    >>> hard_threshold(np.array([3.0, -0.5, -2.0]), 1.0)
    array([ 3.,  0., -2.])
    """
    return entry_by_entry(loops.hard, x, out, at_least_zero(threshold, "threshold"))


def keep_largest(x: np.ndarray, k: int, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` with all but its ``k`` entries of largest modulus set to zero; of equal ones the first are kept.

    Parameters
    ----------
    x : (n,) or (n, p) array
        Real or complex. Of a matrix the k rows of largest Euclidean norm are kept: its columns share a support.
    k : int
        How many to keep; all of them if ``k >= n``.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import keep_largest
    >>> keep_largest(np.array([1.0, -3.0, 3.0, 2.0]), 2)
    array([ 0., -3.,  3.,  0.])
    """
    x, k = numbers(x), operator.index(k)
    if x.ndim > 1:
        return keep_largest_blocks(x, k, np.arange(x.shape[0]), out)
    if k <= 0 or k >= x.size:
        out = room(x, out)
        out[...] = 0 if k <= 0 else x
        return out
    if x.size <= FEW:
        return entry_by_entry(keep_few, x, out, k, shared=False)
    bar, kept, equal = cut(np.ascontiguousarray(x), k)
    if math.isnan(bar):
        out = room(x, out)
        out[...] = np.nan
        return out
    if kept == equal:
        return entry_by_entry(keep_above, x, out, float(bar))
    return entry_by_entry(keep_first, x, out, float(bar), kept, shared=False)


def firm_threshold(x: np.ndarray, lower: float, upper: float, out: np.ndarray | None = None) -> np.ndarray:
    """``x`` with zero where |x| ≤ ``lower``, unchanged where |x| ≥ ``upper``, and a straight line between.

    With ``lower`` = s λ and ``upper`` = γ λ it is the proximal map of s times the minimax concave penalty. If
    ``upper`` ≤ ``lower`` that map jumps: it is the hard threshold at the geometric mean of the two.

    Parameters
    ----------
    x : array
        Of any shape, real or complex.
    lower, upper : float
        At least zero; ``upper`` may be infinite, which makes it the soft threshold.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    References
    ----------
    Gao and Bruce (1997), WaveShrink with firm shrinkage; Zhang (2010), Nearly unbiased variable selection under minimax
    concave penalty.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import firm_threshold
    >>> firm_threshold(np.array([0.5, 1.5, -2.5]), 1.0, 2.0)
    array([ 0. ,  1. , -2.5])
    """
    lower, upper = at_least_zero(lower, "lower"), at_least_zero(upper, "upper")
    if upper <= lower:
        return entry_by_entry(loops.hard, x, out, math.sqrt(lower) * math.sqrt(upper))
    return entry_by_entry(loops.firm, x, out, lower, upper, 1 / (1 - lower / upper))


def scad_threshold(
    x: np.ndarray, weight: float, gamma: float, step: float = 1.0, out: np.ndarray | None = None
) -> np.ndarray:
    """The proximal map of ``step`` times the SCAD penalty at ``x``.

    It shrinks by ``step * weight`` up to ``(1 + step) * weight``, changes nothing from ``gamma * weight`` on, and is a
    straight line between. For ``step >= gamma - 1`` it jumps where the two ends cost the same.

    Parameters
    ----------
    x : array
        Of any shape, real or complex.
    weight : float
        λ, at least zero.
    gamma : float
        Above 1; from ``gamma * weight`` on nothing more is paid. Infinity makes it the soft threshold.
    step : float
        At least zero.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    References
    ----------
    Fan and Li (2001), Variable selection via nonconcave penalized likelihood and its oracle properties.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import scad_threshold
    >>> scad_threshold(np.array([0.5, 1.5, 2.5, -4.0]), 1.0, 3.0)
    array([ 0. ,  0.5,  2. , -4. ])
    """
    weight, step = at_least_zero(weight, "weight"), at_least_zero(step, "step")
    if not gamma > 1:
        raise ValueError(f"gamma must be above 1; got {gamma}.")
    if gamma == math.inf:
        return entry_by_entry(loops.soft, x, out, step * weight)
    if step < gamma - 1:
        bend, slope = step * weight * (gamma / (gamma - 1)), (gamma - 1) / (gamma - 1 - step)
        knee, far = (1 + step) * weight, gamma * weight
        return entry_by_entry(loops.scad, x, out, step * weight, knee, far, bend, slope)
    if step <= gamma + 1:
        jump = weight * (gamma + 1 + step) / 2
        return entry_by_entry(loops.scad, x, out, step * weight, jump, jump, 0.0, 1.0)
    return entry_by_entry(loops.hard, x, out, weight * math.sqrt(step) * math.sqrt(gamma + 1))


def bounded_soft_threshold(
    x: np.ndarray, threshold: float, lower: float, upper: float, out: np.ndarray | None = None
) -> np.ndarray:
    """``x`` shrunk towards zero by ``threshold`` and then moved into an interval: the prox of t‖x‖₁ within bounds.

    Parameters
    ----------
    x : array
        Of any shape, real.
    threshold : float
        At least zero.
    lower, upper : float
        The ends of the interval; infinite ones are allowed.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.thresholding import bounded_soft_threshold
    >>> bounded_soft_threshold(np.array([3.0, 9.0, -2.0]), 1.0, 0.0, 5.0)
    array([2., 5., 0.])
    """
    x = numbers(x)
    if np.iscomplexobj(x):
        raise TypeError(f"Complex numbers have no order, so no bounds; got {x.dtype}.")
    if not lower <= upper:
        raise ValueError(f"lower must be at most upper; got {lower} and {upper}.")
    return entry_by_entry(loops.bounded, x, out, at_least_zero(threshold, "threshold"), float(lower), float(upper))


def _soft_each(x: np.ndarray, thresholds: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    if thresholds.shape == x.shape[:1] and x.ndim == 2:
        thresholds = thresholds[:, None]
    bars = np.ascontiguousarray(np.broadcast_to(thresholds, x.shape), dtype=x.real.dtype).reshape(-1)
    if x.size and not bars.min() >= 0:
        raise ValueError(f"Thresholds must be at least zero; the smallest is {bars.min()}.")
    out = room(x, out)
    direct = out.dtype == x.dtype and x.flags.c_contiguous and out.flags.c_contiguous
    source = x if direct else np.array(x, order="C")
    flat, target = source.reshape(-1), (out if direct else source).reshape(-1)
    in_parallel(loops.soft_each, [(flat[a:b], target[a:b], bars[a:b]) for a, b in pieces(x.nbytes, x.size)])
    if not direct:
        out[...] = source
    return out
