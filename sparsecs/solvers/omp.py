r"""Orthogonal matching pursuit.

    j = argmax |a_j^T r| / ||a_j||,    S <- S + j,    x_S = argmin ||y - A_S x||,    r = y - A_S x_S

Each step adds the column that is most correlated with the residual and fits all chosen columns anew. A QR factorisation of
A_S grows with S, so a step costs one product with A^T and 8 m |S| operations. (Pati, Rezaiifar and Krishnaprasad 1993;
Davis, Mallat and Avellaneda 1997.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from sparsecs.kernels.least_squares import append_column, back_substitution
from sparsecs.kernels.selection import first_largest
from sparsecs.problems.problem import Problem
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Status


@dataclass(frozen=True)
class OMP(Solver):
    """Orthogonal matching pursuit: k greedy steps, or fewer if the residual vanishes first.

    Without ``sparsity`` it goes on until the residual vanishes. Columns of any norm compete on equal terms; zero columns
    are never chosen, and columns that depend on the chosen ones are passed over.

    Parameters
    ----------
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖.
    max_iterations : int
        A bound on the number of steps when no sparsity is given.

    References
    ----------
    Pati, Rezaiifar and Krishnaprasad (1993); Tropp and Gilbert (2007).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import OMP, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], OMP(), sparsity=1).x
    array([0., 5., 0.])
    """

    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "greedy least squares: the best next column, then a refit of all chosen"
    tolerance: float = field(default=1e-10, kw_only=True)

    def limit(self, problem: Problem) -> int:
        return problem.sparsity or self.max_iterations

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        A, y = problem.operator, problem.y
        (m, n), k = problem.shape, min(*problem.shape, self.limit(problem))
        Q, R = np.zeros((m, k), dtype=y.dtype, order="F"), np.zeros((k, k), dtype=y.dtype)
        coordinates, support = np.zeros(k, dtype=y.dtype), np.zeros(k, dtype=np.intp)
        norms = A.column_norms()
        available = norms >= np.finfo(norms.dtype).tiny  # a shorter column has no reciprocal
        weights = np.divide(1, norms, out=np.zeros_like(norms), where=available)
        residual, size, x = y.copy(), 0, np.zeros(n, dtype=y.dtype)
        noise = 8 * float(np.finfo(y.dtype).eps) * np.linalg.norm(y)
        while size < k:
            correlations = np.where(available, np.abs(A.rmatvec(residual)) * weights, 0)
            j = first_largest(correlations)
            if correlations[j] <= noise:
                yield Iterate(x.copy(), residual.copy(), Status.DEPENDENT if size else Status.ZERO)
                return
            available[j] = False
            if not append_column(Q, R, size, A.columns(np.array([j]))[:, 0] * weights[j]):
                continue
            direction = Q[:, size]
            coordinates[size] = direction @ residual
            residual = residual - coordinates[size] * direction
            support[size] = j
            size += 1
            x = np.zeros(n, dtype=y.dtype)
            x[support[:size]] = back_substitution(R, size, coordinates) * weights[support[:size]]
            full = size == problem.sparsity and not self._fits(problem, residual)
            yield Iterate(x, residual, Status.ALL_CHOSEN if full else None)
