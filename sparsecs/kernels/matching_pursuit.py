r"""Orthogonal matching pursuit on a real matrix that is held as an array: all steps in one compiled loop.

    j = argmax |a_j^T r| / |a_j|,    q = a_j made orthogonal to Q,    Q <- [Q, q],    r <- r - (q^T r) q

State lives in the arrays that are passed in, and ``strongest`` and ``grow`` are what a loop in Python over any other operator
uses as well.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sparsecs.kernels.least_squares import append, back_substitution, inner, norm, take
from sparsecs.kernels.screening import choose_screened
from sparsecs.kernels.selection import first_within, slack_of

FULL, FITS, NONE_LEFT = (
    0,
    1,
    2,
)  # why ``pursue`` ended: all steps taken, residual small enough, no column sees the residual
MANY = 16  # steps from which on the codes repay the time it takes to make them
PATIENCE = 4  # so often in a row screening may leave too many columns before it is given up


def rows_or_columns(matrix: np.ndarray) -> tuple[np.ndarray, bool]:
    """``matrix``, or its transpose and True, whichever is in C order; a copy only if neither is.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.matching_pursuit import rows_or_columns
    >>> rows_or_columns(np.asfortranarray(np.ones((2, 3))))[0].shape
    (3, 2)
    """
    turned = matrix.flags.f_contiguous and not matrix.flags.c_contiguous
    return np.ascontiguousarray(matrix.T if turned else matrix), turned


def run(
    held: tuple[np.ndarray, bool],
    codes: tuple[np.ndarray, ...] | None,
    weights: np.ndarray,
    y: np.ndarray,
    steps: int,
    floor: float,
) -> tuple[np.ndarray, np.ndarray, int, int]:
    """The answer to one y: coefficients, residual, the number of columns chosen, and why it ended.

    Parameters
    ----------
    held : tuple
        What ``rows_or_columns`` gives.
    codes : tuple, optional
        What ``coded`` gives; without it all products are in full precision.
    weights : (n,) array
        One over the norms of the columns, zero for columns that shall never be chosen.
    y : (m,) array
    steps : int
        The most columns, at most m.
    floor : float
        It ends when ‖r‖ is at most this.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.matching_pursuit import rows_or_columns, run
    >>> held = rows_or_columns(np.array([[2.0, 0.0, 1.0], [0.0, 1.0, 1.0]]))
    >>> run(held, None, np.array([0.5, 1.0, 0.5**0.5]), np.array([4.0, 0.0]), 2, 1e-12)[0]
    array([2., 0., 0.])
    """
    m, dtype = y.size, y.dtype
    Q, R = np.empty((steps, m), dtype), np.empty((steps, steps), dtype)
    support, coordinates = np.empty(steps, np.intp), np.empty((1, steps), dtype)
    residual = np.array(y, ndmin=2)
    bids = weights.copy()
    screen = codes if codes is not None else no_codes()
    size, why = pursue(*held, *screen, weights, bids, Q, R, coordinates, residual, support, floor)
    x = np.zeros(weights.size, dtype)
    chosen = support[:size]
    x[chosen] = back_substitution(R, size, coordinates[0]) * weights[chosen]
    return x, residual[0], size, why


def remaining(held: tuple[np.ndarray, bool], y: np.ndarray, x: np.ndarray, support: np.ndarray) -> np.ndarray:
    """y − A x from the columns in the support alone.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.kernels.matching_pursuit import remaining, rows_or_columns
    >>> remaining(rows_or_columns(np.eye(3)), np.ones(3), np.array([0.0, 4.0, 0.0]), np.array([1]))
    array([ 1., -3.,  1.])
    """
    left = y.copy()
    _subtract(*held, x, support, left)
    return left


@njit(cache=True, nogil=True)
def _subtract(B, turned, x, support, left):
    if turned:
        for j in support:
            take(B[j], x[j], left)
    else:
        for i in range(left.size):
            line = B[i]
            for j in support:
                left[i] -= line[j] * x[j]


def worth_coding(shape: tuple[int, int], steps: int) -> bool:
    """Whether so many steps on such a matrix repay the making of codes."""
    return steps >= MANY and shape[0] * shape[1] >= 1 << 14


def no_codes() -> tuple[np.ndarray, ...]:
    """In place of codes where there are none."""
    return np.empty((0, 0), np.int8), np.empty(0), np.empty(0)


@njit(cache=True, nogil=True)
def pursue(B, turned, codes, units, errors, weights, bids, Q, R, coordinates, residual, support, floor):
    """Choose and grow until Q is full, the residual is at most ``floor``, or no column sees it; how many, and why."""
    m, n = residual.shape[1], weights.size
    r, column = residual[0], np.empty(m, residual.dtype)
    noise = 8 * np.finfo(residual.dtype).eps * norm(r)
    screened, failures = codes.size > 0, 0
    whole, bounds = np.zeros(codes.shape[1], np.int16), np.empty((2, n if screened else 0))
    size = 0
    while size < support.size:
        found = False
        if screened:
            j, top, found = choose_screened(B, turned, codes, units, errors, bids, r, whole, bounds)
            failures = 0 if found else failures + 1
            screened = failures < PATIENCE
        if not found:
            j, top = strongest(np.dot(B, r) if turned else np.dot(r, B), bids)
        if top <= noise:
            return size, NONE_LEFT
        bids[j] = 0
        for i in range(m):
            column[i] = (B[j, i] if turned else B[i, j]) * weights[j]
        if not grow(Q, R, coordinates, residual, size, column):
            continue
        support[size] = j
        size += 1
        if norm(r) <= floor:
            return size, FITS
    return size, FULL


@njit(cache=True, nogil=True)
def strongest(correlations, bids):
    """The first of the positions where |correlation| · bid is largest to rounding, and that value."""
    values = np.empty(bids.size, bids.dtype)
    for j in range(bids.size):
        values[j] = abs(correlations[j]) * bids[j]
    return first_within(values, slack_of(values))


@njit(cache=True, nogil=True)
def grow(Q, R, coordinates, residual, size, column):
    """Take one more column into Q and its direction out of the residuals; False if it depends on those that are there.

    Q is (capacity, m), ``residual`` (p, m) and ``coordinates`` (p, capacity), all in C order.
    """
    if not append(Q, R, size, column):
        return False
    for c in range(residual.shape[0]):
        share = inner(Q[size], residual[c])
        coordinates[c, size] = share
        take(Q[size], share, residual[c])
    return True
