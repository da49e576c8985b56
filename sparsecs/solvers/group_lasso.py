r"""The group LASSO by working sets and Newton's method, with a certificate.

    min_x  1/2 ||A x - y||^2 + lambda sum_g w_g ||x_g||

(Yuan and Lin 2006). Away from zero the norm of a group is smooth, so that block descent only finds the groups, and Newton's
method the numbers (kernels/active_groups.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.problems.problem import Problem
from sparsecs.solvers._by_working_sets import ByWorkingSets


@dataclass(frozen=True)
class GroupLasso(ByWorkingSets):
    """min ½‖A x − y‖² + λ Σ_g w_g ‖x_g‖₂, with a certificate.

    Parameters
    ----------
    weight : float, optional
        λ itself. By default it is ``relative_weight`` times the smallest λ whose answer is zero.
    relative_weight : float
        Above 0 and at most 1; used if ``weight`` is None.
    root_size : bool
        Weigh each group by the square root of its size, on top of the problem's own weights.
    tolerance : float
        On the duality gap, relative to the objective.

    References
    ----------
    Yuan and Lin, "Model selection and estimation in regression with grouped variables" (2006).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import GroupLasso, solve
    >>> result = solve(np.eye(3), [3.0, 4.0, 1.0], GroupLasso(weight=2.5), groups=[0, 0, 1])
    >>> result.x.round(12), result.status.name
    (array([1.5, 2. , 0. ]), 'OPTIMAL')
    """

    solves: ClassVar[str] = "min ½‖A x − y‖² + λ Σ w_g ‖x_g‖₂"
    root_size: bool = field(default=False, kw_only=True)

    @property
    def penalty(self) -> GroupL2:
        return GroupL2(root_size=self.root_size)

    def accepts(self, problem: Problem) -> None:
        if problem.groups is None and problem.y.ndim == 1:
            raise ValueError(
                f"GroupLasso needs groups: give groups=, a label for each of the {problem.shape[1]} columns."
            )
        super().accepts(problem)
