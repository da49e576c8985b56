r"""Compressive sampling matching pursuit.

    T = supp(x) + the 2k columns most correlated with r,    b_T = argmin ||y - A_T b||,    x = H_k(b),    r = y - A x

(Needell and Tropp 2009.) Wrong columns can leave again, which OMP does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.kernels.thresholding import keep_largest
from sparsecs.problems.problem import Problem
from sparsecs.solvers._support import Columns
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class CoSaMP(Solver):
    """Compressive sampling matching pursuit, on columns of unit length.

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
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "least squares on the k best of 3k candidates, again and again"

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        columns, y, k = Columns(problem.operator), problem.y, problem.sparsity or 1
        z, residual, least = np.zeros(problem.shape[1], dtype=y.dtype), y.copy(), np.inf
        if self._unseen(problem, columns.correlations(y), 1.0):
            yield Iterate(z, residual, Status.ZERO)
            return
        while True:
            chosen = np.flatnonzero(z)
            more = min(2 * k, max(y.size - chosen.size, 1))  # more columns than rows would leave the fit undecided
            candidates = np.union1d(chosen, columns.best(columns.correlations(residual), more))
            fitted, _ = columns.fit(y, candidates)
            proposal = keep_largest(fitted, k)
            proposed_residual = y - columns.image(proposal)
            size = float(np.linalg.norm(proposed_residual))
            if size >= least * (1 - self.tolerance):
                yield Iterate(columns.answer(z), residual.copy(), self._fits(problem, residual) or Status.STALLED)
                return
            z, residual, least = proposal, proposed_residual, size
            yield Iterate(columns.answer(z), residual)
