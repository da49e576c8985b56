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

from sparsecs.operators.base import DENSE_LIMIT
from sparsecs.problems.problem import Problem
from sparsecs.solvers._linear_program import closest
from sparsecs.solvers._pieces import EPS, Pieces
from sparsecs.solvers._unit_columns import Columns

STEPS, LEAST = 200, 1e-15  # a lam below this part of the first is taken for zero
SHRINK, FASTER = 0.4, 0.1  # how far one goes down at once; and where the columns explain y, so that few more will enter
SHY = 0.9  # what part of the way a straight line between logarithms is trusted
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


def descend(pieces: Pieces, root: Callable[[Pieces], float], ratio: Callable[[Pieces], float]) -> Iterator[bool]:
    """Move to the answer; after each move, whether it is reached. It ends early where the path cannot be followed.

    Parameters
    ----------
    pieces : Pieces
        At the top of the path; it is moved.
    root : function of pieces
        The lam at which this piece would meet the aim.
    ratio : function of pieces
        How many times the aim the left side is.
    """
    low, high, seen = 0.0, np.inf, (0.0, 0.0)
    for _ in range(STEPS):
        want = root(pieces)
        if not pieces.r0.any() and want <= pieces.lam and pieces.holds_at(want):
            pieces.lam = want
        if want == pieces.lam or (want < np.inf and abs(want - pieces.lam) <= 1e-14 * want):
            yield True
            return
        if want < pieces.lam:
            high = min(high, pieces.lam)
        else:
            low = max(low, pieces.lam)
        if want == 0 and exhausted(pieces, high):
            return
        if low == 0:
            seen, least = _carefully(pieces, ratio(pieces), seen)
            want = max(want, least)
        if not low < want < high:
            want = float(np.sqrt(low) * np.sqrt(high))
        if want <= LEAST * pieces.top or high - low <= 1e-15 * high:
            return
        if not pieces.move_to(want):
            return
        yield False


def _carefully(pieces: Pieces, ratio: float, seen: tuple[float, float]) -> tuple[tuple[float, float], float]:
    """This point, in logarithms, and the least lam to go on to: columns let in too many are dear to lose again."""
    least = pieces.lam * (SHRINK if pieces.r0.any() else FASTER)
    if not 0 < ratio < np.inf:
        return seen, least
    now = float(np.log(pieces.lam)), float(np.log(ratio))
    fall = (seen[1] - now[1]) / (seen[0] - now[0]) if seen[0] > now[0] else 0.0
    if fall > 0:
        least = max(least, min(float(np.exp(now[0] - SHY * now[1] / fall)), SHY * pieces.lam))
    return now, least


def denoised(problem: Problem, bounds: tuple[float, float], sigma: float) -> tuple[Pieces, bool]:
    """The piece on which the misfit is sigma, at that lam, and whether it was found; ‖y‖ has to be above sigma."""
    pieces = Pieces(Columns(problem, *bounds))
    met = pieces.top > 0 and _last(
        descend(pieces, lambda now: of_misfit(now, sigma), lambda now: now.misfit / sigma if sigma > 0 else np.inf)
    )
    return pieces, met


def _last(answers: Iterator[bool]) -> bool:
    found = False
    for found in answers:  # noqa: B007 - only the last one is looked at
        pass
    return found


def within(problem: Problem, pieces: Pieces, sigma: float) -> np.ndarray:
    """The x of this piece with a misfit, as it is computed, of at most sigma where rounding lets that be."""
    aim, least = sigma, 2 * EPS * sigma
    for _ in range(8):
        lam = of_misfit(pieces, aim)
        x = pieces.coefficients(lam).astype(problem.y.dtype)
        beyond = float(np.linalg.norm(problem.y - problem.operator @ x)) - sigma
        if beyond <= 0 or not pieces.holds_at(lam):
            break
        aim, least = max(aim - max(1.5 * beyond, least), 0.0), 2 * least
    return x


def nearest(pieces: Pieces) -> np.ndarray:
    """The x within its bounds whose A x is nearest to y, or the best that is known, (n,)."""
    columns, x = pieces.columns, pieces.coefficients(0.0)
    live = np.flatnonzero(columns.live)
    sound = columns.lower == -np.inf and columns.upper == np.inf and bool(np.isfinite(x).all())
    if sound or live.size == 0 or 8 * pieces.y.size * live.size > DENSE_LIMIT:
        return x
    u = np.zeros(columns.v.size)
    u[live] = closest(columns.part(live), pieces.y, columns.caps[:, live])
    return columns.plain(u)


def out_of_reach(pieces: Pieces, x: np.ndarray, sigma: float) -> bool:
    """Whether the residual of x proves that no misfit is as small as sigma: <y, d> - max <A x, d> > sigma ||d||.

    Where x has no bounds A^T d has to be zero, but for what rounding can leave of it.
    """
    columns, used = pieces.columns, np.flatnonzero(x)
    u = x[used] / columns.inverse[used]
    d = pieces.y - columns.part(used) @ u
    rest, sizes = float(np.linalg.norm(d)), float(np.linalg.norm(pieces.y) + np.abs(u).sum())
    if not sigma < rest < np.inf:
        return False
    d /= rest
    q = columns.correlations(d)
    room, q = np.where(q > 0, columns.caps[0], columns.caps[1]), np.abs(q)
    endless, blur = np.isinf(room), 64 * columns.rounding
    if q[endless].max(initial=0) > min(blur * sizes / rest, max(ORTHOGONAL, blur)):
        return False
    return float(d @ pieces.y) - float(q[~endless] @ room[~endless]) - sigma > 8 * EPS * sizes


def hopeless(pieces: Pieces) -> bool:
    """Whether no x seems to come closer to y than this piece does at lam = 0: reason to give up, not a proof."""
    rest = float(np.linalg.norm(pieces.r0))
    return pieces.top == 0 or (rest > 0 and pieces.blind(pieces.r0 / rest, ORTHOGONAL))


def exhausted(pieces: Pieces, high: float) -> bool:
    """Whether to give up; looked into only where many columns are in, or lam is small."""
    full = pieces.support.size >= min(pieces.y.size, pieces.u.size)
    return bool(pieces.r0.any()) and (full or high < 1e-3 * pieces.top) and hopeless(pieces)
