r"""Where on the path of the LASSO a constrained or a square-root problem has its answer.

    ||r(lam)|| = sigma                          min ||x||_1  subject to  ||A x - y|| <= sigma
    lam / ||r(lam)|| = c                        min ||A x - y|| + c ||x||_1

Both left sides grow with lam. On a piece ||r||^2 = ||r0||^2 + lam^2 ||d||^2, so its root is known in closed form, and the answer
is exact once the root lies on the piece that it was computed from. Until then it is kept between a lam that is too large
and one that is too small; sigma = 0, the end of the path, is basis pursuit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from sparsecs.solvers._pieces import Pieces

STEPS, SHRINK, LEAST = 200, 0.4, 1e-15  # LEAST: a lam below this part of the first is taken for zero
ORTHOGONAL = 1e-10


def of_misfit(pieces: Pieces, sigma: float) -> float:
    """The lam at which the residual of this piece has norm sigma; 0 if it never gets so small."""
    rest = float(np.linalg.norm(pieces.r0))
    if sigma <= rest:
        return 0.0
    slope = float(np.linalg.norm(pieces.d))
    return float(np.sqrt(sigma - rest) * np.sqrt(sigma + rest) / slope) if slope > 0 else np.inf


def of_ratio(pieces: Pieces, c: float) -> float:
    """The lam that is c times the norm of the residual of this piece; infinite if lam is too small all along it."""
    rest, slope = float(np.linalg.norm(pieces.r0)), c * float(np.linalg.norm(pieces.d))
    if slope >= 1:
        return np.inf
    return c * rest / float(np.sqrt(1 - slope) * np.sqrt(1 + slope))


def descend(pieces: Pieces, root: Callable[[Pieces], float]) -> Iterator[bool]:
    """Move to the answer; after each move, whether it is reached. It ends early where the path cannot be followed.

    Parameters
    ----------
    pieces : Pieces
        At the top of the path; it is moved.
    root : function of pieces
        The lam at which this piece would meet the aim.
    """
    low, high = 0.0, np.inf
    for _ in range(STEPS):
        want = root(pieces)
        if not pieces.r0.any() and want <= pieces.lam and pieces.holds_at(want):
            pieces.lam = want
        if abs(want - pieces.lam) <= 1e-14 * want or want == pieces.lam:
            yield True
            return
        if want < pieces.lam:
            high = min(high, pieces.lam)
        else:
            low = max(low, pieces.lam)
        if not low < want < high or (low == 0 and want < SHRINK * high):
            want = float(np.sqrt(low) * np.sqrt(high)) if low > 0 else SHRINK * high
        if want <= LEAST * pieces.top or high - low <= 1e-15 * high or exhausted(pieces, high):
            return
        if not pieces.move_to(want):
            return
        yield False


def exhausted(pieces: Pieces, high: float) -> bool:
    """Whether r0, the least residual on this piece, is the least of all: no column sees it."""
    rest = float(np.linalg.norm(pieces.r0))
    full = pieces.support.size >= min(pieces.y.size, pieces.u.size)
    if rest == 0 or not (full or high < 1e-3 * pieces.top):
        return False
    return pieces.blind(pieces.r0 / rest, ORTHOGONAL)
