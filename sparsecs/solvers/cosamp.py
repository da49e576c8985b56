r"""Compressive sampling matching pursuit.

    T = supp(x) + the 2k columns most correlated with r,    b_T = argmin ||y - A_T b||,    x = H_k(b),    r = y - A x

(Needell and Tropp 2009.) Wrong columns can leave again, which OMP does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.problems.problem import Problem
from sparsecs.solvers._gradient import on
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class CoSaMP(Solver):
    """Compressive sampling matching pursuit, on columns of unit length.

    Among the best for coefficients of equal size. It fits on up to 3 k columns, so it fails where 3 k comes near the number
    of rows, and with alike columns; SubspacePursuit, with up to 2 k, is the safer choice there.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖, or when the residual stops falling.

    References
    ----------
    Needell and Tropp, "CoSaMP: iterative signal recovery from incomplete and inaccurate samples" (2009).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import CoSaMP, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], CoSaMP(), sparsity=1).x
    array([0., 5., 0.])
    """

    needs_sparsity: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = True
    joint: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "least squares on the k best of 3k candidates, again and again"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y, k = Columns(problem), problem.y, problem.sparsity or 1
        z, support, residual, least = problem.nothing(), np.zeros(0, dtype=np.intp), y, np.inf
        correlations = columns.correlations(y)
        if self._unseen(problem, correlations, 1.0):
            yield Iterate(z, y.copy(), Status.ZERO)
            return
        while True:
            room = max(y.shape[0] - support.size, 1)  # more columns than rows would leave the fit undecided
            candidates = np.union1d(support, columns.best(correlations, 2 * k, room))
            fitted, _ = columns.fit(y, candidates)
            chosen = columns.best(fitted, k)
            proposal = on(fitted, chosen)
            proposed_residual = y - columns.image(proposal, chosen)
            size = float(np.linalg.norm(proposed_residual))
            if size >= least * (1 - self.tolerance):
                yield Iterate(columns.answer(z), residual.copy(), self._fits(problem, residual) or Status.STALLED)
                return
            z, support, residual, least = proposal, chosen, proposed_residual, size
            yield Iterate(columns.answer(z), residual.copy())
            correlations = columns.correlations(residual)
