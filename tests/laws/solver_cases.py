"""Every solver with every penalty that it takes, and problems to ask them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.penalties.base import Penalty
from sparsecs.penalties.group_l2 import GroupL2
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers.base import Solver
from sparsecs.solvers.masked_gradient import MaskedGradient
from sparsecs.solvers.proximal_gradient import ProximalGradient
from sparsecs.solvers.result import Result
from sparsecs.solvers.solve import answer

FOUND = members("sparsecs.solvers", Solver)


@dataclass(frozen=True)
class Case:
    """A solver, and what has to come with a problem for it."""

    solver: Solver

    @property
    def groups(self) -> bool:
        return isinstance(self.solver, Penalized) and self.solver.penalty.uses_groups

    @property
    def fits(self) -> bool:
        """Whether it looks for an x with A x = y; the penalised problems have another answer."""
        return self.solver.exact

    @property
    def convex(self) -> bool:
        """Whether a certificate comes with every answer."""
        penalty = getattr(self.solver, "penalty", None)
        return self.solver.convex and (not isinstance(penalty, Penalty) or penalty.convex)

    def problem(self, A: Any, y: Any, k: int | None, groups: Any = None) -> Problem:
        """The problem as this solver needs it; without ``groups``, neighbours go in pairs."""
        pairs = np.arange(A.shape[1]) // 2 if groups is None else groups
        weights = None
        if isinstance(
            self.solver, MaskedGradient
        ):  # on all columns gradient descent creeps: every third pair is in the mask
            weights = np.where(np.asarray(pairs) % 3 == 0, 1.0, np.inf)
        return Problem(A, y, None if self.groups else k, groups=pairs if self.groups else None, weights=weights)

    def ask(self, A: Any, y: Any, k: int | None, groups: Any = None) -> Result:
        return answer(self.problem(A, y, k, groups), self.solver)

    def limited(self, iterations: int) -> Case:
        """The same with fewer iterations, where the question is only whether the answer is sound."""
        return Case(dataclasses.replace(self.solver, max_iterations=iterations))


def _variants(cls: type) -> list[Solver]:
    """A solver with its defaults; the one for any penalty with every penalty."""
    if cls is not ProximalGradient:
        return [cls()]
    penalties = [penalty() for penalty in members("sparsecs.penalties", Penalty).values()]
    return [cls(penalty=penalty) for penalty in [*penalties, GroupL2(root_size=True)]]


CASES = [Case(solver) for cls in FOUND.values() for solver in _variants(cls)]
FITTING = [case for case in CASES if case.fits]
PENALIZED = [case for case in CASES if isinstance(case.solver, Penalized)]
CONVEX = [case for case in CASES if case.convex]


def over(cases: list[Case]) -> Any:
    """A test for each of these cases."""
    return pytest.mark.parametrize("case", cases, ids=[repr(case.solver) for case in cases])


def planted(
    m: int = 70, n: int = 80, k: int = 4, seed: int = 0, dtype: type = np.float64
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A, x and y = A x for an easy problem: few nonzeros of similar size in whole pairs, unit Gaussian columns."""
    rng = stream(seed, "planted", m, n, k)
    A = rng.standard_normal((m, n))
    A /= np.linalg.norm(A, axis=0)
    x = np.zeros(n)
    pairs = rng.choice(n // 2, (k + 1) // 2, replace=False)
    support = np.concatenate([2 * pairs, 2 * pairs + 1])[:k]
    x[support] = rng.choice([-1, 1], k) * rng.uniform(1, 2, k)
    A, x = A.astype(dtype), x.astype(dtype)
    return A, x, A @ x


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """The relative distance of two vectors, computed at unit size."""
    unit = float(np.abs(expected).max()) or 1.0
    gap = found.astype(float) / unit - expected.astype(float) / unit
    return float(np.linalg.norm(gap) / (np.linalg.norm(expected.astype(float) / unit) or 1))
