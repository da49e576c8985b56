r"""Projections onto the simplex and onto the l1 ball, exact and in about linear time (Condat 2016).

    simplex:  out_i = max(x_i - tau, 0)               with tau such that the sum is the radius
    l1 ball:  out_i = sign(x_i) max(|x_i| - tau, 0)   with tau such that the sum of moduli is the radius, or x if it is inside

Only entries within one radius of the largest can stay. What counts is how far below the largest they are, so tau is sought
among those distances: then a radius far smaller than the entries loses no digits, and nothing overflows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels._ready import at_least_zero, entry_by_entry, numbers, room
from sparsecs.kernels._scalars import modulus


def project_simplex(x: np.ndarray, radius: float = 1.0, out: np.ndarray | None = None) -> np.ndarray:
    """The nearest array with entries at least zero that sum to ``radius``.

    Parameters
    ----------
    x : array
        Real, of any shape.
    radius : float
        The sum, at least zero.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    References
    ----------
    Duchi, Shalev-Shwartz, Singer and Chandra (2008), Efficient projections onto the l1-ball for learning in high
    dimensions; Condat (2016), Fast projection onto the simplex and the l1 ball.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.projections import project_simplex
    >>> project_simplex(np.array([2.0, 1.5, -3.0]))
    array([0.75, 0.25, 0.  ])
    """
    x, radius = numbers(x), at_least_zero(radius, "radius")
    if np.iscomplexobj(x):
        raise TypeError(f"The simplex is a set of real vectors; got {x.dtype}.")
    out = room(x, out)
    if x.size:
        values = np.ascontiguousarray(x, dtype=np.float64).reshape(-1)
        top = float(values.max())
        entry_by_entry(_above, x, out, top, _water_level(values, top, radius))
    return out


def project_l1_ball(x: np.ndarray, radius: float = 1.0, out: np.ndarray | None = None) -> np.ndarray:
    """The nearest array whose moduli sum to at most ``radius``.

    Parameters
    ----------
    x : array
        Real or complex, of any shape.
    radius : float
        At least zero.
    out : array of the shape of ``x``, optional
        Where to write; may be ``x``.

    References
    ----------
    Duchi, Shalev-Shwartz, Singer and Chandra (2008), Efficient projections onto the l1-ball for learning in high
    dimensions; Condat (2016), Fast projection onto the simplex and the l1 ball.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.projections import project_l1_ball
    >>> project_l1_ball(np.array([2.0, -1.5, 0.2]))
    array([ 0.75, -0.25,  0.  ])
    """
    x, radius = numbers(x), at_least_zero(radius, "radius")
    out = room(x, out)
    sizes, top, total = _moduli(np.ascontiguousarray(x).reshape(-1))
    if not np.isfinite(total):
        total = float((sizes / top).sum()) * top if top < np.inf else top
    if total <= radius:
        out[...] = x
    else:
        entry_by_entry(_shrunk, x, out, top, _water_level(sizes, top, radius))
    return out


@njit(cache=True, nogil=True, error_model="numpy")
def _moduli(x):
    """All moduli, the largest, and their sum; NaN if one is NaN."""
    sizes, top, total = np.empty(x.size), 0.0, 0.0
    for i in range(x.size):
        sizes[i] = modulus(x[i])
        top = max(top, sizes[i])
        total += sizes[i]
    return sizes, top if total == total else total, total


@njit(cache=True, nogil=True, error_model="numpy")
def _above(x, out, top, level):
    for i in range(x.size):
        v = (np.float64(x[i]) - top) - level
        out[i] = 0.0 if v <= 0 else v


@njit(cache=True, nogil=True, error_model="numpy")
def _shrunk(x, out, top, level):
    for i in range(x.size):
        size = np.float64(modulus(x[i]))
        new = (size - top) - level
        out[i] = x[i] - x[i] if new <= 0 else x[i] * (new / size)


@njit(cache=True, nogil=True, error_model="numpy")
def _water_level(x, top, radius):
    """The tau with sum max(x - top - tau, 0) = radius, where ``top`` is the largest entry; NaN if one is NaN."""
    active, waiting = np.empty(x.size), np.empty(x.size)
    size, queued, tau = 0, 0, -radius
    for i in range(x.size):
        v = x[i] - top
        if v != v:
            return v
        if v > tau:
            tau += (v - tau) / (size + 1)
            if size and tau > v - radius:
                active[size] = v
                size += 1
            else:  # v alone lifts the level above all that came before
                for j in range(size):
                    waiting[queued + j] = active[j]
                queued += size
                active[0], size, tau = v, 1, v - radius
    for i in range(queued):
        if waiting[i] > tau:
            active[size] = waiting[i]
            size += 1
            tau += (waiting[i] - tau) / size
    return _settled(active[:size], radius) if size else 0.0  # a radius of 0 leaves none above the largest


@njit(cache=True, nogil=True, error_model="numpy")
def _settled(active, radius):
    """The level from candidates that hold all entries above it: those below are dropped until none is left."""
    size = active.size
    while True:
        total = 0.0
        for i in range(size):
            total += active[i]
        tau = (total - radius) / size
        left = 0
        for i in range(size):
            if active[i] > tau:
                active[left] = active[i]
                left += 1
        if left == size or left == 0:
            return tau
        size = left
