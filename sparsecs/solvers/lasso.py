r"""The LASSO by working sets and Newton's method: exact, certified, and fast where coordinate descent crawls.

    min_x  1/2 ||A x - y||^2 + lambda sum_j w_j |x_j|

The answer is piecewise quadratic in disguise: once the signs are known, it solves linear equations. So coordinate descent only
looks for the signs, and a Cholesky factorisation finds the numbers (kernels/active_set.py). Only the columns that violate their
optimality conditions are looked at closely (_working_set.py). Where the support is almost as large as m, this is what
makes the difference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers._by_working_sets import ByWorkingSets


@dataclass(frozen=True)
class Lasso(ByWorkingSets):
    """min ½‖A x − y‖² + λ‖x‖₁, with a certificate.

    Complex data are welcome; then |x_j| is the modulus.

    Parameters
    ----------
    weight : float, optional
        λ itself; scikit-learn's alpha is weight / m. By default it is ``relative_weight`` times the smallest λ whose answer is
        zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    lower, upper : float, optional
        Bounds on every coefficient, with lower ≤ 0 ≤ upper; ``Lasso(lower=0)`` is the nonnegative LASSO.
    tolerance : float
        On the duality gap, relative to the objective.

    References
    ----------
    Tibshirani, "Regression shrinkage and selection via the lasso" (1996); Massias, Gramfort and Salmon, "Celer: a fast solver
    for the lasso with dual extrapolation" (2018).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Lasso, solve
    >>> result = solve(np.eye(3), [0.0, 5.0, 1.0], Lasso(weight=2.0))
    >>> result.x, result.status.name, result.certificate.gap < 1e-12
    (array([0., 3., 0.]), 'OPTIMAL', True)
    """

    uses_groups: ClassVar[bool] = False
    solves: ClassVar[str] = "min ½‖A x − y‖² + λ‖x‖₁"
    lower: float | None = field(default=None, kw_only=True)
    upper: float | None = field(default=None, kw_only=True)

    @property
    def penalty(self) -> L1:
        return L1(self.lower, self.upper)

    def _rescaled_terms(self, units: Units) -> dict[str, Any]:
        scaled = self.penalty.rescaled(units.exponent(1, 0), units.exponent(-1, 1))
        return {"lower": scaled.lower, "upper": scaled.upper} if self.penalty.bounded else {}

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        if np.iscomplexobj(problem.y) and self.penalty.bounded:
            raise TypeError(f"Bounds have no meaning for complex coefficients; y is {problem.y.dtype}.")
