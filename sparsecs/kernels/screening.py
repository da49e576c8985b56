r"""Correlations from an eighth of the bytes: columns in steps of 1/127 of their largest entry, with proven bounds.

    a_j = g_j c_j + e_j,   r = t s + d      c_j in whole numbers up to 127, s up to 32767
    | <a_j, r> - g_j t <c_j, s> |  <=  |e_j| (|r| + |d|) + |a_j| |d|

A long product with A^T is bound by the bytes of A that it reads. The codes c_j take one byte an entry, and their products are
whole numbers, so exact. Only the few columns whose upper bound reaches the best lower bound are looked at in full precision,
and among these the choice is made: it is the one that all columns in full precision would give.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from sparsecs.kernels.least_squares import FAST, inner, norm
from sparsecs.kernels.selection import first_within, slack_of
from sparsecs.kernels.whole_products import padded, products

TILE = 64  # columns by rows that are coded and then turned over while they are in the nearest cache
LARGEST = 2**31 - 1
FAINT = 1e-300  # a column without a larger entry has codes of zero, and an error of its own size


def coded(B: np.ndarray, turned: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The columns of A as codes, what one step of a code is worth (n,), and the norms of the errors (n,).

    Codes fill the first n rows and m columns of an array of zeros of the shape that ``whole_products`` asks for.

    Parameters
    ----------
    B : (m, n) array, C order
        A; or, if ``turned``, an (n, m) array that holds A transposed.
    turned : bool

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.screening import coded
    >>> codes, steps, errors = coded(np.array([[2.0, 0.0], [1.0, 0.0]]), False)
    >>> codes[:2, :2], steps * 127
    (array([[127,  64],
           [  0,   0]], dtype=int8), array([2., 0.]))
    """
    n, m = B.shape if turned else B.shape[::-1]
    codes, steps, errors = np.zeros(padded(n, m), np.int8), np.empty(n), np.empty(n)
    (_code_rows if turned else _code_columns)(B, codes, steps, errors)
    return codes, steps, errors


@njit(cache=True, nogil=True)
def _code_columns(A, codes, steps, errors):
    m, n = A.shape
    tile = np.empty((TILE, TILE), np.int8)
    for left in range(0, n, TILE):
        right = min(left + TILE, n)
        peaks = np.zeros(right - left)
        for i in range(m):
            _raise(A[i, left:right], peaks)
        codes_per_unit, sums = _per_unit(peaks), np.zeros(right - left)
        for top in range(0, m, TILE):
            bottom = min(top + TILE, m)
            for i in range(top, bottom):
                _code(A[i, left:right], codes_per_unit, tile[i - top], sums)
            for j in range(left, right):
                line = codes[j, top:bottom]
                for i in range(bottom - top):
                    line[i] = tile[i, j - left]
        for j in range(left, right):
            steps[j] = peaks[j - left] / 127
            errors[j] = _error(peaks[j - left], sums[j - left], m)


@njit(cache=True, nogil=True)
def _code_rows(B, codes, steps, errors):
    n, m = B.shape
    peaks = np.empty(TILE)
    for j in range(n):
        peaks[:] = 0
        for start in range(0, m, TILE):
            _raise(B[j, start : start + TILE], peaks)
        peak = peaks.max()
        steps[j] = peak / 127
        errors[j] = _error(peak, _code_one(B[j], 127 / peak if peak > FAINT else 0.0, codes[j]), m)


@njit(cache=True, nogil=True)
def _per_unit(peaks):
    out = np.zeros(peaks.size)
    for i in range(peaks.size):
        if peaks[i] > FAINT:
            out[i] = 127 / peaks[i]
    return out


@njit(cache=True, nogil=True)
def _error(peak, squares, m):
    return math.sqrt(squares) * peak / 127 if peak > FAINT else math.sqrt(m) * peak


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _raise(line, peaks):
    for j in range(line.size):
        size = abs(line[j])
        peaks[j] = size if size > peaks[j] else peaks[j]


@njit(cache=True, nogil=True, fastmath={"contract", "nsz", "nnan"})
def _code(line, codes_per_unit, codes, sums):
    for j in range(line.size):
        value = line[j] * codes_per_unit[j]
        whole = np.floor(value + 0.5)
        codes[j] = np.int8(np.int32(whole))
        sums[j] += (value - whole) * (value - whole)


@njit(cache=True, nogil=True, fastmath=FAST)
def _code_one(line, codes_per_unit, codes):
    squares = 0.0
    for i in range(line.size):
        value = line[i] * codes_per_unit
        whole = np.floor(value + 0.5)
        codes[i] = np.int8(np.int32(whole))
        squares += (value - whole) * (value - whole)
    return squares


@njit(cache=True, nogil=True)
def choose_screened(B, turned, codes, steps, errors, bids, residual, whole, bounds):
    """The column that ``choose`` would name, its size, and True; or False if too many columns are within the bounds.

    ``whole``, of the length of a column of codes and of int16, and ``bounds`` (2, n) are written over.
    """
    n, m = bids.size, residual.size
    length = norm(residual)
    step, lost = _whole(residual, whole)
    rounding = 4 * math.sqrt(m) * np.finfo(residual.dtype).eps * length  # of the products in full precision
    products(codes, whole, bounds[0])
    floor = _bound(steps, errors, bids, step, length + lost, lost + rounding, bounds[0])
    floor *= 1 - 2 * slack_of(bids)
    few = 0
    for j in range(n):
        few += bounds[0, j] >= floor
    if few > 16 + n // 64:
        return 0, 0.0, False
    for j in range(n):
        bounds[1, j] = _correlation(B, turned, j, residual) * bids[j] if bounds[0, j] >= floor else 0.0
    best, top = first_within(bounds[1], slack_of(bids))
    return best, top, True


@njit(cache=True, nogil=True, fastmath={"nnan", "nsz"})
def _bound(steps, errors, bids, step, length, lost, bounds):
    """Products of codes into upper bounds; the largest lower bound. Columns that are no longer free have none."""
    floor = 0.0
    lanes = np.zeros(16)
    for start in range(0, bounds.size, 16):
        end = min(start + 16, bounds.size)
        for j in range(start, end):
            margin = (bids[j] * errors[j] * length + lost) * 1.000001
            value = bids[j] * steps[j] * step * abs(bounds[j])
            bounds[j] = value * 1.000001 + margin if bids[j] > 0 else -1.0
            lower = value * 0.999999 - margin if bids[j] > 0 else 0.0
            lanes[j - start] = lower if lower > lanes[j - start] else lanes[j - start]
    for lane in range(16):
        floor = max(floor, lanes[lane])
    return floor


@njit(cache=True, nogil=True, fastmath=FAST)
def _whole(residual, whole):
    """Write the residual in whole steps; the size of a step, and the norm of what is lost."""
    peak = 0.0
    for i in range(residual.size):
        peak = max(peak, abs(residual[i]))
    most = min(32767, LARGEST // (127 * residual.size))  # so that no product of codes leaves 32 bits
    step, lost = peak / most, 0.0
    for i in range(residual.size):
        value = residual[i] / step if step > 0 else 0.0
        nearest = np.floor(value + 0.5)
        whole[i] = np.int16(nearest)
        lost += (value - nearest) * (value - nearest)
    return step, math.sqrt(lost) * step


@njit(cache=True, nogil=True)
def _correlation(B, turned, j, residual):
    """|<a_j, r>| in full precision."""
    if turned:
        return abs(inner(B[j], residual))
    total = 0.0
    for i in range(residual.size):
        total += B[i, j] * residual[i]
    return abs(total)
