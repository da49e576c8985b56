"""The compiled loops of the entrywise thresholds: one scalar function each, applied to contiguous vectors.

Work in place has a loop of its own: there the compiler sees that reading and writing meet at the same place only, and can
use vector instructions. The scalar functions send NaN to NaN (v - v is 0, or NaN if v is).
"""

from __future__ import annotations

from numba import njit

from sparsecs.kernels._scalars import in_precision_of, modulus, shrunk


@njit(cache=True, nogil=True, error_model="numpy")
def _hard_one(v, t):
    return v - v if modulus(v) <= t else v


@njit(cache=True, nogil=True, error_model="numpy")
def _firm_one(v, lower, upper, slope):
    return v if modulus(v) >= upper else shrunk(v, lower) * slope


@njit(cache=True, nogil=True, error_model="numpy")
def _scad_one(v, t, knee, far, bend, slope):
    r = modulus(v)
    low = shrunk(v, t)
    return v if r >= far else (shrunk(v, bend) * slope if r > knee else low)


@njit(cache=True, nogil=True, error_model="numpy")
def _bounded_one(v, t, lower, upper):
    w = shrunk(v, t)
    return lower if w < lower else (upper if w > upper else w)


@njit(cache=True, nogil=True, error_model="numpy")
def soft(x, out, t):
    """Entries shrunk by t."""
    t = in_precision_of(x, t)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = shrunk(out[i], t)
    else:
        for i in range(x.size):
            out[i] = shrunk(x[i], t)


@njit(cache=True, nogil=True, error_model="numpy")
def soft_each(x, out, t):
    """Entries shrunk by a threshold of their own."""
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = shrunk(out[i], t[i])
    else:
        for i in range(x.size):
            out[i] = shrunk(x[i], t[i])


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
def scad(x, out, t, knee, far, bend, slope):
    """Shrunk by t up to ``knee``, unchanged from ``far``, a line between that would meet zero at ``bend``."""
    t, knee, far = in_precision_of(x, t), in_precision_of(x, knee), in_precision_of(x, far)
    bend, slope = in_precision_of(x, bend), in_precision_of(x, slope)
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            out[i] = _scad_one(out[i], t, knee, far, bend, slope)
    else:
        for i in range(x.size):
            out[i] = _scad_one(x[i], t, knee, far, bend, slope)


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
