r"""Conjugate gradient iterative hard thresholding.

    g = A^H r,   p <- g + b p,   x <- H_k(x + a p),   a = ||g_S||^2 / ||A p_S||^2,   b = ||g_S||^2 / ||g_S before||^2

S is the support of x; b = 0 where S has just changed. While the support stays these are conjugate gradient steps on it.
(Blanchard, Tanner and Wei 2015, the restarted variant, from x = 0.) The residual may grow for some steps, and it pays to let
it. If it has not been smaller than ever for a while, the search goes back to the best x and on with steps of NormalizedIHT, after
which it never grows: so it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers._gradient import Point, at, beginning, normalized_step, on, square, typical_length
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status

PATIENCE = 50  # steps without a smaller residual; while it still searches, far fewer pass
FAR = 4.0  # times the squared size of y: a residual from which the search is given up at once


@dataclass(frozen=True)
class CGIHT(Solver):
    """Iterative hard thresholding with conjugate gradients while the support stays.

    As cheap a step as NormalizedIHT, and fewer of them: once the support is found it converges like conjugate gradients and
    not like gradient descent. On Gaussian matrices it succeeds most often of the thresholding methods here: at 100 x 400
    with 30 Gaussian coefficients in 18 of 20 cases, where HTP does in 15 and NormalizedIHT in 9. With alike columns
    AcceleratedIHT is better.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when x moves by less than a tenth of that part of its size.

    References
    ----------
    Blanchard, Tanner and Wei, "CGIHT: conjugate gradient iterative hard thresholding for compressed sensing and matrix
    completion" (2015); for y with several columns Blanchard, Cermak, Hanle and Jing, "Greedy algorithms for joint sparse
    recovery" (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import CGIHT, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], CGIHT(), sparsity=1).x
    array([0., 5., 0.])
    """

    needs_sparsity: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "conjugate gradient steps on ‖y − A x‖², projected onto the k-sparse vectors"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns = Columns(problem, unit=False)
        here, way, rise_before = beginning(columns, problem), None, 0.0
        if self._unseen(problem, here.gradient, typical_length(columns, here)):
            yield Iterate(problem.nothing(), problem.y.copy(), Status.ZERO)
            return
        real = problem.y.real.dtype.type
        best, age = here, 0
        while True:
            rise = square(on(here.gradient, here.support))
            direction = here.gradient if way is None else here.gradient + real(rise / rise_before) * way
            bend = square(columns.image(on(direction, here.support), here.support))
            if rise == 0 or bend == 0:
                yield Iterate(here.x.copy(), here.residual.copy(), Status.STALLED)
                return
            step = at(columns, problem, here.x + real(rise / bend) * direction)
            if age < PATIENCE and not square(step[1]) <= FAR * square(problem.y):
                age = PATIENCE
            if age >= PATIENCE:
                here, direction = (best, best.gradient) if age == PATIENCE else (here, here.gradient)
                step = normalized_step(columns, problem, here) or step
            x, residual, support = step
            yield Iterate(x, residual)
            way, rise_before = (direction, rise) if np.array_equal(support, here.support) else (None, 0.0)
            here = Point(x, residual, support, columns.correlations(residual))
            better = age < PATIENCE and square(residual) < square(best.residual)
            best, age = (here, 0) if better else (best, age + 1)
