r"""The group problem on a working set: block descent finds the groups, Newton's method does the rest.

    min_x  1/2 x^T G x - b^T x + sum_g p_g ||x_g||                                  c = b - G x

Away from zero the norm of a group is smooth. With F the coefficients of all groups that are not zero, and u_g = x_g / ||x_g||,

    (G_FF + diag_g( p_g / ||x_g|| (I - u_g u_g^T) )) d = c_F - p u,     x' = x + t d

where t is the lowest point of the true objective on that line, by bisection of its slope. Passes of block descent between the
steps let groups enter and leave, more of them when t says that the quadratic model reached too far.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels.active_set import factor, image, lower_block, solved
from sparsecs.kernels.coordinate_descent import group_passes


def solve_group_quadratic(
    G: np.ndarray, x: np.ndarray, c: np.ndarray, edges: np.ndarray, price: np.ndarray, steep: np.ndarray, rounds: int
) -> bool:
    """Bring x to the minimiser, in place; whether the optimality conditions hold to ten digits.

    Parameters
    ----------
    G : (p, p) array
        Inner products of the columns, C order.
    x, c : (p,) arrays
        The coefficients and the correlations b − G x; both are changed.
    edges : (q + 1,) integer array
        Group g is made of coefficients ``edges[g]`` to ``edges[g + 1]``.
    price : (q,) array
        What a unit of each group's norm costs, above zero.
    steep : (q,) array
        A bound on the largest eigenvalue of each group's block of G.
    rounds : int
        The most Newton steps.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.active_groups import solve_group_quadratic
    >>> x, c = np.zeros(2), np.array([3.0, 4.0])
    >>> solve_group_quadratic(np.eye(2), x, c, np.array([0, 2]), np.array([2.5]), np.ones(1), 5), x
    (True, array([1.5, 2. ]))
    """
    passes = 5
    for _ in range(rounds):
        group_passes(G, x, c, edges, price, steep, passes)
        t = _newton(G, x, c, edges, price)
        passes = 2 if t > 0.3 else min(2 * passes, 50)
        if _violation(x, c, edges, price) <= 1e-10:
            return True
    return False


def _newton(G: np.ndarray, x: np.ndarray, c: np.ndarray, edges: np.ndarray, price: np.ndarray) -> float:
    """One step on the groups that are not zero; its length, 1 for a whole one."""
    lengths = _norms(x, edges)
    owner = np.repeat(np.arange(price.size), np.diff(edges))
    free = np.flatnonzero(lengths[owner] > 0)
    if free.size == 0:
        return 1.0
    H = lower_block(G, free)
    u = x[free] / lengths[owner[free]]
    _bend(H, u, owner[free], price / np.where(lengths > 0, lengths, 1))
    L = factor(H)
    if L is None:
        return 0.0
    rest = c[free] - price[owner[free]] * u
    d = solved(L, rest)
    Gd = image(G, free, d)
    t = _lowest(x[free], d, owner[free], price, -float(c[free] @ d), float(d @ Gd[free]))
    x[free] += t * d
    c -= t * Gd
    return t


def _violation(x: np.ndarray, c: np.ndarray, edges: np.ndarray, price: np.ndarray) -> float:
    """How far c is from the subgradients of the penalty at x, as a part of the prices."""
    lengths, owner = _norms(x, edges), np.repeat(np.arange(price.size), np.diff(edges))
    u = x / np.where(lengths > 0, lengths, 1)[owner]
    off = _norms(c - price[owner] * u, edges)
    return float((np.where(lengths > 0, off, off - price) / price).max(initial=0))


@njit(cache=True)
def _norms(x, edges):
    norms = np.zeros(edges.size - 1)
    for g in range(norms.size):
        for j in range(edges[g], edges[g + 1]):
            norms[g] += x[j] * x[j]
    return np.sqrt(norms)


@njit(cache=True)
def _bend(H, u, owner, curvature):
    """Add the second derivative of the norms to the lower triangle of H."""
    for j in range(u.size):
        i = j
        while i < u.size and owner[i] == owner[j]:
            H[i, j] -= curvature[owner[j]] * u[i] * u[j]
            i += 1
        H[j, j] += curvature[owner[j]]


@njit(cache=True)
def _slope(t, x, d, owner, price, slope, curvature):
    total = slope + curvature * t
    j = 0
    while j < x.size:
        g, along, square = owner[j], 0.0, 0.0
        while j < x.size and owner[j] == g:
            v = x[j] + t * d[j]
            along += v * d[j]
            square += v * v
            j += 1
        if square > 0:
            total += price[g] * along / np.sqrt(square)
    return total


@njit(cache=True)
def _lowest(x, d, owner, price, slope, curvature):
    """The t in [0, 2] where the objective along d is lowest."""
    if _slope(1.0, x, d, owner, price, slope, curvature) > 0:
        low, high = 0.0, 1.0
    else:
        low, high = 1.0, 2.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if _slope(middle, x, d, owner, price, slope, curvature) > 0:
            high = middle
        else:
            low = middle
    return 0.5 * (low + high)
