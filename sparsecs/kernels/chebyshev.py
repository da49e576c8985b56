r"""Linear fits whose largest error is least, min_z max_j |b_j + B_j z|, real or complex, with a dual vector that proves it.

    min t  subject to  (t, b_j + B_j z) in K_j,        max -Re(b^H v)  subject to  B^H v = 0, sum_j |v_j| <= 1

K_j is the cone of those (t, r) with |r| <= t. A primal-dual interior-point method with the scaling of Nesterov and Todd (1997)
and the steps of Mehrotra (1992), from points within both sets: every iterate gives both an upper and a lower bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

Solver = Callable[[np.ndarray], np.ndarray]

STEPS = 60
NEAR = 0.99  # of the way to the boundary
SINGULAR = 1e-7  # of a pivot of the equations, all of whose diagonal is one


def least_maximum(b: np.ndarray, B: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs (z, v), better and better, until the gap between their values is rounding.

    Parameters
    ----------
    b, B : (N,) array, (N, p) array
        Real or complex. The columns of B are independent.

    Yields
    ------
    (p,) and (N,) arrays
        z, and v with B^H v = 0 nearly; what is left of that is rounding, for the caller to take off.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.chebyshev import least_maximum
    >>> for z, v in least_maximum(np.array([1.0, 3.0, -1.0]), np.ones((3, 1))):
    ...     pass
    >>> z.round(9), v.round(9)
    (array([-1.]), array([ 0. , -0.5,  0.5]))
    """
    complex_data = np.iscomplexobj(b) or np.iscomplexobj(B)
    offset, rows = _real_form(b, B, complex_data)
    unit = float(np.abs(b).max(initial=0)) or 1.0
    offset = offset / unit
    count, p = b.size, rows.shape[2]
    z = np.zeros(p)
    t = 1.1
    y = np.zeros((count, 1 + offset.shape[1]))
    y[:, 0] = 1 / count
    for _ in range(STEPS):
        s = np.column_stack([np.full(count, t), offset + rows @ z])
        yield _native(z * unit, complex_data), _dual(y, complex_data)
        if (s * y).sum() <= 1e-13 * t or _inside(s).min() <= 0 or _inside(y).min() <= 0:
            return
        found = _direction(rows, s, y)
        if found is None:
            return
        dt, dz, ds, dy = found
        ahead, back = min(1.0, NEAR * _reach(s, ds)), min(1.0, NEAR * _reach(y, dy))
        t, z, y = t + ahead * dt, z + ahead * dz, y + back * dy


def _real_form(b: np.ndarray, B: np.ndarray, complex_data: bool) -> tuple[np.ndarray, np.ndarray]:
    """b as (N, d) and B as (N, d, d p) real arrays, d = 2 for complex numbers."""
    if not complex_data:
        return b[:, None], B[:, None, :]
    over, under = np.concatenate([B.real, -B.imag], axis=1), np.concatenate([B.imag, B.real], axis=1)
    return np.column_stack([b.real, b.imag]), np.stack([over, under], axis=1)


