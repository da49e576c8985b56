r"""The k-th largest modulus of an array, in two passes over it and without sorting (Floyd and Rivest 1975).

A random sample gives a bracket that holds the k-th largest with overwhelming probability. One pass counts what lies above
the bracket and gathers what lies inside; the answer is selected among those few. A bracket that missed costs time only.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels._ready import SHORT
from sparsecs.kernels._scalars import bits_of, modulus
from sparsecs.kernels.chunks import in_parallel, pieces

FEW = 2048  # up to here one selection among all is quicker than a sample
STRETCH = 1024  # entries that are looked at twice while they are near


def cut(x: np.ndarray, k: int) -> tuple[float, int, int]:
    """The k-th largest modulus of ``x``, how many entries of just that size are among the k largest, and how many there are.

    Parameters
    ----------
    x : (n,) array, contiguous
        Real or complex; if an entry is NaN, so is the modulus returned.
    k : int
        From 1 to n.

    References
    ----------
    Floyd and Rivest (1975), Expected time bounds for selection.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.order import cut
    >>> bar, kept, equal = cut(np.array([1.0, -3.0, 3.0, -3.0, 2.0]), 2)
    >>> float(bar), kept, equal
    (3.0, 2, 3)
    """
    if x.size < SHORT:
        return _cut(x, k)
    low, high = _bracket(x, k)
    parts = in_parallel(_gather, [(x[a:b], low, high) for a, b in pieces(x.nbytes, x.size)])
    above, at_high, at_low, sick = np.sum([part[1:] for part in parts], axis=0).tolist()
    inside = np.concatenate([part[0] for part in parts])
    return _placed(x, k, low, high, inside, above, at_high, at_low, sick)


@njit(cache=True, nogil=True, error_model="numpy")
def _cut(x, k):
    if x.size <= FEW:
        return _among(x, k)
    low, high = _bracket(x, k)
    inside, above, at_high, at_low, sick = _gather(x, low, high)
    return _placed(x, k, low, high, inside, above, at_high, at_low, sick)


@njit(cache=True, nogil=True, error_model="numpy")
def _placed(x, k, low, high, inside, above, at_high, at_low, sick):
    """The answer from what lies above, at, and inside a bracket; from all moduli if the bracket missed."""
    if sick:
        return low * np.nan, 0, 0
    if above < k <= above + at_high:
        return high, k - above, at_high
    rank = k - above - at_high
    if 0 < rank <= inside.size:
        return _among(inside, rank)
    rank -= inside.size
    if 0 < rank <= at_low:
        return low, rank, at_low
    return _among(x, k)


@njit(cache=True, nogil=True, error_model="numpy")
def _among(x, k):
    sizes = np.empty(x.size, dtype=x.real.dtype)
    sick = False
    for i in range(x.size):
        sizes[i] = modulus(x[i])
        sick |= sizes[i] != sizes[i]
    if sick:
        return sizes[0] * np.nan, 0, 0
    bar = _select(sizes, k)
    above, equal = 0, 0
    for i in range(sizes.size):
        above += sizes[i] > bar
        equal += sizes[i] == bar
    return bar, k - above, equal


@njit(cache=True, nogil=True, error_model="numpy")
def _select(values, k):
    """The k-th largest value; reorders them. Pivots are medians of three at pseudo-random places, so no order is slow."""
    left, right, place = 0, values.size - 1, k - 1
    state = np.uint64(values.size)
    while left < right:
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        span = np.uint64(right - left + 1)
        a = values[left + np.int64((state >> np.uint64(33)) % span)]
        b = values[left + np.int64((state >> np.uint64(23)) % span)]
        c = values[left + np.int64((state >> np.uint64(13)) % span)]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = left, right
        while i <= j:
            while values[i] > pivot:
                i += 1
            while values[j] < pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if place <= j:
            right = j
        elif place >= i:
            left = i
        else:
            break
    return values[place]


@njit(cache=True, nogil=True, error_model="numpy")
def _bracket(x, k):
    """Two moduli between which the k-th largest lies, if the sample is like the whole."""
    n = x.size
    size = int(n ** (2 / 3))
    sample = np.empty(size, dtype=x.real.dtype)
    state = np.uint64(n)
    for i in range(size):
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        place = (i * n) // size + np.int64(state >> np.uint64(40)) % (n // size)  # one of each stretch of x
        r = modulus(x[place])
        sample[i] = r if r == r else 0
    share = k / n
    reach = 4 * np.sqrt(size * share * (1 - share)) + 4  # four standard deviations of a rank
    first, last = int(np.floor(size * share - reach)), int(np.ceil(size * share + reach))
    high = _select(sample, first) if first > 0 else sample[0] * 0 + np.inf
    low = _select(sample, last) if last <= size else sample[0] * 0
    return low, high


@njit(cache=True, nogil=True, error_model="numpy")
def _gather(x, low, high):
    """The moduli strictly between; how many lie above, at ``high`` and at ``low``; how many are NaN.

    The bits of numbers of one sign, read as whole numbers, stand in the order of the numbers, with NaN above infinity.
    """
    ends = np.empty(3, dtype=x.real.dtype)
    ends[0], ends[1], ends[2] = low, high, np.inf
    lowest, highest, infinity = np.uint64(bits_of(ends)[0]), np.uint64(bits_of(ends)[1]), np.uint64(bits_of(ends)[2])
    first = lowest + np.uint64(1)
    span = highest - first if highest > first else np.uint64(0)
    inside, sizes = np.empty(x.size + 1, dtype=x.real.dtype), np.empty(STRETCH, dtype=x.real.dtype)
    kept, bits = bits_of(inside), bits_of(sizes)
    count, above, at_high, at_low, sick = np.uint64(0), 0, 0, 0, 0
    for start in range(0, x.size, STRETCH):
        length = min(STRETCH, x.size - start)
        for i in range(length):
            sizes[i] = modulus(x[start + i])
        for i in range(length):
            above += bits[i] > highest
            at_high += bits[i] == highest
            at_low += bits[i] == lowest
            sick += bits[i] > infinity
        for i in range(length):  # without a branch that could be mispredicted
            kept[count] = bits[i]
            count += np.uint64(np.uint64(bits[i]) - first < span)
    return inside[:count].copy(), above, at_high, at_low if low < high else 0, sick


@njit(cache=True, nogil=True, error_model="numpy")
def keep_above(x, out, bar):
    """The entries of modulus ``bar`` or more, others zero."""
    if x.ctypes.data == out.ctypes.data:
        for i in range(out.size):
            v = out[i]
            out[i] = v if modulus(v) >= bar else v - v
    else:
        for i in range(x.size):
            v = x[i]
            out[i] = v if modulus(v) >= bar else v - v


@njit(cache=True, nogil=True, error_model="numpy")
def keep_first(x, out, bar, kept):
    """The entries of modulus above ``bar`` and the first ``kept`` of modulus ``bar``, others zero."""
    for i in range(x.size):
        v = x[i]
        r = modulus(v)
        if r == bar and kept > 0:
            kept -= 1
            out[i] = v
        else:
            out[i] = v if r > bar else 0


@njit(cache=True, nogil=True, error_model="numpy")
def keep_few(x, out, k):
    """The k entries of largest modulus, of equal ones the first, others zero; NaN everywhere if one is NaN."""
    bar, kept, _ = _among(x, k)
    if bar != bar:
        out[:] = bar
    else:
        keep_first(x, out, bar, kept)
