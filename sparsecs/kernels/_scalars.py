r"""Size and direction of one real or complex number, for compiled code that is written once for both.

    v = direction * modulus,   resized(v, modulus, new) = direction * new

The modulus of a complex number is top * sqrt(1 + (low / top)^2) with its two parts in order, which neither overflows nor
underflows, and which a compiler turns into vector instructions, as it does not with hypot.
"""

from __future__ import annotations

import math

import numpy as np
from numba import types
from numba.extending import overload


def modulus(v):
    """|v|, in the precision of v; NaN if a part of v is."""
    return abs(v)


def resized(v, size, new):
    """The number with the direction of v and modulus ``new``, where |v| = ``size``; +0 if ``new`` is zero."""
    return v / size * new if size > 0 else v * 0


def in_precision_of(array, number):
    """``number`` as a real number of the precision of ``array``."""
    return array.real.dtype.type(number)


def _one(number_type):
    return np.float32(1) if number_type in (types.float32, types.complex64) else np.float64(1)


@overload(modulus)
def _modulus(v):
    one = _one(v)
    if not isinstance(v, types.Complex):
        return lambda v: abs(v)

    def of_complex(v):
        a, b = abs(v.real), abs(v.imag)
        top, low = (a, b) if a > b else (b, a)
        ratio = low / top if top > 0 else low
        return top * math.sqrt(one + ratio * ratio)

    return of_complex


@overload(resized)
def _resized(v, size, new):
    zero = _one(v) - _one(v)
    if not isinstance(v, types.Complex):
        return lambda v, size, new: math.copysign(new, v) + zero

    def of_complex(v, size, new):
        factor = new / size if new > zero else new
        return complex(v.real * factor + zero, v.imag * factor + zero)

    return of_complex


@overload(in_precision_of)
def _in_precision_of(array, number):
    real = types.float32 if array.dtype in (types.float32, types.complex64) else types.float64
    return lambda array, number: real(number)
