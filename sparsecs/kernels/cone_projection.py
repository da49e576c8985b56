r"""The nearest point of the image of a descent cone: block descent finds the faces, Newton's method does the rest.

    min_x  1/2 x^T G x - b^T x + w/2 (u)_+^2,     u = a + l^T x + sum_g p_g ||x_g||,        c = b - G x,    lambda = w (u)_+

A coefficient of its own (a group of one) may be held at or above zero, or at or below it. u is convex, so its square costs
lambda du in every block alike: where no block can gain, nothing can. On the groups F that are not zero, with u_g = x_g/||x_g||
and q = l + p u, a step is one Cholesky factorisation away:

    (G_FF + w q q^T + lambda diag_g( p_g/||x_g|| (I - u_g u_g^T) )) d = c_F - lambda q,      x' = x + t d

where t is the lowest point on that line. With groups of one the objective is quadratic near x and the step is exact. The
better of that point and of x + d, with what passed zero left there, is taken; passes of block descent let groups enter.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sparsecs.kernels._cone_steps import (
    add_bend,
    combine,
    cone_passes,
    copy_block,
    excess,
    lowest,
    row_sums,
    violation_of,
)
from sparsecs.kernels.cholesky import factor, solved

BRISK, STEPS = 3, 100  # rounds with one Newton step each, and the most in later ones
PATIENCE = 30  # rounds without a better point, after which rounding is all that is left


class Costs(NamedTuple):
    """What u is made of.

    Attributes
    ----------
    linear : (q,) array
        l.
    price : (r,) array
        p, at least zero.
    edges : (r + 1,) integer array
        Group g is made of coefficients ``edges[g]`` to ``edges[g + 1]``.
    side : (r,) integer array
        1: at least zero; -1: at most zero; 0: free. Other than 0 only for groups of one.
    steep : (r,) array
        At least the largest eigenvalue of G on each group.
    owner : (q,) integer array
        The group of each coefficient.
    """

    linear: np.ndarray
    price: np.ndarray
    edges: np.ndarray
    side: np.ndarray
    steep: np.ndarray
    owner: np.ndarray


def costs_of(G: np.ndarray, linear: np.ndarray, price: np.ndarray, edges: np.ndarray, side: np.ndarray) -> Costs:
    """The same with what follows from G."""
    owner = np.repeat(np.arange(price.size), np.diff(edges))
    return Costs(linear, price, edges, side, row_sums(G, edges), owner)


def nearest_in_cone(
    G: np.ndarray, b: np.ndarray, a: float, w: float, costs: Costs, accuracy: float, rounds: int = 300
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """The minimiser x, c = b − G x, λ, and by how much the optimality conditions fail.

    Parameters
    ----------
    G : (q, q) array, C order
    b : (q,) array
    a, w : float
    costs : Costs
    accuracy : float
        On the distance of c from λ times the subgradients of u.
    rounds : int
        The most Newton steps.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.cone_projection import costs_of, nearest_in_cone
    >>> costs = costs_of(np.eye(2), np.zeros(2), np.ones(2), np.arange(3), np.zeros(2, dtype=int))
    >>> x, c, level, violation = nearest_in_cone(np.eye(2), np.array([3.0, 0.5]), 0.0, 1.0, costs, 1e-12)
    >>> x, level
    (array([1.5, 0. ]), 1.5)
    """
    x, c, patience, best, stale = np.zeros(b.size), b.copy(), 1.0, np.inf, 0
    for turn in range(rounds):
        size = np.count_nonzero(x)
        # as many passes as cost about what a factorisation does
        cone_passes(G, x, c, a, w, *costs[:5], int(patience * (5 + size * size / (15 * x.size + 1))))
        level, violation = _state(x, c, a, w, costs)
        if violation > accuracy:
            t = _newton(G, x, c, a, w, costs)
            for _ in range(
                STEPS if turn >= BRISK else 0
            ):  # what reached zero stays there until a step goes all the way
                if t == 1.0:
                    break
                t = _newton(G, x, c, a, w, costs)
            patience = min(1.5 * patience, 4.0) if t < 0.9 else 1.0
            level, violation = _state(x, c, a, w, costs)
        if violation <= accuracy:
            c = b - G @ x  # without the rounding of many steps
            level, violation = _state(x, c, a, w, costs)
        stale = 0 if violation < 0.5 * best else stale + 1
        best = min(best, violation)
        if violation <= accuracy or stale > PATIENCE:
            break
    return x, c, level, violation


def freedom(G: np.ndarray, x: np.ndarray, level: float, w: float, costs: Costs) -> tuple[int, float]:
    """The rank of G on the groups F in use, and λ tr(H⁻¹ D): how much their curvature D takes from it.

    Without groups of several this is the dimension of a face, to which the image of the projection belongs.
    """
    free = np.flatnonzero(_in_use(x, costs))
    if free.size == 0:
        return 0, 0.0
    H = G[np.ix_(free, free)]
    values = np.linalg.eigvalsh(H) if _dependent(H) else np.ones(free.size)
    rank = int(np.count_nonzero(values > 1e-11 * free.size))
    bent = (np.diff(costs.edges)[costs.owner[free]] > 1) & (costs.price[costs.owner[free]] > 0)
    if level <= 0 or not bent.any():
        return rank, 0.0
    q, D = _gradient(x, costs)[free], np.zeros_like(H)
    add_bend(D, x[free], costs.owner[free], costs.price, level)
    D = np.tril(D) + np.tril(D, -1).T
    found = factor(H + D + w * np.outer(q, q))
    if found is None:
        return rank, float("nan")
    return rank, float(np.trace(solved(found, D)))


def _dependent(H: np.ndarray) -> bool:
    """Whether Cholesky's method finds a symmetric matrix singular."""
    try:
        return bool(np.linalg.cholesky(H).diagonal().min() < 1e-6)
    except np.linalg.LinAlgError:
        return True


