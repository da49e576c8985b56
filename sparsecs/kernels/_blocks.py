r"""The compiled loops of the block thresholds.

A coefficient is ``width`` real numbers that stand together: 1, or 2 for a complex one, or those of a row of a matrix. Sums are
taken in float64. Where labels rise, norms are found and applied stretch by stretch, while the numbers are in the nearest cache;
where they do not, the norms of all blocks come first and a second pass applies them.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

LEAST, MOST = 1e-280, 1e300  # between them a sum of squares has neither overflowed nor lost digits
STRETCH = 1024  # coefficients that are looked at twice while they are near


@njit(cache=True, nogil=True, error_model="numpy")
def survey(labels):
    """Whether the labels never fall, and the least and the greatest of them."""
    falls = 0
    for i in range(1, labels.size):
        falls += labels[i - 1] > labels[i]
    least, most = labels[0], labels[labels.size - 1]
    if falls:
        for i in range(labels.size):
            least, most = min(least, labels[i]), max(most, labels[i])
    return falls == 0, least, most


@njit(cache=True, nogil=True, error_model="numpy")
def _careful_norm(x, start, end):
    """The Euclidean norm of x[start:end] where its sum of squares overflows, underflows or is NaN."""
    peak = 0.0
    for i in range(start, end):
        size = abs(np.float64(x[i]))
        peak = size if size > peak or size != size else peak
        if peak != peak:
            return peak
    if peak == 0 or peak == np.inf:
        return peak
    power = math.ldexp(1.0, -max(math.frexp(peak)[1], -1000))  # a power of two changes no digit
    total = 0.0
    for i in range(start, end):
        v = np.float64(x[i]) * power
        total += v * v
    return math.sqrt(total) / power


@njit(cache=True, nogil=True, error_model="numpy")
def rising_norms(x, width, labels, start, end, norms):
    """The norms of the blocks of the coefficients from ``start`` to ``end``, which cut no run, where labels never fall."""
    label, total, narrow = labels[start], 0.0, width == 1
    for i in range(start, end):
        if labels[i] != label:
            norms[label] = total
            label, total = labels[i], 0.0
        if narrow:
            v = np.float64(x[i])
            total += v * v
        else:
            for j in range(i * width, (i + 1) * width):
                v = np.float64(x[j])
                total += v * v
    norms[label] = total
    unsafe = 0
    for g in range(labels[start], labels[end - 1] + 1):
        unsafe += (not norms[g] > LEAST) | (not norms[g] < MOST)
        norms[g] = math.sqrt(norms[g])
    if unsafe:
        _careful_runs(x, width, labels, start, end, norms)


@njit(cache=True, nogil=True, error_model="numpy")
def _careful_runs(x, width, labels, start, end, norms):
    first = start
    while first < end:
        last = first + 1
        while last < end and labels[last] == labels[first]:
            last += 1
        if not 1e-140 < norms[labels[first]] < 1e150:
            norms[labels[first]] = _careful_norm(x, first * width, last * width)
        first = last


@njit(cache=True, nogil=True, error_model="numpy")
def mixed_norms(x, width, labels, norms):
    """The norm of each block, written to ``norms``, which holds zeros."""
    for i in range(labels.size):
        for j in range(i * width, (i + 1) * width):
            v = np.float64(x[j])
            norms[labels[i]] += v * v
    safe = True
    for g in range(norms.size):
        safe &= LEAST < norms[g] < MOST
    if safe:
        for g in range(norms.size):
            norms[g] = math.sqrt(norms[g])
    else:
        _careful_norms(x, width, labels, norms)


@njit(cache=True, nogil=True, error_model="numpy")
def _careful_norms(x, width, labels, norms):
    peaks = np.zeros(norms.size)
    for i in range(labels.size):
        for j in range(i * width, (i + 1) * width):
            size = abs(np.float64(x[j]))
            if size > peaks[labels[i]] or size != size:
                peaks[labels[i]] = size
    norms[:] = 0
    for i in range(labels.size):
        peak = peaks[labels[i]]
        if 0 < peak < np.inf:
            for j in range(i * width, (i + 1) * width):
                v = np.float64(x[j]) / peak
                norms[labels[i]] += v * v
    for g in range(norms.size):
        norms[g] = peaks[g] * math.sqrt(norms[g]) if 0 < peaks[g] < np.inf else peaks[g]


@njit(cache=True, nogil=True, error_model="numpy")
def _factor(norm, bar, soft):
    """What a block is multiplied with; NaN if its norm is."""
    if norm > bar:
        return (norm - bar) / norm if soft and norm < np.inf else 1.0
    return 0.0 if norm <= bar else np.nan


@njit(cache=True, nogil=True, error_model="numpy")
def rising_threshold(x, width, labels, start, end, bars, soft, out):
    """Each block from ``start`` to ``end`` shrunk by its bar, or kept if it is longer, where the labels never fall."""
    factors = np.empty(bars.size)
    while start < end:
        stop = min(start + STRETCH, end)
        while stop < end and labels[stop] == labels[stop - 1]:
            stop += 1
        rising_norms(x, width, labels, start, stop, factors)
        for g in range(labels[start], labels[stop - 1] + 1):
            factors[g] = _factor(factors[g], bars[g], soft)
        multiply(x, width, labels, start, stop, factors, out)
        start = stop


@njit(cache=True, nogil=True, error_model="numpy")
def mixed_threshold(x, width, labels, start, end, bars, soft, out):
    """Each block shrunk by its bar, or kept if it is longer; ``start`` and ``end`` are those of the whole."""
    factors = np.zeros(bars.size)
    mixed_norms(x, width, labels, factors)
    for g in range(bars.size):
        factors[g] = _factor(factors[g], bars[g], soft)
    multiply(x, width, labels, start, end, factors, out)


@njit(cache=True, nogil=True, error_model="numpy")
def multiply(x, width, labels, start, end, factors, out):
    """Each coefficient from ``start`` to ``end`` times the factor of its block; + 0 turns -0 into +0."""
    if width == 1:
        for i in range(start, end):
            out[i] = x[i] * factors[labels[i]] + 0.0
    else:
        for i in range(start, end):
            factor = factors[labels[i]]
            for j in range(i * width, (i + 1) * width):
                out[j] = x[j] * factor + 0.0
