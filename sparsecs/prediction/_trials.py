"""Single trials on a given matrix: plant a signal on a support of a law, solve, and ask whether it was found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.prediction._reduction import Reduction
from sparsecs.problems.problem import Problem
from sparsecs.problems.signals.base import Signal
from sparsecs.problems.supports.base import Support
from sparsecs.solvers.base import Solver
from sparsecs.solvers.solve import answer

FOUND = 1e-3  # relative error, as in a sweep


@dataclass(frozen=True, eq=False)
class Trials:
    """Trials on the columns that can be told apart.

    Parameters
    ----------
    operator : Operator
        As it was given; the law of supports speaks of its columns.
    kept : Operator
        One column of each direction.
    reduction : Reduction
    support : Support
    signal : Signal
    solver : Solver
    """

    operator: Operator
    kept: Operator
    reduction: Reduction
    support: Support
    signal: Signal
    solver: Solver

    def as_given(self) -> Trials:
        """The same on all columns, also those on which nothing is found."""
        n = self.operator.shape[1]
        return replace(
            self, kept=self.operator, reduction=Reduction(np.arange(n), np.zeros(n, dtype=bool), dead=0, parallel=0)
        )

    def order(self, rng: np.random.Generator) -> np.ndarray:
        """A random order of the kept columns, by their positions among the kept."""
        place = np.full(self.operator.shape[1], -1)
        place[self.reduction.kept] = np.arange(self.reduction.kept.size)
        order = self.support.order(self.operator, rng)
        return place[order[~self.reduction.lost[order]]]

    def problem(self, support: np.ndarray, rng: np.random.Generator) -> Problem:
        """A problem with nonzeros at some positions among the kept columns."""
        truth = np.zeros(self.kept.shape[1], dtype=self.kept.dtype)
        values = self.signal.coefficients(support.size, rng)
        if np.iscomplexobj(truth):
            values = values * np.exp(2j * np.pi * rng.random(support.size))
        truth[support] = values
        return Problem(self.kept, self.kept.matvec(truth), sparsity=support.size, truth=truth)

    def toss(self, k: int, rng: np.random.Generator) -> bool:
        """Whether a random signal with k nonzeros is found."""
        return self.toss_on(self.order(rng)[:k], rng)

    def toss_on(self, support: np.ndarray, rng: np.random.Generator) -> bool:
        """Whether a random signal with these nonzeros is found."""
        problem = self.problem(support, rng)
        return problem.error(answer(problem, self.solver).x) < FOUND
