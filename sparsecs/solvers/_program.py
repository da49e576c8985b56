"""What the solvers with a constraint ask for, in one form, so that another method can answer the same."""

from __future__ import annotations

from typing import NamedTuple

from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.solvers.base import Solver

MISFIT = "‖A x − y‖₂ ≤ level"
PAID = "‖A x − y‖₂ is paid, and level times the norm"
CORRELATIONS = "|aᵢᴴ(y − A x)| ≤ level · wᵢ"


class Program(NamedTuple):
    """The least ℓ1 norm under a condition on y − A x.

    Attributes
    ----------
    penalty : L1
        With its bounds.
    condition : str
        MISFIT, PAID or CORRELATIONS.
    level : float
    """

    penalty: L1
    condition: str
    level: float


def program_of(solver: Solver, problem: Problem) -> Program | None:
    """The program that a solver answers; None if it answers none of this form."""
    own = getattr(solver, "program", None)
    if own is not None:
        return own(problem)
    if solver.convex and solver.exact:  # no more than A x = y is asked for
        return Program(L1(getattr(solver, "lower", None), getattr(solver, "upper", None)), MISFIT, 0.0)
    return None
