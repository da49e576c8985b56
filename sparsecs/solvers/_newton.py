r"""Newton's method for the fixed point of a proximal gradient step, on the coefficients in use.

    F(x) = x - prox_t( x - t A^H grad f(A x) ),        ( I - J + t J H ) u = -F(x),        x' = x + u

H is the second derivative of f(A x) on the coefficients in use, J that of the proximal map, taken by central differences:
exact for penalties made of straight pieces and parabolas. For the LASSO this is least squares on the support with the signs
kept, for l0 the refit. It ends what a first-order method has begun, whatever the loss and the penalty (Milzarek and Ulbrich
2014; Li, Sun and Toh 2018).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sparsecs.losses.base import Loss
from sparsecs.solvers._composite import Composite, Point

OVERHEAD = 1e5  # operations that could have been done while an iteration calls its functions
LARGEST = 4000  # real numbers in use: their matrices take 128 MB each
SMALL, SMALLER = 1e-6, 1e-8  # a difference as a part of the coefficient, and at least of what the proximal map is given


class Finish:
    """Newton steps, tried whenever as much work has gone into other steps as they cost, and kept where they help.

    Parameters
    ----------
    task : Composite
    """

    def __init__(self, task: Composite) -> None:
        self._task = task
        self._work = 0.0  # operations since the last Newton step that was of no use
        self._rows = np.zeros(0, dtype=int)

    def __call__(self, point: Point, unrest: float, length: float) -> Point | None:
        """A better point, or None."""
        task = self._task
        self._work += 4.0 * task.A.shape[0] * point.z.size + OVERHEAD
        v = point.z.astype(task.wide) - length * point.slope.astype(task.wide)
        p = task.prox(v, length)
        rows = rows_in_use(point.z, p)
        settled = np.array_equal(rows, self._rows)
        self._rows = rows
        price = self._price(point.z, rows.size)
        if rows.size == 0 or price * (1.0 if settled else 8.0) > self._work:  # while the rows change it is too early
            return None
        found, share = self._better(point, v, p, rows, unrest, length, settled)
        self._work -= 0.0 if share == 1 else price if share > 0 else self._work
        return found

    def _price(self, z: np.ndarray, k: int) -> float:
        """The operations of a Newton step, roughly."""
        m, n = self._task.A.shape
        q = z.size // n * (2 if np.iscomplexobj(z) else 1)
        d = float(k * q)
        # without convexity the answer may hang on the price, so it must not hang on what kind of operator A is
        at_hand = self._task.A.at_hand is not None and self._task.penalty.convex
        products = 8.0 * m * z.size + (0.0 if at_hand else 2.0 * m * n * k)
        return np.inf if d > LARGEST else 2 * m * q * d * d + d**3 + products + 5 * OVERHEAD

    def _better(
        self, point: Point, v: np.ndarray, p: np.ndarray, rows: np.ndarray, unrest: float, length: float, settled: bool
    ) -> tuple[Point | None, float]:
        """A better point and the share of the Newton step that leads there; or None, and none of it."""
        task = self._task
        columns = task.A.columns(rows).astype(task.wide)
        H = hessian(task.loss, columns, point.Az.astype(task.wide), task.y.astype(task.wide))
        start = point.z.astype(task.wide)
        u, flat = solve_fixed_point(task, H, v, p, start, rows, length)
        before = task.objective(point.z, point.Az)
        slack = 1e-13 * abs(before)
        for share in (1.0, _first_crossing(start[rows], u)) if flat and settled else (1.0,):
            jump = start.copy()
            jump[rows] += share * u
            landed = task.at(jump.astype(point.z.dtype))
            found = task.at(task.step(landed, length))  # exact zeros, and coefficients that crossed zero set right
            after = task.objective(found.z, found.Az)
            if after < before - slack or (after <= before + slack and task.unrest(found, length) < unrest):
                return found, share
        return None, 0.0


def _first_crossing(z: np.ndarray, u: np.ndarray) -> float:
    """The share of the move u at which the first coefficient is zero: along a flat direction, a smaller support."""
    at, move = as_reals(z), as_reals(u)
    crossing = at * (at + move) < 0
    return float(np.min(-at[crossing] / move[crossing], initial=0.5))


def rows_in_use(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Where x or p, or a row of them, is not zero."""
    used = (x != 0) | (p != 0)
    return np.flatnonzero(used if used.ndim == 1 else used.any(axis=1))


def solve_fixed_point(
    task: Composite, H: np.ndarray, v: np.ndarray, p: np.ndarray, x: np.ndarray, rows: np.ndarray, step: float
) -> tuple[np.ndarray, bool]:
    """u on the rows in use, for the prox p of v, and whether the objective has a flat direction with a slope."""
    J = prox_derivative(task, v, p, rows, step)
    alone = np.diag(J)
    diagonal = np.count_nonzero(J) == np.count_nonzero(alone)
    M = (step * alone)[:, None] * H if diagonal else step * (J @ H)
    M -= J
    M[np.diag_indices_from(M)] += 1
    aim = p[rows] - x[rows]
    u, flat = _solved(M, as_reals(aim))
    return reals_as(u, aim), flat


