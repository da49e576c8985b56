r"""The same problem, answered by others: cvxpy with HiGHS for linear programs and Clarabel for all else.

    Reference(Lasso()), Reference(BasisPursuitDenoising(sigma=0.1)), ...

A judge for fast methods, not one itself: slow, general, and with no code in common with them up to its answer. That has eight
digits or so; it is then computed anew on its support, or made better by a few proximal gradient steps, wherever that gives a
smaller duality gap. The certificate is the one that the solver itself would give.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.core.family import member
from sparsecs.losses.squared import Squared
from sparsecs.penalties.l1 import L1
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers._program import CORRELATIONS, program_of
from sparsecs.solvers.base import Iterate, Solver
from sparsecs.solvers.result import Certificate, Status

ENOUGH = 1e-10  # of two answers whose errors are below this, the sparser one is taken


def _basis_pursuit() -> Solver:
    return member("BasisPursuit", "sparsecs.solvers", Solver)()


@dataclass(frozen=True)
class Reference(Solver):
    """What a convex solver asks for, answered by cvxpy, with the certificate of that solver.

    Parameters
    ----------
    solver : Solver
        Whose problem is answered: any convex one with a squared or another known loss and a known penalty, or with a
        constraint. Complex data are taken even where that solver does not take them.
    tolerance : float
        On the relative duality gap.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import BasisPursuit, Reference, solve
    >>> A = np.array([[1.0, 0.0, 0.6], [0.0, 1.0, 0.8]])
    >>> result = solve(A, [1.2, 1.6], Reference(BasisPursuit()))
    >>> result.x.round(9), result.status.name, result.certificate.road[:16]
    (array([0., 0., 2.]), 'OPTIMAL', 'cvxpy with HiGHS')
    """

    convex: ClassVar[bool] = True
    complex_data: ClassVar[bool] = True
    ends_itself: ClassVar[bool] = True
    solves: ClassVar[str] = "what another solver asks for, by cvxpy"

    solver: Solver = field(default_factory=_basis_pursuit)

    def __post_init__(self) -> None:
        super().__post_init__()
        a_kind_of(self.solver, Solver, "solver", "BasisPursuit()")
        if not self.solver.convex or (isinstance(self.solver, Penalized) and not self.solver.penalty.convex):
            raise ValueError(f"Reference answers convex problems; that of {self.solver} is not.")

    @property
    def exact(self) -> bool:  # type: ignore[override]
        """As the solver; so are all that follow."""
        return self.solver.exact

    @property
    def uses_groups(self) -> bool:  # type: ignore[override]
        return self.solver.uses_groups

    @property
    def uses_weights(self) -> bool:  # type: ignore[override]
        return self.solver.uses_weights

    @property
    def joint(self) -> bool:  # type: ignore[override]
        return self.solver.joint

    @property
    def objective_units(self) -> tuple[int, int]:  # type: ignore[override]
        return self.solver.objective_units

    @property
    def dual_units(self) -> tuple[int, int]:  # type: ignore[override]
        return self.solver.dual_units

    @property
    def scales(self) -> bool:
        return self.solver.scales

    def accepts(self, problem: Problem) -> None:
        super().accepts(problem)
        if isinstance(self.solver, Penalized):
            self.solver.accepts(problem)
            return
        program = program_of(self.solver, problem)
        if program is None:
            raise TypeError(f"Reference has no form for what {self.solver} asks for.")
        if np.iscomplexobj(problem.y) and (program.condition == CORRELATIONS or program.penalty.bounded):
            raise TypeError(f"Reference({self.solver}) works on real data; y is {problem.y.dtype}.")

    def rescaled(self, units: Units) -> Reference:
        return dataclasses.replace(self, solver=self.solver.rescaled(units))

    def residual(self, problem: Problem, x: np.ndarray) -> np.ndarray:
        return self.solver.residual(problem, x)

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate | None:
        return self.solver.certificate(problem, x, direction, road)

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        return now.status

    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        best, rank, least = None, (np.inf, 0), np.inf
        answers = self._penalized(problem) if isinstance(self.solver, Penalized) else self._constrained(problem)
        for x, direction, road in answers:
            x, direction = x.astype(problem.y.dtype) + 0, direction.astype(problem.y.dtype)  # + 0: no negative zeros
            proof = self.certificate(problem, x, direction, road)
            if proof is None:
                continue
            error = max(abs(proof.relative_gap), proof.infeasibility)
            order = max(error, ENOUGH), int(np.count_nonzero(x))
            if order < rank:
                best, rank, least = (x, direction, road), order, error
        if best is None:
            yield self._nothing(problem)
            return
        x, direction, road = best
        close = least <= max(self.tolerance, 128 * float(np.finfo(problem.y.dtype).eps))
        yield Iterate(x, self.residual(problem, x), Status.OPTIMAL if close else Status.UNCERTAIN, direction, road)

    def _penalized(self, problem: Problem) -> Iterator[Any]:
        from sparsecs.solvers._in_cvxpy import penalized
        from sparsecs.solvers._polish import by_steps, of_the_lasso

        terms = self.solver.terms(problem)  # type: ignore[attr-defined]
        found = penalized(problem, terms)
        if found is None:
            return
        yield found.x, self.residual(problem, found.x.astype(problem.y.dtype)), found.road
        plain = problem.y.ndim == 1 and not np.iscomplexobj(problem.y)
        if plain and isinstance(terms.loss, Squared) and isinstance(terms.penalty, L1):
            for x, direction in of_the_lasso(problem, terms, terms.penalty.bounds, found.x):
                yield x, direction, f"{found.road}, then the support"
        for x, direction in by_steps(problem, terms, found.x, ENOUGH):
            yield x, direction, f"{found.road}, then proximal gradient steps"

    def _constrained(self, problem: Problem) -> Iterator[Any]:
        from sparsecs.solvers._in_cvxpy import constrained
        from sparsecs.solvers._polish import on_the_support, without_dust

        program = program_of(self.solver, problem)
        found = None if program is None else constrained(problem, program)
        if program is None or found is None or found.direction is None:
            return
        yield found.x, found.direction, found.road
        better = without_dust if np.iscomplexobj(problem.y) else on_the_support
        for x, direction in better(problem, program, found.x, found.direction):
            yield x, direction, f"{found.road}, then the support"

    def _nothing(self, problem: Problem) -> Iterate:
        """The closest fit, where cvxpy finds no x that keeps the constraint."""
        A, y, x = problem.operator, problem.y, problem.nothing()
        program = None if isinstance(self.solver, Penalized) else program_of(self.solver, problem)
        if program is not None:
            usable = np.isfinite(problem.weights) if problem.weights is not None else np.ones(x.size, dtype=bool)
            live = np.flatnonzero(usable & (A.column_norms() >= np.finfo(y.dtype).tiny))
            x[live] = _closest(A.columns(live), y, program.penalty)
        misfit = y - A @ x
        if program is not None and program.condition == CORRELATIONS:  # its dual points have n entries
            status = Status.UNCERTAIN if x.any() else Status.ZERO
            return Iterate(x, self.residual(problem, x), status, np.zeros_like(x), "cvxpy finds no answer")
        fits = program is None or np.linalg.norm(misfit) <= max(program.level, 1e-9 * float(np.linalg.norm(y)))
        status = Status.UNCERTAIN if fits else Status.INFEASIBLE
        return Iterate(x, self.residual(problem, x), status, misfit, "cvxpy finds no answer")


def _closest(A: np.ndarray, y: np.ndarray, penalty: L1) -> np.ndarray:
    """The x within the bounds that fits y best."""
    if not penalty.bounded or A.size == 0:
        return np.linalg.lstsq(A, y, rcond=None)[0]
    from scipy.optimize import lsq_linear

    found = lsq_linear(A.astype(np.float64), y.astype(np.float64), penalty.bounds, method="bvls").x
    return penalty.inside(found.astype(A.dtype))