def _newton(G: np.ndarray, x: np.ndarray, c: np.ndarray, a: float, w: float, costs: Costs) -> float:
    """One step on the groups in use; its length, 1 for a whole one."""
    free = np.flatnonzero(_in_use(x, costs))
    if free.size == 0:
        return 1.0
    owner, start = costs.owner[free], x[free]
    q, level = _gradient(x, costs)[free], w * max(excess(x, a, costs.linear, costs.price, costs.edges), 0.0)
    block = np.empty((free.size, free.size))
    copy_block(G, free, block)
    H = block + w * np.outer(q, q) if level > 0 else block.copy()
    add_bend(H, start, owner, costs.price, level)
    found = factor(H)
    if found is None:
        return 0.0
    d = solved(found, c[free] - level * q)
    base = excess(x, a, costs.linear, costs.price, costs.edges)
    given = (owner, costs.linear[free], costs.price)
    line, t = lowest(start, d, -float(c[free] @ d), float(d @ (block @ d)), base, w, *given, costs.side)
    end = start + d
    along = np.bincount(owner, weights=start * end)
    end[along[owner] <= 0] = 0.0
    if t != 1.0 or (end == 0).any():
        line = min((line, end), key=lambda point: _rise(block, start, point, c[free], base, w, *given))
    x[free] = line
    combine(G, free, line - start, c)
    return float(t)


def _state(x: np.ndarray, c: np.ndarray, a: float, w: float, costs: Costs) -> tuple[float, float]:
    """λ, and how far c is from λ times the subgradients of u."""
    level = w * max(excess(x, a, costs.linear, costs.price, costs.edges), 0.0)
    return level, float(violation_of(x, c, level, costs.linear, costs.price, costs.edges, costs.side))


def _in_use(x: np.ndarray, costs: Costs) -> np.ndarray:
    return np.logical_or.reduceat(x != 0, costs.edges[:-1])[costs.owner] if x.size else x != 0


def _gradient(x: np.ndarray, costs: Costs) -> np.ndarray:
    """l + p x_g/‖x_g‖, with zero for a group that is zero."""
    lengths = np.sqrt(np.add.reduceat(x * x, costs.edges[:-1])) if x.size else x
    return costs.linear + (costs.price / np.where(lengths > 0, lengths, 1))[costs.owner] * x


def _rise(
    block: np.ndarray,
    start: np.ndarray,
    point: np.ndarray,
    c: np.ndarray,
    base: float,
    w: float,
    owner: np.ndarray,
    linear: np.ndarray,
    price: np.ndarray,
) -> float:
    """By how much the objective is higher at ``point``."""
    step, first = point - start, np.flatnonzero(np.diff(owner, prepend=-1))
    lengths = [np.sqrt(np.add.reduceat(z * z, first)) for z in (start, point)]
    there = base + float(linear @ step) + float(price[owner[first]] @ (lengths[1] - lengths[0]))
    high, low = max(there, 0.0), max(base, 0.0)
    return float(step @ (0.5 * (block @ step) - c)) + 0.5 * w * (high - low) * (high + low)
