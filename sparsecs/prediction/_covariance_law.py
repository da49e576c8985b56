r"""The covariance law: how many Gaussian rows with the covariance of the gradients make one ticket recoverable.

    m = delta(R D),     R^T R = Sigma = E[grad f grad f^T],      D the descent cone of the l1 norm at x

A draw projects a Gaussian vector on the cone's image, and the dimension of the face that it lands on is a draw of a variable
V with mean delta and P(m Gaussian rows fail) = P(V > m), up to one row (Amelunxen, Lotz, McCoy and Tropp 2014). Its spread is
that of the success curve. Each draw has a support, signs and gradients of its own, so that V also varies with these.

R is the matrix of p gradients itself, never its covariance. That costs nothing in accuracy: if gradients are Gaussian, m random
combinations of p of them have a null space with the law of m fresh ones, for every p >= m. Columns are called in as they are
needed: the projection is found on a few, and one product with R^T shows which others it must heed.
"""

from __future__ import annotations

import numpy as np

from sparsecs.geometry._cone_projection import ConeImage
from sparsecs.geometry.descent_cone import descent_cone
from sparsecs.operators.base import Operator
from sparsecs.penalties.l1 import L1

ROUNDS = 40  # of calling columns in
OVER = 1e-7  # how far above the level a correlation may be by rounding


def face_dimension(R: Operator, support: np.ndarray, signs: np.ndarray, g: np.ndarray, guess: float) -> float:
    """The dimension of the face of R D that g is projected on; infinite if x is not the only solution even with all of R.

    Parameters
    ----------
    R : Operator
        (p, n), with columns of the lengths that the ℓ1 norm is to see.
    support, signs : (k,) arrays
    g : (p,) array
        Standard normal.
    guess : float
        About how large the dimension is.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import as_operator
    >>> from sparsecs.prediction._covariance_law import face_dimension
    >>> face_dimension(as_operator(np.eye(3)), np.array([0]), np.ones(1), np.array([0.5, 3.0, 0.1]), 2.0)
    1.0
    """
    inner, k, rows = R.columns(support), support.size, R.shape[0]
    if k >= rows or not inner.any(axis=0).all():
        return np.inf
    start = np.abs(R.rmatvec(g - inner @ np.linalg.lstsq(inner, g, rcond=None)[0]))
    start[support] = 0.0
    work = _largest(start, np.flatnonzero(start), max(int(3 * guess), 50))
    outer = R.columns(work)
    for _ in range(ROUNDS):
        matrix, x = np.hstack([inner, outer]), np.zeros(k + work.size)
        x[:k] = signs
        image = ConeImage(descent_cone(L1(), x), matrix)
        if image.open:
            return np.inf
        found = image.project(g)
        rest = g - matrix @ image.direction(found, g)
        level = float(signs @ (inner.T @ rest)) / k
        if found.level <= 0 or work.size > 2 * rows:
            return np.inf
        over = np.abs(R.rmatvec(rest))
        over[support], over[work] = 0.0, 0.0
        late = np.flatnonzero(over > level * (1 + OVER))
        if late.size == 0:
            return found.face if found.certain else np.inf
        late = _largest(over, late, max(work.size // 2, 50))
        work, outer = np.concatenate([work, late]), np.hstack([outer, R.columns(late)])
    return np.inf


def _largest(values: np.ndarray, among: np.ndarray, count: int) -> np.ndarray:
    return among[np.argsort(-values[among], kind="stable")[:count]]
