r"""Coordinate descent for the squared loss with an l1 norm or a group norm, in place.

    min_x  1/2 x^T G x - b^T x + sum_j p_j |x_j|            c = b - G x is kept up to date
    x_j' = clip( soft(c_j + G_jj x_j, p_j) / G_jj ),        c' = c - (x_j' - x_j) G_j

A pass costs one row of G for each coefficient that moves, whatever the number of measurements (Friedman, Hastie and Tibshirani
2010 call these covariance updates).

    min_x  1/2 ||B x - y||^2 + sum_g p_g ||x_g||            r = y - B x is kept up to date
    x_g' = shrunk(x_g + B_g^T r / L_g, p_g / L_g),          r' = r - B_g (x_g' - x_g),      L_g = ||B_g||^2

Groups often have more columns in use than there are measurements, and then the columns cost less than their inner products.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, fastmath={"contract", "reassoc"})
def take_off(c, step, row):
    """c − step · row, in place."""
    for i in range(c.size):
        c[i] -= step * row[i]


@njit(cache=True)
def l1_passes(G: np.ndarray, x: np.ndarray, c: np.ndarray, price: np.ndarray, bounds: tuple, count: int) -> None:
    """``count`` passes of coordinate descent over all coefficients, each kept within ``bounds``.

    Parameters
    ----------
    G : (at least p, at least p) array, C order
        Inner products of the columns; a coefficient whose column is zero is left alone.
    x, c : (p,) arrays
        The coefficients and the correlations b − G x; both are changed.
    price : (p,) array
        What a unit of each coefficient costs.
    bounds : tuple of float
        The lowest and the highest coefficient allowed; 0 lies between.
    count : int

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.coordinate_descent import l1_passes
    >>> x, c = np.zeros(2), np.array([3.0, -0.5])
    >>> l1_passes(np.eye(2), x, c, np.ones(2), (-np.inf, np.inf), 1)
    >>> x, c
    (array([2., 0.]), array([ 1. , -0.5]))
    """
    for _ in range(count):
        still = True
        for j in range(x.size):
            square = G[j, j]
            if square <= 0:
                continue
            v, new = c[j] + square * x[j], 0.0
            if v > price[j]:
                new = min((v - price[j]) / square, bounds[1])
            elif v < -price[j]:
                new = max((v + price[j]) / square, bounds[0])
            if new != x[j]:
                take_off(c, new - x[j], G[j])
                x[j] = new
                still = False
        if still:
            break


@njit(cache=True)
def group_passes(
    B: np.ndarray,
    r: np.ndarray,
    x: np.ndarray,
    edges: np.ndarray,
    price: np.ndarray,
    steep: np.ndarray,
    blocks: np.ndarray,
    count: int,
) -> None:
    """``count`` passes of descent over all groups, by a proximal step in each; a group that should be zero becomes zero.

    Parameters
    ----------
    B : (m, p) array, Fortran order
        The columns.
    r, x : (m,) and (p,) arrays
        The residual and the coefficients; both are changed.
    edges : (q + 1,) integer array
        Group g is made of coefficients ``edges[g]`` to ``edges[g + 1]``.
    price : (q,) array
        What a unit of each group's norm costs.
    steep : (q,) array
        A bound on the squared norm of each group's columns as a matrix; a group with 0 is left alone.
    blocks : array
        The inner products within each group, row by row, one group after the other.
    count : int

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.coordinate_descent import group_passes
    >>> r, x = np.array([3.0, 4.0]), np.zeros(2)
    >>> group_passes(np.eye(2, order="F"), r, x, np.array([0, 2]), np.array([2.5]), np.ones(1), np.eye(2).ravel(), 1)
    >>> x, r
    (array([1.5, 2. ]), array([1.5, 2. ]))
    """
    c = np.zeros(np.diff(edges).max())
    for _ in range(count):
        still, first = True, 0
        for g in range(price.size):
            size = edges[g + 1] - edges[g]
            block = blocks[first : first + size * size].reshape(size, size)
            first += size * size
            if steep[g] > 0 and _group_step(B, r, x, edges[g], edges[g + 1], price[g], steep[g], block, c):
                still = False
        if still:
            break


@njit(cache=True, fastmath={"contract", "reassoc"})
def _inner(a, b):
    total = 0.0
    for i in range(a.size):
        total += a[i] * b[i]
    return total


@njit(cache=True)
def _group_step(B, r, x, start, end, price, steep, block, c):
    """Whether the group moved; ``c`` is room to work in."""
    zero, length, alone = True, 0.0, 0.0
    for j in range(start, end):
        c[j - start] = _inner(B[:, j], r)
        zero &= x[j] == 0
    for j in range(end - start):
        rest = c[j]  # the correlation if the whole group were zero
        if not zero:
            for i in range(end - start):
                rest += block[j, i] * x[start + i]
        alone += rest * rest
    if zero and alone <= price * price:
        return False
    for j in range(start, end):
        c[j - start] += steep * x[j]
        length += c[j - start] ** 2
    length = np.sqrt(length)
    factor = 0.0 if np.sqrt(alone) <= price or length <= price else (1 - price / length) / steep
    moved = False
    for j in range(start, end):
        step = factor * c[j - start] - x[j]
        if step != 0:
            take_off(r, step, B[:, j])
            x[j] = factor * c[j - start]
            moved = True
    return moved
