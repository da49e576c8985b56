"""What must hold for every solver, in the units, orders and kinds in which a problem can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sparsecs.core.checks import whole_number
from sparsecs.solvers.base import Solver
from sparsecs.solvers.solve import the_solver
from sparsecs.testing._asked import Asked, Question
from sparsecs.testing._laws import Law, keep
from sparsecs.testing._solver_answers import LAWS as ANSWERS
from sparsecs.testing._solver_trouble import LAWS as TROUBLE
from sparsecs.testing._solver_units import LAWS as UNITS

LAWS: tuple[Law, ...] = (*ANSWERS, *UNITS, *TROUBLE)


def check_solver(
    solver: Solver | str,
    sparsity: int = 4,
    matrices: Sequence[Any] | None = None,
    exact: bool | None = None,
    question: Question | None = None,
) -> None:
    """Raise AssertionError, with the law and the numbers, if ``solver`` breaks what every solver must keep.

    An easy problem is solved; y -> c y gives c x and A -> c A gives x / c over many decades; order and signs pass through;
    y = 0 gives x = 0; zero, twin and tiny columns give no NaN; iterates never change; fields belong together; input is only
    read; arrays, sparse matrices and operators have one answer; NaN is refused. Which laws apply is decided by the facts that
    the solver states: ``exact``, ``convex``, ``needs_sparsity``, ``complex_data``.

    Parameters
    ----------
    solver : Solver or str
    sparsity : int
        How many nonzeros the signals have.
    matrices : sequence of (m, n) float64 arrays, optional
        On which easy problems are made; by default 70 x 80 Gaussian ones with unit columns.
    exact : bool, optional
        Whether easy problems must be solved; by default what the solver says.
    question : callable, optional
        ``question(A, y, k, labels)`` makes the ``Problem``, for a solver that needs more than A, y and k. ``labels`` is an (n,)
        array that puts columns in pairs; they go with their columns, so that groups and weights can be made from them.

    Raises
    ------
    AssertionError
        If a law is broken.
    TypeError, ValueError
        If there is no such solver, or the matrices have no meaning.

    Examples
    --------
    >>> from dataclasses import dataclass
    >>> from sparsecs import OMP, Iterate, Solver, Status
    >>> from sparsecs.testing import check_solver
    >>> check_solver(OMP())
    >>> @dataclass(frozen=True)
    ... class BackProjection(Solver):
    ...     solves = "nothing, it only projects back"
    ...     def iterates(self, problem):
    ...         x = problem.operator.rmatvec(problem.y)
    ...         yield Iterate(x, problem.y - problem.operator @ x, Status.SOLVED)
    >>> check_solver(BackProjection())
    Traceback (most recent call last):
    AssertionError: BackProjection(...) breaks a law: A solver that is exact finds the few nonzeros ... But ...
    """
    method = the_solver(solver)
    asked = Asked(method, whole_number(sparsity, "sparsity", 1), matrices, exact, question)
    keep(LAWS, asked, repr(method))
