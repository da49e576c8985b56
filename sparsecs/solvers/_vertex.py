r"""From a pair near the optimum to the pair at a vertex, exact to rounding.

    A_S x_S = y - A_C x_C,      A_S^T nu = sign(x_S)                                            x = 0 outside of S and C

S is the guess of the support, C those at their caps. With m columns that is one LU factorisation, with fewer a
least-squares fit of x and the nearest nu. Where the columns depend on each other there are several answers, and x is moved
among them, at no cost, until the columns that it uses are independent.
"""

from __future__ import annotations

import numpy as np

from sparsecs.kernels.interior_point import to_vertex

DEPENDENT = 1e-11  # what is left of a column, in squares, when those before it are taken out
SMALL = 1e-10  # a coefficient below this part of the largest is taken for rounding, if y is explained without it

Pair = tuple[np.ndarray, np.ndarray]


def vertex(
    A: np.ndarray, y: np.ndarray, x: np.ndarray, nu: np.ndarray, support: np.ndarray, room: np.ndarray, settled: bool
) -> Pair | None:
    """x on a support and the nu that belongs to it; None if the columns depend on each other.

    Parameters
    ----------
    A, y : (m, n) array, (m,) array
    x, nu : (n,) array, (m,) array
        A pair near the optimum.
    support : (k,) array of int
        Where x is neither zero nor at a cap.
    room : (2, n) array
        How far each entry is from its caps upwards and downwards.
    settled : bool
        Whether x is so near that columns which depend on each other are known to be tied.
    """
    near = np.where(x > 0, room[0], room[1])
    full = near < np.abs(x)
    full[support] = False
    fixed, rest = np.zeros_like(x), y
    if full.any():
        fixed[full] = (x + np.sign(x) * near)[full]
        rest = y - A @ fixed
    found = fit(A[:, support], rest, nu) if support.size <= y.size else None
    if found is None and settled and support.size:
        tied, signs = A[:, support], np.sign(x[support])
        nu = nu + np.linalg.lstsq(tied.T, signs - nu @ tied, rcond=None)[0]
        support = _independent(A, rest, x, support)
        found = fit(A[:, support], rest, nu)
    if found is None:
        return None
    fixed[support] = found[0]
    return fixed, found[1]


def trimmed(A: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """x without the entries that are rounding only, refitted."""
    parts = np.abs(x) * np.sqrt(np.einsum("ij,ij->j", A, A))
    keep = np.flatnonzero(parts > SMALL * parts.max(initial=0))
    if keep.size == np.count_nonzero(x):
        return x
    found = fit(A[:, keep], y, np.zeros_like(y))
    if found is None:
        return x
    short = np.zeros_like(x)
    short[keep] = found[0]
    misfit = np.abs(y - A @ short).max(), np.abs(y - A @ x).max()
    return short if misfit[0] <= max(misfit[1], 1e-14 * np.abs(y).max()) else x


def fit(part: np.ndarray, y: np.ndarray, nu: np.ndarray) -> Pair | None:
    """The coefficients that explain y best, and the nu, nearest to the given one, that meets their signs; None if dependent."""
    if part.shape[1] == 0:
        return None
    return _square(part, y) if part.shape[0] == part.shape[1] else _tall(part, y, nu)


def _square(part: np.ndarray, y: np.ndarray) -> Pair | None:
    from scipy.linalg.lapack import dgetrf, dgetrs

    LU, order, trouble = dgetrf(part)
    lengths = np.einsum("ij,ij->j", part, part)
    if trouble or (LU.diagonal() ** 2 <= DEPENDENT * lengths / lengths.size).any():
        return None
    x = dgetrs(LU, order, y)[0]
    x += dgetrs(LU, order, y - part @ x)[0]
    signs = np.sign(x)
    nu = dgetrs(LU, order, signs, trans=1)[0]
    return x, nu + dgetrs(LU, order, signs - nu @ part, trans=1)[0]


def _tall(part: np.ndarray, y: np.ndarray, nu: np.ndarray) -> Pair | None:
    from scipy.linalg.lapack import dpotrf, dpotrs

    gram = part.T @ part
    L, trouble = dpotrf(gram.T, lower=1)
    if trouble or (L.diagonal() ** 2 <= DEPENDENT * gram.diagonal()).any():
        return None
    x = dpotrs(L, y @ part, lower=1)[0]
    for _ in range(2):
        x += dpotrs(L, (y - part @ x) @ part, lower=1)[0]
    signs = np.sign(x)
    for _ in range(2):
        nu = nu + part @ dpotrs(L, signs - nu @ part, lower=1)[0]
    return x, nu


def _independent(A: np.ndarray, y: np.ndarray, x: np.ndarray, support: np.ndarray) -> np.ndarray:
    """A part of the support, with independent columns, that still explains y with the signs of x."""
    from scipy.linalg import qr, solve_triangular

    part = A[:, support] * x[support]  # now all coefficients are 1
    amounts = 1 + np.linalg.lstsq(part, y - part.sum(axis=1), rcond=None)[0]
    _, R, order = qr(part, mode="economic", pivoting=True)
    pivots = np.abs(np.diag(R))
    rank = int(np.count_nonzero(pivots > 1e-9 * pivots[0])) if pivots[0] > 0 else 0
    table = np.ascontiguousarray(solve_triangular(R[:rank, :rank], R[:rank, rank:]))
    basic, other = amounts[order[:rank]], amounts[order[rank:]]
    holds = to_vertex(table, basic, other)
    return np.sort(support[order[holds[basic > SMALL * basic.max(initial=0)]]])
