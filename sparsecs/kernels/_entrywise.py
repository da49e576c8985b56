"""The compiled loops of the entrywise thresholds: one scalar function each, applied to contiguous vectors.

Work in place has a loop of its own: there the compiler sees that reading and writing meet at the same place only, and can
use vector instructions. The scalar functions send NaN to NaN (r - r is 0, or NaN if r is).
"""

from __future__ import annotations

from numba import njit

from sparsecs.kernels._scalars import in_precision_of, modulus, resized


@njit(cache=True, nogil=True, error_model="numpy")
def _soft_one(v, t):
    r = modulus(v)
    return resized(v, r, r - t if r > t else r - r)


@njit(cache=True, nogil=True, error_model="numpy")
def _hard_one(v, t):
    r = modulus(v)
    return resized(v, r, r - r if r <= t else r)


@njit(cache=True, nogil=True, error_model="numpy")
def _firm_one(v, lower, upper, slope):
    r = modulus(v)
    between = (r - lower) * slope if r > lower else r - r
    return resized(v, r, r if r >= upper else between)


@njit(cache=True, nogil=True, error_model="numpy")
def _scad_one(v, t, knee, far, slope):
    r = modulus(v)
    low = r - t if r > t else r - r
    return resized(v, r, r if r >= far else (r - (far - r) * slope if r > knee else low))


@njit(cache=True, nogil=True, error_model="numpy")
def _bounded_one(v, t, lower, upper):
    w = _soft_one(v, t)
    return lower if w < lower else (upper if w > upper else w)


@njit(cache=True, nogil=True, error_model="numpy")
def soft(x, out, t):
    """Entries shrunk by t."""
    t = in_precision_of(x, t)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _soft_one(out[i], t)
    else:
        for i in range(x.size):
            out[i] = _soft_one(x[i], t)


@njit(cache=True, nogil=True, error_model="numpy")
def soft_each(x, out, t):
    """Entries shrunk by a threshold of their own."""
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _soft_one(out[i], t[i])
    else:
        for i in range(x.size):
            out[i] = _soft_one(x[i], t[i])


@njit(cache=True, nogil=True, error_model="numpy")
def hard(x, out, t):
    """Entries above t."""
    t = in_precision_of(x, t)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _hard_one(out[i], t)
    else:
        for i in range(x.size):
            out[i] = _hard_one(x[i], t)


@njit(cache=True, nogil=True, error_model="numpy")
def firm(x, out, lower, upper, slope):
    """Zero up to ``lower``, unchanged from ``upper``, a line between."""
    lower, upper, slope = in_precision_of(x, lower), in_precision_of(x, upper), in_precision_of(x, slope)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _firm_one(out[i], lower, upper, slope)
    else:
        for i in range(x.size):
            out[i] = _firm_one(x[i], lower, upper, slope)


@njit(cache=True, nogil=True, error_model="numpy")
def scad(x, out, t, knee, far, slope):
    """Shrunk by t up to ``knee``, unchanged from ``far``, a line between."""
    t, knee = in_precision_of(x, t), in_precision_of(x, knee)
    far, slope = in_precision_of(x, far), in_precision_of(x, slope)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _scad_one(out[i], t, knee, far, slope)
    else:
        for i in range(x.size):
            out[i] = _scad_one(x[i], t, knee, far, slope)


@njit(cache=True, nogil=True, error_model="numpy")
def bounded(x, out, t, lower, upper):
    """Real entries shrunk by t, then moved into an interval."""
    t, lower, upper = in_precision_of(x, t), in_precision_of(x, lower), in_precision_of(x, upper)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _bounded_one(out[i], t, lower, upper)
    else:
        for i in range(x.size):
            out[i] = _bounded_one(x[i], t, lower, upper)
