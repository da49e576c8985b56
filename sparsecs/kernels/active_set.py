r"""The l1 problem on a working set: coordinate descent finds the signs, Newton's method does the rest.

    min_x  1/2 x^T G x - b^T x + sum_j p_j |x_j|,   l <= x <= u                     c = b - G x

With F the coefficients that are neither zero nor at a bound, and s their signs, the objective is quadratic near x, and its
minimiser is one Cholesky factorisation away:

    G_FF d = c_F - p_F s,     x' = x + d

If no sign changes and no bound is passed, that is the exact answer on F. Else the better of two points is taken: x + d with
what passed zero or a bound left there, and the lowest point of the true objective on the line x + t d, whose pieces are
parabolas (compare the feature-sign search of Lee, Battle, Raina and Ng 2007). Either way the objective falls. Then passes of
coordinate descent let coefficients enter and leave, more of them each time that signs were wrong. Where columns depend on each
other, G_FF is singular; a slight increase of its diagonal then turns d into the direction in which the penalty falls, and the
line search runs until a coefficient reaches zero. Steps go on with one factorisation, the coefficients at zero held there, until
one goes all the way: near saturation, where a support of almost m columns makes coordinate descent crawl, this decides.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from sparsecs.kernels.cholesky import Factor, factor, solved
from sparsecs.kernels.coordinate_descent import l1_passes, take_off

SHARE = 0.25  # of the coefficients may come to stay before a new factorisation is cheaper


def solve_l1_quadratic(
    G: np.ndarray,
    x: np.ndarray,
    c: np.ndarray,
    price: np.ndarray,
    bounds: tuple[float, float],
    rounds: int,
    accuracy: float = 1e-10,
) -> bool:
    """Bring x to the minimiser, in place; whether the optimality conditions hold to ``accuracy``.

    Parameters
    ----------
    G : (at least p, at least p) array, C order
        Inner products of the columns.
    x, c : (p,) arrays
        The coefficients and the correlations b − G x; both are changed.
    price : (p,) array
        What a unit of each coefficient costs, above zero.
    bounds : tuple of float
        The lowest and the highest coefficient allowed.
    rounds : int
        The most Newton steps.
    accuracy : float
        On the distance of c from the subgradients, as a part of the prices.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.active_set import solve_l1_quadratic
    >>> G, x, c = np.array([[2.0, 1.0], [1.0, 2.0]]), np.zeros(2), np.array([4.0, 3.0])
    >>> solve_l1_quadratic(G, x, c, np.ones(2), (-np.inf, np.inf), 5), x.round(12)
    (True, array([1.33333333, 0.33333333]))
    """
    patience = 1.0
    for _ in range(rounds):
        size = np.count_nonzero(x)
        # as many passes as cost about what a factorisation does
        l1_passes(G, x, c, price, bounds, int(patience * (5 + size * size / (15 * x.size))))
        if _violation(x, c, price, bounds) <= accuracy:
            return True
        if not _newton(G, x, c, price, bounds):
            patience = min(1.5 * patience, 2.0)
        elif _violation(x, c, price, bounds) <= accuracy:
            return True
    return False


def _image(G: np.ndarray, rows: np.ndarray, d: np.ndarray, size: int) -> np.ndarray:
    """G[:size, rows] d."""
    out = np.zeros(size)
    _combine(G, rows, d, out)
    return out


def _newton(G: Any, x: np.ndarray, c: np.ndarray, price: np.ndarray, bounds: tuple[float, float]) -> bool:
    """Steps on the free coefficients with one factorisation; whether the last one went all the way."""
    free = np.flatnonzero((x != 0) & (x > bounds[0]) & (x < bounds[1]))
    if free.size == 0:
        return True
    H = np.empty((free.size, free.size))
    _copy_block(G, free, H)
    L = factor(H)
    if L is None:
        return False
    start = x[free]
    end, whole = _walk(H, L, start, c[free], price[free], bounds)
    x[free] = end
    c -= _image(G, free, end - start, x.size)
    return whole


def _walk(
    H: np.ndarray, L: Factor, x: np.ndarray, c: np.ndarray, price: np.ndarray, bounds: tuple[float, float]
) -> tuple[np.ndarray, bool]:
    """Where Newton steps lead, and whether the last was a whole one; what reaches zero or a bound stays there.

    With D what has stayed and K = L Lᵀ, a step solves K d = b + E_D μ with d_D = 0: so d = K⁻¹ b − U (U_D)⁻¹ (K⁻¹ b)_D where
    U = K⁻¹ E_D, of which a few columns are cheaper than a new factorisation.
    """
    stays, U = np.zeros(0, dtype=np.intp), np.zeros((x.size, 0))
    while stays.size <= x.size * SHARE:
        rest = c - price * np.sign(x)
        rest[stays] = 0
        d = solved(L, rest)
        if stays.size:
            d -= U @ np.linalg.solve(U[stays], d[stays])
            d[stays] = 0
        moved = H @ d
        end, image = _end_of_step(H, x, c, d, moved, price, bounds)
        if image is None:
            return end, end is not x
        x, c = end, c - image
        halted = np.setdiff1d(np.flatnonzero((x == 0) | (x == bounds[0]) | (x == bounds[1])), stays)
        if halted.size:
            unit = np.zeros((x.size, halted.size))
            unit[halted, np.arange(halted.size)] = 1
            stays, U = np.concatenate([stays, halted]), np.hstack([U, solved(L, unit)])
    return x, False


def _end_of_step(
    H: np.ndarray,
    x: np.ndarray,
    c: np.ndarray,
    d: np.ndarray,
    moved: np.ndarray,
    price: np.ndarray,
    bounds: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray | None]:
    """x + d, and None, if that keeps all signs and bounds; else the better of two points, and H times the step to it.

    If neither is better than x, that is x itself and None.
    """
    end = x + d
    low, high = np.where(x > 0, 0.0, bounds[0]), np.where(x < 0, 0.0, bounds[1])
    if ((end >= low) & (end <= high)).all():
        return end, None
    slope = float((price * np.sign(x) - c) @ d)
    t, zero, wall = _lowest(x, d, slope, float(d @ moved), price, bounds)
    line = np.clip(x + t * d, *bounds)
    line[zero] = 0.0
    line[wall] = np.where(d[wall] > 0, bounds[1], bounds[0])
    best, lowest, gone = x, 0.0, None
    for point, given in ((np.clip(end, low, high), None), (line, t * moved)):
        step = point - x
        image = H @ step if given is None else given
        change = float(step @ (0.5 * image - c)) + float(price @ (np.abs(point) - np.abs(x)))
        if change < lowest:
            best, lowest, gone = point, change, image
    return best, gone


def _violation(x: np.ndarray, c: np.ndarray, price: np.ndarray, bounds: tuple[float, float]) -> float:
    """How far c is from the subgradients of the penalty at x, as a part of the prices; at most 0 where x = 0 is right."""
    least = np.where(x > 0, price, np.where(x == bounds[0], -np.inf, -price))
    most = np.where(x < 0, -price, np.where(x == bounds[1], np.inf, price))
    return float((np.maximum(least - c, c - most) / price).max(initial=0))


@njit(cache=True)
def _copy_block(G, free, out):
    for i in range(free.size):
        row = G[free[i]]
        for j in range(free.size):
            out[i, j] = row[free[j]]


@njit(cache=True)
def _combine(G, rows, d, out):
    for i in range(rows.size):
        if d[i] != 0:
            take_off(out, -d[i], G[rows[i]])


@njit(cache=True)
def _lowest(x, d, slope, curvature, price, bounds):
    """The t with the lowest objective at x + t d within the bounds, and which coefficients are then zero, or at a bound."""
    nothing = np.zeros(0, dtype=np.int64)
    zero = np.full(x.size, np.inf)
    wall, last = -1, np.inf
    for j in range(x.size):
        if x[j] * d[j] < 0:
            zero[j] = -x[j] / d[j]
        if d[j] != 0:
            reach = ((bounds[1] if d[j] > 0 else bounds[0]) - x[j]) / d[j]
            if reach < last:
                wall, last = j, reach
    t = 0.0
    for j in np.argsort(zero):
        ahead = min(zero[j], last)
        if ahead == np.inf or (curvature > 0 and slope + curvature * (ahead - t) >= 0):
            break
        slope += curvature * (ahead - t)
        t = ahead
        if ahead == last:
            return t, nothing, np.array([wall])
        slope += 2 * price[j] * abs(d[j])
        if slope >= 0:
            return t, np.array([j]), nothing
    if slope < 0 and curvature > 0:
        t -= slope / curvature
    return min(t, last), nothing, nothing
