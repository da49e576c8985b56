r"""Accelerated iterative hard thresholding, by double overrelaxation.

    u = H_k(x + mu A^H r),    v = u + a (u - x),    w = v + b (v - x_before),    x' = H_k(w) or u, whichever fits better

mu is the step of NormalizedIHT, and a and b are the best steps along their lines. The lines cost nothing: A u and A x are
known. (Blumensath 2012; the overrelaxation is that of Qiu and Dogandžić 2012.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers._gradient import Point, at, beginning, normalized_step, square, typical_length
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class AcceleratedIHT(Solver):
    """Iterative hard thresholding with the step of NormalizedIHT and double overrelaxation.

    The residual never grows. It needs fewer steps than NormalizedIHT. On Gaussian matrices it succeeds about as often, and
    with alike columns far more often: at 100 x 400 with cosines about ½ and 22 Gaussian coefficients in 15 of 20 cases
    against 5, which is the best of the methods here without a fit.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when x moves by less than a tenth of that part of its size.

    References
    ----------
    Blumensath, "Accelerated iterative hard thresholding" (2012); Qiu and Dogandžić, "Sparse signal reconstruction via ECME
    hard thresholding" (2012).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import AcceleratedIHT, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], AcceleratedIHT(), sparsity=1).x
    array([0., 5., 0.])
    """

    needs_sparsity: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    solves: ClassVar[str] = "gradient steps on ‖y − A x‖² with overrelaxation, projected onto the k-sparse vectors"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns = Columns(problem, unit=False)
        here, before = beginning(columns, problem), None
        if self._unseen(problem, here.gradient, typical_length(columns, here)):
            yield Iterate(problem.nothing(), problem.y.copy(), Status.ZERO)
            return
        while step := normalized_step(columns, problem, here):
            relaxed = at(columns, problem, _overrelaxed(step, here, before))
            x, residual, support = relaxed if square(relaxed[1]) < square(step[1]) else step
            yield Iterate(x, residual)
            here, before = Point(x, residual, support, columns.correlations(residual)), here
        yield Iterate(here.x.copy(), here.residual.copy(), Status.STALLED)


def _overrelaxed(step: tuple[np.ndarray, ...], here: Point, before: Point | None) -> np.ndarray:
    """The best point on the line through x and u, and from there on the line through the x before."""
    x, residual = step[0], step[1]
    for old in (here, before):
        if old is not None:
            way, image = x - old.x, old.residual - residual  # A way
            bend = square(image)
            if bend > 0:
                stretch = residual.real.dtype.type(float(np.vdot(image, residual).real) / bend)
                x, residual = x + stretch * way, residual - stretch * image
    return x
