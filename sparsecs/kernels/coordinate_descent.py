r"""Coordinate descent on quadratic models with a separable penalty, where all inner products of the columns are at hand.

    min_x  1/2 x^T G x - b^T x + sum_j p_j |x_j|            c = b - G x is kept up to date
    x_j' = clip( soft(c_j + G_jj x_j, p_j) / G_jj ),        c' = c - (x_j' - x_j) G_j

and the same for groups, whose step is one of proximal gradient descent with the norm of their block of G. A pass costs one
row of G for each coefficient that moves, whatever the number of measurements (Friedman, Hastie and Tibshirani 2010 call these
covariance updates). Everything is done in place.
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
    G : (p, p) array
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
    G: np.ndarray, x: np.ndarray, c: np.ndarray, edges: np.ndarray, price: np.ndarray, steep: np.ndarray, count: int
) -> None:
    """``count`` passes of descent over all groups, by a proximal step in each; a group that should be zero becomes zero.

    Parameters
    ----------
    G : (p, p) array
    x, c : (p,) arrays
        The coefficients and the correlations b − G x; both are changed.
    edges : (q + 1,) integer array
        Group g is made of coefficients ``edges[g]`` to ``edges[g + 1]``.
    price : (q,) array
        What a unit of each group's norm costs.
    steep : (q,) array
        A bound on the largest eigenvalue of each group's block of G; a group with 0 is left alone.
    count : int

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.coordinate_descent import group_passes
    >>> x, c = np.zeros(2), np.array([3.0, 4.0])
    >>> group_passes(np.eye(2), x, c, np.array([0, 2]), np.array([2.5]), np.ones(1), 1)
    >>> x
    array([1.5, 2. ])
    """
    widest = 0
    for g in range(price.size):
        widest = max(widest, edges[g + 1] - edges[g])
    new = np.zeros(widest)
    for _ in range(count):
        still = True
        for g in range(price.size):
            if steep[g] > 0:
                still &= not _group_step(G, x, c, edges[g], edges[g + 1], price[g], steep[g], new)
        if still:
            break


@njit(cache=True)
def _group_step(G, x, c, start, end, price, steep, new):
    """Whether the group moved."""
    length, alone, old = 0.0, 0.0, 0.0
    for j in range(start, end):
        new[j - start] = c[j] + steep * x[j]
        length += new[j - start] ** 2
        old += abs(x[j])
        rest = c[j]  # the correlation if the whole group were zero
        if price < np.inf:
            for i in range(start, end):
                rest += G[j, i] * x[i]
        alone += rest * rest
    length = np.sqrt(length)
    factor = 0.0 if np.sqrt(alone) <= price or length <= price else (1 - price / length) / steep
    if factor == 0.0 and old == 0.0:
        return False
    moved = False
    for j in range(start, end):
        step = factor * new[j - start] - x[j]
        if step != 0:
            take_off(c, step, G[j])
            x[j] = factor * new[j - start]
            moved = True
    return moved
