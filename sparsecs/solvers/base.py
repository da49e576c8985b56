"""What a solver is: a generator of iterates. Loop, clock, stop rule and finiteness check stand in ``solve.py``, once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive, whole_number
from sparsecs.core.declaration import Declaration
from sparsecs.problems.problem import Problem
from sparsecs.problems.units import Units
from sparsecs.solvers.result import Certificate, Status


@dataclass(frozen=True, eq=False)
class Iterate:
    """Where a method stands after one step.

    Attributes
    ----------
    x : (n,) or (n, p) array
        A fresh array each time.
    residual : (m,) or (m, p) array
        y − A x; for another loss than the squared one, minus its gradient at A x.
    status : Status, optional
        Given when the method itself knows that it is done.
    dual : (m,) array, optional
        A direction from which a certificate can be made.
    road : str
        How it was found, where there is more than one way.
    """

    x: np.ndarray
    residual: np.ndarray
    status: Status | None = None
    dual: np.ndarray | None = None
    road: str = ""


@dataclass(frozen=True, kw_only=True)
class Solver(Declaration, ABC):
    """Base of all solvers.

    Attributes
    ----------
    needs_sparsity, uses_groups, uses_weights, joint, complex_data, convex : bool
        Facts about a member, held to account by the tests. ``joint``: it takes y with several columns, whose signals share
        one support. ``exact``: it looks for an x with A x = y, not for a compromise.
    ends_itself : bool
        Whether it knows when to end, so that an iterate which barely moves is no reason to stop.
    solves : str
        What it minimises or does, in words.
    objective_units, dual_units : tuple of int
        With which powers of A and of y the objective and the dual point grow.
    tolerance : float
        Relative; what it is measured against is said by each member. No method asks for more than its precision can hold:
        16 rounding units (in float32 about 2e-6), or 128 for a duality gap.
    max_iterations : int
    """

    needs_sparsity: ClassVar[bool] = False
    uses_groups: ClassVar[bool] = False
    uses_weights: ClassVar[bool] = False
    joint: ClassVar[bool] = False
    complex_data: ClassVar[bool] = False
    exact: ClassVar[bool] = True
    convex: ClassVar[bool] = False
    ends_itself: ClassVar[bool] = False
    solves: ClassVar[str] = ""
    objective_units: ClassVar[tuple[int, int]] = (0, 0)
    dual_units: ClassVar[tuple[int, int]] = (0, 0)

    tolerance: float = 1e-8
    max_iterations: int = 1000

    def __post_init__(self) -> None:
        positive(self.tolerance, "tolerance")
        whole_number(self.max_iterations, "max_iterations", 1)

    @abstractmethod
    def iterates(self, problem: Problem) -> Iterator[Iterate]:
        """The iterates, one for each step; it may go on for ever, or end with a status.

        Who steps by hand calls ``accepts`` first, and stops where an iterate has a status or ``stop`` gives one.
        """

    def at_once(self, problem: Problem) -> tuple[Iterate, Status, int] | None:
        """The last iterate, why it is the last and how many there were, where one compiled loop runs all steps; else None."""
        return None

    def each(self, problem: Problem, Y: np.ndarray) -> list[tuple[Iterate, Status, int]] | None:
        """What ``at_once`` gives, for every column of Y in place of the problem's y, where sharing A saves work; else None."""
        return None

    def accepts(self, problem: Problem) -> None:
        """Refuse a problem that lacks what the method needs, or has what it cannot use."""
        name, y = type(self).__name__, problem.y
        if not self.complex_data and (np.iscomplexobj(y) or problem.operator.dtype.kind == "c"):
            raise TypeError(f"{name} works on real data; A is {problem.operator.dtype} and y is {y.dtype}.")
        if y.ndim == 2 and not self.joint:
            hint = (
                "Use .ravel() to drop the extra axis." if y.shape[1] == 1 else "Use solve_each to answer its columns."
            )
            raise ValueError(f"{name} answers one y of shape ({y.shape[0]},); got shape {y.shape}. {hint}")
        if self.needs_sparsity and problem.sparsity is None:
            most = min(problem.shape) if problem.groups is None else int(problem.groups.max()) + 1
            raise ValueError(f"{name} needs the number of nonzeros: give sparsity=, a whole number from 1 to {most}.")
        if problem.groups is not None and not self.uses_groups:
            raise ValueError(f"{name} has no form for groups; leave groups= out, or use ProximalGradient(GroupL2()).")
        if problem.weights is not None and not self.uses_weights:
            raise ValueError(f"{name} has no form for weights; leave weights= out, or scale the columns of A.")

    def stop(self, problem: Problem, before: Iterate | None, now: Iterate) -> Status | None:
        """The stop rule: by default a residual of at most ``tolerance`` times the size of y, or iterates at rest."""
        if self._fits(problem, now.residual):
            return Status.SOLVED
        if (
            self.ends_itself
            or before is None
            or np.linalg.norm(now.x - before.x) > 0.1 * self._floor(problem) * np.linalg.norm(now.x)
        ):
            return None
        return Status.STALLED

    def limit(self, problem: Problem) -> int:
        """The most steps that are taken."""
        return self.max_iterations

    def rescaled(self, units: Units) -> Solver:
        """The same method for a problem in other units; only absolute parameters change."""
        return self

    @property
    def scales(self) -> bool:
        """Whether c·y is answered by c times the answer to y; not so where y holds labels."""
        return True

    def residual(self, problem: Problem, x: np.ndarray) -> np.ndarray:
        """What an answer leaves: y − A x."""
        return problem.y - problem.operator @ x

    def certificate(self, problem: Problem, x: np.ndarray, direction: np.ndarray, road: str) -> Certificate | None:
        """A proof made from a dual direction of any length; None if the method has none."""
        return None

    def _fits(self, problem: Problem, residual: np.ndarray) -> Status | None:
        """SOLVED if the residual is at most ``tolerance`` times the size of y."""
        small = np.linalg.norm(residual) <= self._floor(problem) * np.linalg.norm(problem.y)
        return Status.SOLVED if small else None

    def _unseen(self, problem: Problem, correlations: np.ndarray, length: float) -> bool:
        """Whether the correlations of y with columns of a typical ``length`` are nothing but rounding."""
        noise = 8 * float(np.finfo(problem.y.dtype).eps) * length * float(np.linalg.norm(problem.y))
        return float(np.abs(correlations).max(initial=0)) <= noise

    def _floor(self, problem: Problem) -> float:
        """The tolerance, or what the problem's precision can reach if that is more."""
        return max(self.tolerance, 16 * float(np.finfo(problem.y.dtype).eps))
