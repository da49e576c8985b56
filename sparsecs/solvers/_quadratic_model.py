r"""The minimum of a quadratic model of the loss plus the penalty, over a working set of coefficients.

    min over w on W  g^T (w - z) + 1/2 (w - z)^T H (w - z) + P(w)

by proximal gradient steps with momentum and, in between, Newton steps on the fixed point. H is there as a matrix, so neither
touches A. The proximal map is that of the whole vector with zeros outside W, which is right for any penalty.
"""

from __future__ import annotations

import numpy as np

from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.solvers._composite import Composite, Point
from sparsecs.solvers._newton import OVERHEAD, as_reals, reals_as, rows_in_use, solve_fixed_point

MOST, EVERY = 400, 6  # steps, and at least so many from one Newton step to the next


class QuadraticModel:
    """The model at a point.

    Parameters
    ----------
    task : Composite
    point : Point
    rows : (k,) array of int
        W; z is zero elsewhere.
    H : (d, d) array
        The second derivative in the real numbers that make up ``z[rows]``.
    """

    def __init__(self, task: Composite, point: Point, rows: np.ndarray, H: np.ndarray) -> None:
        self._task, self._rows, self._H = task, rows, H
        self._z, self._slope = point.z.astype(task.wide), point.slope.astype(task.wide)[rows]
        self._top = 1.05 * spectral_norm(H, steps=16)  # an estimate from below, and what is missing

    def minimiser(self, part: float) -> np.ndarray:
        """w, as soon as a step is at most this part of the first one."""
        here = ahead = self._z
        t, first, work = 1.0, 0.0, 0.0
        for _ in range(MOST):
            w = self._step(ahead)
            length = float(np.linalg.norm(w - ahead))
            first = max(first, length)
            if length <= part * first:
                return w
            t = 1.0 if np.vdot(w - ahead, w - here).real < 0 else t
            grown = 0.5 * (1 + np.sqrt(1 + 4 * t * t))
            ahead, here, t = w + (t - 1) / grown * (w - here), w, grown
            work += 2.0 * self._H.size + OVERHEAD
            if work >= float(np.count_nonzero(here)) ** 3 + EVERY * OVERHEAD:
                work, better = 0.0, self._newton(here)
                if better is not None:
                    here, ahead, t = better, better, 1.0
        return here

    def _slope_at(self, w: np.ndarray) -> np.ndarray:
        moved = (w - self._z)[self._rows]
        return self._slope + reals_as(self._H @ as_reals(moved), moved)

    def _value(self, w: np.ndarray) -> float:
        moved = (w - self._z)[self._rows]
        bend = 0.5 * (self._slope + self._slope_at(w))
        return float(np.vdot(bend, moved).real) + self._task.penalty.value(w, self._task.weight, **self._task.own)

    def _before_prox(self, w: np.ndarray) -> np.ndarray:
        v = w.copy()
        v[self._rows] -= self._slope_at(w) / self._top
        return v

    def _step(self, w: np.ndarray) -> np.ndarray:
        return self._task.prox(self._before_prox(w), 1 / self._top)

    def _newton(self, w: np.ndarray) -> np.ndarray | None:
        """A point with a lower value, or None."""
        v = self._before_prox(w)
        p = self._task.prox(v, 1 / self._top)
        used = rows_in_use(w, p)
        if used.size == 0:
            return None
        width = self._H.shape[0] // self._rows.size
        places = (np.searchsorted(self._rows, used)[:, None] * width + np.arange(width)).reshape(-1)
        jump = w.copy()
        jump[used] += solve_fixed_point(self._task, self._H[np.ix_(places, places)], v, p, w, used, 1 / self._top)[0]
        found = self._step(jump)
        return found if self._value(found) <= self._value(w) else None