def hessian(loss: Loss, columns: np.ndarray, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The second derivative of f(A x) in the real numbers that make up the rows in use of x, (d, d)."""
    m, k = columns.shape
    parts = 2 if np.iscomplexobj(prediction) else 1
    p = 1 if prediction.ndim == 1 else prediction.shape[1]
    q = p * parts
    if q == 1:
        bend = loss.curvature(prediction, y, np.ones_like(prediction))
        return columns.T @ (bend.reshape(m, 1) * columns)
    images = np.zeros((m, p, k, p, parts), dtype=prediction.dtype)
    for c in range(p):
        for part in range(parts):
            images[:, c, :, c, part] = columns * (1j if part else 1)
    flat = as_reals(np.moveaxis(images, 1, -1)).reshape(m, k * q, q)  # sample, real number of x, real number of z
    bent = flat @ sample_bends(loss, prediction, y)  # symmetric blocks
    return np.tensordot(bent, flat, axes=((0, 2), (0, 2)))


def sample_bends(loss: Loss, prediction: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The second derivative of f, (m, q, q): a loss is a sum over samples, and each of them has a block of q real numbers."""
    m = prediction.shape[0]
    q = as_reals(prediction).size // m
    bends = np.zeros((m, q, q))
    for c in range(q):
        unit = reals_as(np.tile(np.eye(q)[c], m), prediction)
        bends[:, :, c] = as_reals(loss.curvature(prediction, y, unit)).reshape(m, q)
    return bends


def prox_derivative(task: Composite, v: np.ndarray, p: np.ndarray, rows: np.ndarray, step: float) -> np.ndarray:
    """J on the rows in use, (d, d): one pair of proximal maps for each place in a block of coefficients that act together."""
    widths = np.maximum(SMALL * np.abs(as_reals(p[rows])), SMALLER * np.abs(as_reals(v[rows])))
    widths = np.where(widths > 0, widths, np.finfo(np.float64).tiny ** 0.5)

    def moved(shift: np.ndarray) -> np.ndarray:
        ends = []
        for sign in (0.5, -0.5):
            place = v.copy()
            place[rows] += reals_as(sign * shift, v[rows])
            ends.append(as_reals(task.prox(place, step)[rows]))
        return ends[0] - ends[1]

    J = _by_blocks(moved, widths, _blocks(task, p, rows))
    if not task.penalty.separable:  # the blocks were a guess
        probe = widths * np.linspace(1, 2, widths.size)
        if np.linalg.norm(J @ probe - moved(probe)) > 1e-3 * np.linalg.norm(probe):
            J = _by_blocks(moved, widths, np.zeros(widths.size, dtype=int))
    return J


def _by_blocks(moved: Callable[[np.ndarray], np.ndarray], widths: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    order = np.argsort(blocks, kind="stable")
    places = np.empty(blocks.size, dtype=int)
    places[order] = np.arange(blocks.size) - np.searchsorted(blocks[order], blocks[order])
    J = np.zeros((blocks.size, blocks.size))
    for place in range(places.max(initial=-1) + 1):
        chosen = np.flatnonzero(places == place)  # one of each block that is so large
        shift = np.zeros(blocks.size)
        shift[chosen] = widths[chosen]
        change = moved(shift)
        source = np.full(blocks.max() + 1, -1)
        source[blocks[chosen]] = chosen
        column = source[blocks]
        hit = np.flatnonzero(column >= 0)
        J[hit, column[hit]] = change[hit] / widths[column[hit]]
    return J


def _blocks(task: Composite, p: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """For each real number in use, with which others it acts; where the penalty is no sum, those of one size, as a guess."""
    width = as_reals(p[:1]).size
    parts = 2 if np.iscomplexobj(p) else 1
    if not task.penalty.separable:
        sizes = np.linalg.norm(as_reals(p[rows]).reshape(rows.size, width), axis=1)
        ranked = np.sort(sizes)
        jumps = np.append(False, np.diff(ranked) > 1e-9 * ranked[1:])
        labels = np.cumsum(jumps)[np.searchsorted(ranked, sizes)]
    elif task.penalty.uses_groups:
        labels = rows if task.problem.groups is None else task.problem.groups[rows]
    else:
        return np.repeat(np.arange(rows.size * width // parts), parts)
    return np.repeat(np.unique(labels, return_inverse=True)[1].reshape(-1), width)


def as_reals(values: np.ndarray) -> np.ndarray:
    """All real numbers of an array in a row, real and imaginary parts side by side."""
    values = np.ascontiguousarray(values)
    return (values.view(values.real.dtype) if np.iscomplexobj(values) else values).reshape(-1)


def reals_as(reals: np.ndarray, like: np.ndarray) -> np.ndarray:
    """The array of the kind and shape of another that is made up of these real numbers."""
    reals = np.ascontiguousarray(reals, dtype=np.float64)
    return (reals.view(np.complex128) if np.iscomplexobj(like) else reals).reshape(like.shape)


def _solved(M: np.ndarray, aim: np.ndarray) -> tuple[np.ndarray, bool]:
    """M⁻¹ times the aim: of several solutions the shortest; where there is none, a long way down a flat direction."""
    if not np.isfinite(M).all():
        return aim, False
    try:
        found = np.linalg.solve(M, aim)
        if _fits(M, found, aim):
            return found, False
        found = np.linalg.lstsq(M, aim, rcond=1e-12)[0]
        return (found, False) if _fits(M, found, aim) else (np.linalg.solve(M + 1e-10 * np.eye(aim.size), aim), True)
    except np.linalg.LinAlgError:
        return aim, False


def _fits(M: np.ndarray, found: np.ndarray, aim: np.ndarray) -> bool:
    return bool(np.abs(M @ found - aim).max(initial=0) <= 1e-9 * np.abs(aim).max(initial=0))