def _native(z: np.ndarray, complex_data: bool) -> np.ndarray:
    return z[: z.size // 2] + 1j * z[z.size // 2 :] if complex_data else z


def _dual(y: np.ndarray, complex_data: bool) -> np.ndarray:
    return y[:, 1] + 1j * y[:, 2] if complex_data else y[:, 1]


def _inside(v: np.ndarray) -> np.ndarray:
    """v_0^2 - |v_1|^2 of each cone, positive within."""
    length = np.sqrt(np.einsum("ij,ij->i", v[:, 1:], v[:, 1:]))
    return (v[:, 0] - length) * (v[:, 0] + length)


def _mirrored(v: np.ndarray) -> np.ndarray:
    out = -v
    out[:, 0] = v[:, 0]
    return out


def _scaled(v: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """(2 a a^T - J) v of each cone."""
    return 2 * axis * np.einsum("ij,ij->i", axis, v)[:, None] - _mirrored(v)


def _product(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """The Jordan product u o v of each cone."""
    out = u[:, :1] * v + v[:, :1] * u
    out[:, 0] = np.einsum("ij,ij->i", u, v)
    return out


def _divided(lam: np.ndarray, x: np.ndarray) -> np.ndarray:
    """v with lam o v = x."""
    first = (lam[:, 0] * x[:, 0] - np.einsum("ij,ij->i", lam[:, 1:], x[:, 1:])) / _inside(lam)
    out = (x - first[:, None] * lam) / lam[:, :1]
    out[:, 0] = first
    return out


def _reach(v: np.ndarray, dv: np.ndarray) -> float:
    """How far v can go along dv within all cones."""
    a = dv[:, 0] ** 2 - np.einsum("ij,ij->i", dv[:, 1:], dv[:, 1:])
    half = v[:, 0] * dv[:, 0] - np.einsum("ij,ij->i", v[:, 1:], dv[:, 1:])
    c = _inside(v)
    root = np.sqrt(np.maximum(half * half - a * c, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        # the least positive root of a x^2 + 2 half x + c, without cancellation
        far = np.where(half < 0, c / (root - half), np.where(a < 0, -(half + root) / a, np.inf))
        first = np.where(dv[:, 0] < 0, -v[:, 0] / dv[:, 0], np.inf)
    return float(min(np.where(far > 0, far, np.inf).min(), first.min()))


def _direction(
    rows: np.ndarray, s: np.ndarray, y: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray] | None:
    """The step of t, z, s and y; None where the equations cannot be solved any more."""
    from scipy.linalg import LinAlgError

    size = np.sqrt(np.sqrt(_inside(s) / _inside(y)))[:, None]
    one, other = s / np.sqrt(_inside(s))[:, None], y / np.sqrt(_inside(y))[:, None]
    middle = (one + _mirrored(other)) / np.sqrt(2 * (1 + np.einsum("ij,ij->i", one, other)))[:, None]
    axis = middle.copy()
    axis[:, 0] += 1
    axis /= np.sqrt(2 * axis[:, :1])
    lam, flipped = _scaled(y, axis) * size, _mirrored(axis)
    drift = _gathered(rows, y)
    drift[0] -= 1
    try:
        solve = _by_cholesky(rows, _mirrored(middle), flipped, size, drift)
    except LinAlgError:
        solve = _by_orthogonal_rows(rows, flipped, size, drift)

    def step(aim: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        d = solve(aim)
        ds = np.column_stack([np.full(len(s), d[0]), rows @ d[1:]])
        return d, ds, _scaled(aim - _scaled(ds, flipped) / size, flipped) / size

    _, ds, dy = step(-lam)
    gap = float((s * y).sum())
    ahead, back = min(1.0, _reach(s, ds)), min(1.0, _reach(y, dy))
    left = float(((s + ahead * ds) * (y + back * dy)).sum())
    bend = _product(_scaled(ds, flipped) / size, _scaled(dy, axis) * size)
    bend[:, 0] -= max(left / gap, 0) ** 3 * gap / len(s)
    d, ds, dy = step(-lam - _divided(lam, bend))
    return (float(d[0]), d[1:], ds, dy) if np.isfinite(d).all() else None


def _gathered(rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The adjoint of (t, z) -> (t, rows z): a (1 + p,) array."""
    count, d, p = rows.shape
    return np.concatenate([[y[:, 0].sum()], rows.reshape(count * d, p).T @ y[:, 1:].reshape(-1)])


def _by_cholesky(rows: np.ndarray, q: np.ndarray, flipped: np.ndarray, size: np.ndarray, drift: np.ndarray) -> Solver:
    """Solver of M d = X^T aim + drift; X_j = W_j^{-1} P_j, P_j (t, z) = (t, rows_j z), M = X^T X."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    count, d, p = rows.shape
    tail = q[:, 1:]
    square = np.einsum("ij,ij->i", tail, tail)
    along = np.einsum("id,idp->ip", tail, rows)
    turn = 2 / (1 + np.sqrt(1 + 2 * square))  # I + turn q q^T is the root of I + 2 q q^T
    part = (rows + (turn[:, None] * tail)[:, :, None] * along[:, None, :]) / size[:, :, None]
    part = part.reshape(count * d, p)
    M = np.empty((1 + p, 1 + p))
    M[0, 0] = ((2 * q[:, 0] ** 2 - 1) / size[:, 0] ** 2).sum()
    M[0, 1:] = M[1:, 0] = (2 * q[:, 0] / size[:, 0] ** 2) @ along
    M[1:, 1:] = part.T @ part
    if not (np.isfinite(M).all() and (np.diag(M) > 0).all()):
        raise LinAlgError
    scale = 1 / np.sqrt(np.diag(M))
    factor = cho_factor(M * scale * scale[:, None], lower=True, check_finite=False)
    if np.diag(factor[0]).min() < SINGULAR:
        raise LinAlgError
    return lambda aim: (
        scale * cho_solve(factor, scale * (_gathered(rows, _scaled(aim, flipped) / size) + drift), check_finite=False)
    )


def _by_orthogonal_rows(rows: np.ndarray, flipped: np.ndarray, size: np.ndarray, drift: np.ndarray) -> Solver:
    """The same, by least squares: for rows of very different sizes, whose squares are lost beside each other.

    Longest rows first and columns by pivots, so that the errors of each row are small beside it (Cox and Higham 1998).
    """
    from scipy.linalg import qr, solve_triangular

    count, d, p = rows.shape
    X = np.empty((count, 1 + d, 1 + p))
    X[:, :, 0] = _scaled(np.eye(1, 1 + d) + np.zeros((count, 1)), flipped) / size
    X[:, :, 1:] = 2 * flipped[:, :, None] * np.einsum("id,idp->ip", flipped[:, 1:], rows)[:, None, :]
    X[:, 1:, 1:] += rows
    X[:, :, 1:] /= size[:, :, None]
    flat = X.reshape(count * (1 + d), 1 + p)
    order = np.argsort(-np.abs(flat).max(axis=1), kind="stable")
    Q, R, pivots = qr(flat[order], mode="economic", pivoting=True, check_finite=False)
    drifted = solve_triangular(R, drift[pivots], trans="T", check_finite=False)

    def solve(aim: np.ndarray) -> np.ndarray:
        out = np.empty(1 + p)
        out[pivots] = solve_triangular(R, Q.T @ aim.reshape(-1)[order] + drifted, check_finite=False)
        return out

    return solve
