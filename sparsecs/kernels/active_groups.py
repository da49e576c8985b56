r"""The group problem on a working set: block descent finds the groups, Newton's method does the rest.

    min_x  1/2 ||B x - y||^2 + sum_g p_g ||x_g||                                    r = y - B x

Away from zero the norm of a group is smooth. With F the coefficients of all groups that are not zero, and u_g = x_g / ||x_g||,

    (B_F^T B_F + diag_g( p_g / ||x_g|| (I - u_g u_g^T) )) d = B_F^T r - p u,        x' = x + t d

where t is the lowest point of the true objective on that line, by bisection of its slope. Passes of block descent between the
steps let groups enter and leave, more of them when t says that the quadratic model reached too far.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numba import njit

from sparsecs.kernels.cholesky import factor, half_solved, solved
from sparsecs.kernels.coordinate_descent import group_passes

PORTION = 5  # passes between two looks at the optimality conditions


def solve_groups(
    B: np.ndarray,
    r: np.ndarray,
    x: np.ndarray,
    edges: np.ndarray,
    price: np.ndarray,
    rounds: int,
    accuracy: float = 1e-10,
) -> bool:
    """Bring x to the minimiser, in place; whether the optimality conditions hold to ``accuracy``.

    Parameters
    ----------
    B : (m, p) array, Fortran order
        The columns.
    r, x : (m,) and (p,) arrays
        The residual y − B x and the coefficients; both are changed.
    edges : (q + 1,) integer array
        Group g is made of coefficients ``edges[g]`` to ``edges[g + 1]``.
    price : (q,) array
        What a unit of each group's norm costs, above zero.
    rounds : int
        The most Newton steps.
    accuracy : float
        On the distance of Bᵀr from the subgradients, as a part of the prices.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.active_groups import solve_groups
    >>> r, x = np.array([3.0, 4.0]), np.zeros(2)
    >>> solve_groups(np.eye(2, order="F"), r, x, np.array([0, 2]), np.array([2.5]), 5), x
    (True, array([1.5, 2. ]))
    """
    parts = [B[:, a:b].T @ B[:, a:b] for a, b in pairwise(edges)]
    steep = np.array([np.abs(part).sum(axis=0).max() for part in parts])  # at least the largest eigenvalue
    blocks = np.concatenate([part.ravel() for part in parts])
    patience = 1.0
    for _ in range(rounds):
        size = np.count_nonzero(x)
        # as many passes as cost about what a Newton step does
        worth = size * min(size, B.shape[0]) / (30 * (size + x.size))
        for _ in range(int(patience * worth / PORTION) + 1):
            group_passes(B, r, x, edges, price, steep, blocks, PORTION)
            if _violation(x, B.T @ r, edges, price) <= accuracy:
                return True
        t = _newton(B, r, x, edges, price)
        patience = 0.1 if t > 0.5 else 2 * max(patience, 1.0)
        if _violation(x, B.T @ r, edges, price) <= accuracy:
            return True
    return False


def _newton(B: np.ndarray, r: np.ndarray, x: np.ndarray, edges: np.ndarray, price: np.ndarray) -> float:
    """One step on the groups that are not zero; its length, 1 for a whole one."""
    lengths = _norms(x, edges)
    owner = np.repeat(np.arange(price.size), np.diff(edges))
    free = np.flatnonzero(lengths[owner] > 0)
    if free.size == 0:
        return 1.0
    used, group = B[:, free], owner[free]
    u, bend = x[free] / lengths[group], price[group] / lengths[group]
    c = r @ used
    solve = _by_columns if free.size <= B.shape[0] else _by_rows
    d = solve(used, u, bend, group, c - price[group] * u)
    if d is None:
        return 0.0
    moved = used @ d
    t = _lowest(x[free], d, group, price, -float(c @ d), float(moved @ moved))
    start, end = x[free], x[free] + d
    end[np.bincount(group, weights=start * end)[group] <= 0] = 0  # groups that passed zero are left there
    change = used @ (end - start)
    if t < 0.9 and _rise(start, end, change, r, group, price) < _rise(start, start + t * d, t * moved, r, group, price):
        x[free], r[:] = end, r - change
    else:
        x[free], r[:] = start + t * d, r - t * moved
    return t


def _rise(
    start: np.ndarray, end: np.ndarray, moved: np.ndarray, r: np.ndarray, group: np.ndarray, price: np.ndarray
) -> float:
    """By how much the objective is higher at ``end``."""
    lengths = [np.sqrt(np.bincount(group, weights=point**2, minlength=price.size)) for point in (end, start)]
    return float(moved @ (0.5 * moved - r) + price @ (lengths[0] - lengths[1]))


def _by_columns(B: np.ndarray, u: np.ndarray, bend: np.ndarray, group: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    """The d with (BᵀB + diag(bend (I − u uᵀ))) d = b, by a factorisation of that matrix."""
    H = B.T @ B
    _add_bend(H, u, bend, group)
    L = factor(H)
    return None if L is None else solved(L, b)


def _by_rows(B: np.ndarray, u: np.ndarray, bend: np.ndarray, group: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    """The same where there are more columns than rows: d = τ + u ρ, with τ orthogonal to u in each group.

    With v = B d, the first part is τ = (I − u uᵀ)(b − Bᵀ v) / bend, so that (I + W) v = B (I − u uᵀ) b / bend + B u ρ, where
    W = B (I − u uᵀ) Bᵀ / bend is m × m. What is left are as many equations for ρ as there are groups: uᵀ Bᵀ v = uᵀ b.
    """
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    across = np.add.reduceat(B * u, starts, axis=1)
    scaled, radial = B / np.sqrt(bend), across / np.sqrt(bend[starts])
    L = factor(np.eye(B.shape[0]) + scaled @ scaled.T - radial @ radial.T)
    if L is None:
        return None
    along = np.add.reduceat(u * b, starts)
    sizes = np.diff(starts, append=u.size)
    h = half_solved(L, B @ ((b - u * np.repeat(along, sizes)) / bend))
    Y = half_solved(L, across)
    inner = factor(Y.T @ Y)
    if inner is None:
        return None
    rho = solved(inner, along - h @ Y)
    v = half_solved(L, h + Y @ rho, transposed=True)
    rest = b - v @ B
    tau = (rest - u * np.repeat(np.add.reduceat(u * rest, starts), sizes)) / bend
    return tau + u * np.repeat(rho, sizes)


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
def _add_bend(H, u, bend, owner):
    """Add the second derivative of the norms to the lower triangle of H."""
    for j in range(u.size):
        i = j
        while i < u.size and owner[i] == owner[j]:
            H[i, j] -= bend[j] * u[i] * u[j]
            i += 1
        H[j, j] += bend[j]


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
