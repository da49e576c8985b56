r"""Newton's method for the fixed point of a proximal gradient step, on the coefficients in use.

    F(x) = x - prox_t( x - t A^H grad f(A x) ),        ( I - J + t J H ) u = -F(x),        x' = x + u

H is the second derivative of f(A x) on the coefficients in use, J that of the proximal map, taken by central differences:
exact for penalties made of straight pieces and parabolas. For the LASSO this is least squares on the support with the signs
kept, for l0 the refit. It ends what a first-order method has begun, whatever the loss and the penalty (Milzarek and Ulbrich
2014; Li, Sun and Toh 2018).
"""

from __future__ import annotations

import numpy as np

from sparsecs.losses.base import Loss
from sparsecs.solvers._composite import Composite, Point

OVERHEAD = 1e5  # operations that could have been done while an iteration calls its functions
LARGEST = 4000  # real numbers in use: their matrices take 128 MB each
SMALL, SMALLER = 1e-4, 1e-8  # a difference as a part of the coefficient, and at least of what the proximal map is given


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
        m, n = task.A.shape
        self._work += 4.0 * m * point.z.size + OVERHEAD
        v = point.z.astype(task.wide) - length * point.slope.astype(task.wide)
        p = task.prox(v, length)
        rows = rows_in_use(point.z, p)
        patience = 1.0 if np.array_equal(rows, self._rows) else 8.0  # while the rows change it is too early
        self._rows = rows
        if rows.size == 0 or self._price(point.z, rows.size) * patience > self._work:
            return None
        found = self._better(point, v, p, rows, unrest, length)
        if found is None:
            self._work = 0.0
        return found

    def _price(self, z: np.ndarray, k: int) -> float:
        """The operations of a Newton step, roughly."""
        m, n = self._task.A.shape
        q = z.size // n * (2 if np.iscomplexobj(z) else 1)
        d = float(k * q)
        products = 8.0 * m * z.size + (0.0 if self._task.A.at_hand is not None else 2.0 * m * n * k)
        return np.inf if d > LARGEST else 2 * m * q * d * d + d**3 + products + 5 * OVERHEAD

    def _better(
        self, point: Point, v: np.ndarray, p: np.ndarray, rows: np.ndarray, unrest: float, length: float
    ) -> Point | None:
        task, jump = self._task, point.z.astype(self._task.wide)
        try:
            columns = task.A.columns(rows).astype(task.wide)
            H = hessian(task.loss, columns, point.Az.astype(task.wide), task.y.astype(task.wide))
            jump[rows] += solve_fixed_point(task, H, v, p, jump, rows, length)
        except np.linalg.LinAlgError:
            return None
        landed = task.at(jump.astype(point.z.dtype))
        found = task.at(task.step(landed, length))  # exact zeros, and coefficients that crossed zero set right
        before, after = task.objective(point.z, point.Az), task.objective(found.z, found.Az)
        if not after <= before + 1e-13 * abs(before):
            return None
        if after < before - 1e-13 * abs(before) or task.unrest(found, length) < unrest:
            return found
        return None


def rows_in_use(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Where x or p, or a row of them, is not zero."""
    used = (x != 0) | (p != 0)
    return np.flatnonzero(used if used.ndim == 1 else used.any(axis=1))


def solve_fixed_point(
    task: Composite, H: np.ndarray, v: np.ndarray, p: np.ndarray, x: np.ndarray, rows: np.ndarray, step: float
) -> np.ndarray:
    """u on the rows in use, for the prox p of v."""
    J = prox_derivative(task, v, p, rows, step)
    alone = np.diag(J)
    diagonal = np.count_nonzero(J) == np.count_nonzero(alone)
    M = (step * alone)[:, None] * H if diagonal else step * (J @ H)
    M -= J
    M[np.diag_indices_from(M)] += 1
    aim = p[rows] - x[rows]
    return reals_as(_solved(M, as_reals(aim)), aim)


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
    """J on the rows in use, (d, d): one pair of proximal maps for each place in a block of the penalty."""
    blocks, places = _blocks(task, v, rows)
    sizes = np.zeros(blocks.max(initial=0) + 1)
    np.maximum.at(sizes, blocks, np.maximum(SMALL * np.abs(as_reals(p[rows])), SMALLER * np.abs(as_reals(v[rows]))))
    widths = np.where(sizes > 0, sizes, np.finfo(np.float64).tiny**0.5)[blocks]
    J = np.zeros((blocks.size, blocks.size))
    for place in range(places.max(initial=-1) + 1):
        chosen = np.flatnonzero(places == place)
        shift = np.zeros(blocks.size)
        shift[chosen] = widths[chosen]
        ends = []
        for sign in (1, -1):
            moved = v.copy()
            moved[rows] += reals_as(sign * shift, v[rows])
            ends.append(as_reals(task.prox(moved, step)[rows]))
        source = np.full(sizes.size, -1)
        source[blocks[chosen]] = chosen
        column = source[blocks]
        hit = np.flatnonzero(column >= 0)
        J[hit, column[hit]] = (ends[0] - ends[1])[hit] / (2 * widths[column[hit]])
    return J


def _blocks(task: Composite, v: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each real number in use, which block of the penalty it is in, and which place there."""
    p = 1 if v.ndim == 1 else v.shape[1]
    parts = 2 if np.iscomplexobj(v) else 1
    if not task.penalty.separable:
        blocks = np.zeros(rows.size * p * parts, dtype=int)
    elif task.penalty.uses_groups:
        labels = rows if task.problem.groups is None else task.problem.groups[rows]
        blocks = np.repeat(np.unique(labels, return_inverse=True)[1].reshape(-1), p * parts)
    else:
        blocks = np.repeat(np.arange(rows.size * p), parts)
    order = np.argsort(blocks, kind="stable")
    ranked = blocks[order]
    starts = np.searchsorted(ranked, ranked)
    places = np.empty(blocks.size, dtype=int)
    places[order] = np.arange(blocks.size) - starts
    return blocks, places


def as_reals(values: np.ndarray) -> np.ndarray:
    """All real numbers of an array in a row, real and imaginary parts side by side."""
    values = np.ascontiguousarray(values)
    return (values.view(values.real.dtype) if np.iscomplexobj(values) else values).reshape(-1)


def reals_as(reals: np.ndarray, like: np.ndarray) -> np.ndarray:
    """The array of the kind and shape of another that is made up of these real numbers."""
    reals = np.ascontiguousarray(reals, dtype=np.float64)
    return (reals.view(np.complex128) if np.iscomplexobj(like) else reals).reshape(like.shape)


def _solved(M: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """M⁻¹ times the aim; of several solutions, or none, the shortest that fits best."""
    try:
        found = np.linalg.solve(M, aim)
        if np.abs(M @ found - aim).max(initial=0) <= 1e-9 * np.abs(aim).max(initial=0):
            return found
    except np.linalg.LinAlgError:
        pass
    return np.linalg.lstsq(M, aim, rcond=1e-12)[0]
