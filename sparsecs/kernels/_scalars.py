r"""Size and shrinkage of one real or complex number, for compiled loops that are written once for both.

    real:     shrunk(v, t) = v - min(max(v, -t), t)              three operations, and NaN stays NaN
    complex:  shrunk(v, t) = v (|v| - t) / |v|  or 0
              |v| = top sqrt(1 + (low / top)^2)                  top, low: its two parts in order of size

The complex modulus neither overflows nor underflows, and a compiler makes vector instructions of it, as it does not of hypot.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numba.extending import overload


def modulus(v):
    """|v|, in the precision of v; NaN if a part of v is."""
    return abs(v)


def shrunk(v, t):
    """v moved towards zero by t, and no further than to +0."""
    return v * (1 - t / abs(v)) if abs(v) > t else v - v


def in_precision_of(array, number):
    """``number`` as a real number of the precision of ``array``."""
    return array.real.dtype.type(number)


def bits_of(array):
    """A real array seen as whole numbers."""
    return array.view(np.uint32 if array.dtype == np.float32 else np.uint64)


@overload(modulus)
def _modulus(v):
    if not isinstance(v, types.Complex):
        return lambda v: abs(v)
    one = np.float32(1) if v == types.complex64 else np.float64(1)

    def of_complex(v):
        a, b = abs(v.real), abs(v.imag)
        top, low = (a, b) if a > b else (b, a)
        ratio = low / top if top > 0 else low
        return top * math.sqrt(one + ratio * ratio)

    return of_complex


@overload(shrunk)
def _shrunk(v, t):
    def of_real(v, t):
        low = v if v < t else t
        return v - (low if low > -t else -t)

    def of_complex(v, t):
        r = modulus(v)
        factor = (r - t) / r if r > t else r - r
        zero = factor - factor  # turns a -0 into +0
        return complex(v.real * factor + zero, v.imag * factor + zero)

    return of_complex if isinstance(v, types.Complex) else of_real


@overload(in_precision_of)
def _in_precision_of(array, number):
    real = types.float32 if array.dtype in (types.float32, types.complex64) else types.float64
    return lambda array, number: real(number)


@overload(bits_of)
def _bits_of(array):
    whole = np.uint32 if array.dtype == types.float32 else np.uint64
    return lambda array: array.view(whole)
