r"""The leverage law: how often l1 minimisation succeeds on one given matrix, from the diagonal of its row space projector.

    h_j = (A^+ A)_jj,   sum_j h_j = r = rank A,        w_j = sqrt((1 - h_j) / h_j)
    psi_S = min_t  sum_{j in S} (1 + t^2 w_j^2)  +  sum_{j not in S} 2 [(1 + t^2 w_j^2) Phi(-t w_j) - t w_j phi(t w_j)]
    P     = E_S Phi( (r - psi_S + c_S) / s_S )

Basis pursuit depends on A through its null space alone. If that is spread evenly, h is r/n everywhere and this is the law of
a Gaussian matrix with r rows. Where it is not, column j behaves like one whose weight in the l1 norm is w_j, and psi_S is the
statistical dimension of that weighted norm at the support S; s_S and c_S are its spread and first correction at finite n.
Nothing is fitted. It knows the diagonal of the projector and not its correlations: sparse vectors in the null space, which
Kronecker products and short convolutions have, are not seen.

Supports are prefixes of random orders, so sums over them are running sums, for all k at once.
"""

from __future__ import annotations

import numpy as np

GRID = 48  # values of t; psi is smooth in log t, and a parabola through three of them leaves less than 0.01 in P
WIDEST, NARROWEST = 10.0, 1e-2  # of t times the smaller and the larger weights
SMALLEST = 1e-16  # leverages below it are rounding
HELD = 2**22  # numbers held at a time


def leverage_law(leverages: np.ndarray, rank: float, orders: list[np.ndarray], k: np.ndarray) -> np.ndarray:
    """Success probabilities, (d, p), of ℓ1 minimisation on the first k of each order, by the leverage law.

    Parameters
    ----------
    leverages : (n,) array
        h, above 0 and at most 1.
    rank : float
        r, their sum.
    orders : list of d arrays of int
        Distinct positions; where k exceeds the size of an order, the answer is that of the whole order.
    k : (p,) increasing array of int
        At least 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.prediction._leverage_law import leverage_law
    >>> leverage_law(np.full(200, 0.5), 100, [np.arange(200)], np.array([30, 39, 48])).round(2)
    array([[0.99, 0.49, 0.03]])
    """
    from scipy.special import ndtr

    if rank >= leverages.size - 1e-9:  # no null space: the answer is unique
        return np.ones((len(orders), k.size))
    h = np.clip(leverages, SMALLEST, 1.0)
    w = np.sqrt((1 - h) / h)
    if not (w > SMALLEST**0.5).any():  # every column is independent of the others
        return np.ones((len(orders), k.size))
    low, high = np.quantile(w[w > SMALLEST**0.5], [0.1, 0.9])
    t = np.geomspace(NARROWEST / high, WIDEST / low, GRID)
    sums = np.empty((len(orders), 4, GRID, k.size))
    step = max(1, HELD // (8 * w.size))
    for start in range(0, GRID, step):
        on, off = terms(w, t[start : start + step])
        change, total = on - off, off.sum(axis=2)
        for number, order in enumerate(orders):
            used = order[: k[-1]]
            running = np.concatenate([np.zeros((*total.shape, 1)), change[:, :, used].cumsum(axis=2)], axis=2)
            sums[number, :, start : start + step] = total[:, :, None] + running[:, :, np.minimum(k, used.size)]
    psi, variance, above, below = at_minimum(np.moveaxis(sums, 0, 2).reshape(4, GRID, -1), t)
    margin = rank - psi + 0.5 * above / np.maximum(below, 1e-300)
    spread = np.sqrt(np.maximum(variance - 2 * psi, 1e-12))
    success = ndtr(margin / spread).reshape(len(orders), k.size)
    return np.where(k == 0, 1.0, np.where(k > rank, 0.0, success))


def terms(w: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a column on and off the support adds to psi, s² + 2 psi, and the two sums of c: two (4, t.size, n) arrays."""
    from scipy.special import erfcx

    u = t[:, None] * w
    square, weight = u * u, w * w
    phi = np.exp(-0.5 * square) / np.sqrt(2 * np.pi)
    tail = phi * np.sqrt(np.pi / 2) * erfcx(u / np.sqrt(2))
    first = 2 * (phi - u * tail)
    second = 2 * ((1 + square) * tail - u * phi)
    fourth = 2 * (tail * (square**2 + 6 * square + 3) - phi * (u**3 + 5 * u))
    flat = np.broadcast_to(weight, u.shape)
    on = np.stack([1 + square, 2 + 4 * square, 4 * flat, 2 * flat])
    off = np.stack([second, fourth - second**2, 4 * weight * (second - first**2), 4 * weight * tail])
    return on, off


def at_minimum(sums: np.ndarray, t: np.ndarray) -> np.ndarray:
    """The four sums at the t that minimises the first, by parabolas in log t: (4, p)."""
    psi = sums[0]
    best = np.clip(psi.argmin(axis=0), 1, t.size - 2)
    columns = np.arange(psi.shape[1])
    low, here, high = (sums[:, best + d, columns] for d in (-1, 0, 1))
    bend = low[0] - 2 * here[0] + high[0]
    shift = np.where(bend > 0, 0.5 * (low[0] - high[0]) / np.where(bend > 0, bend, 1), 0.0)
    shift = np.clip(shift, -1.0, 1.0)
    slope, curve = 0.5 * (high - low), 0.5 * (low - 2 * here + high)
    return here + slope * shift + curve * shift**2
