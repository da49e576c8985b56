"""A solver, what has to come with a problem for it, and the easy problems that it is asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.randomness import stream
from sparsecs.losses.squared import Squared
from sparsecs.problems.problem import Problem
from sparsecs.solvers.base import Solver
from sparsecs.solvers.result import Result
from sparsecs.solvers.solve import answer
from sparsecs.testing._laws import demand

ROWS, COLUMNS = 70, 80
SAME = 1e-9  # units and order change the last digits of numbers, and nothing else
Question = Callable[[Any, Any, int | None, np.ndarray], Problem]


class Asked:
    """A solver and its questions; the laws are functions of it."""

    def __init__(
        self,
        solver: Solver,
        sparsity: int,
        matrices: Sequence[Any] | None,
        exact: bool | None,
        question: Question | None,
    ) -> None:
        self.solver, self.k, self.question = solver, sparsity, question
        self.exact = solver.exact if exact is None else exact
        self.given = [np.asarray(A) for A in matrices or ()]
        for number, A in enumerate(self.given):
            if A.ndim != 2 or A.dtype != np.float64:
                raise TypeError(
                    f"matrices must hold (m, n) arrays of float64; number {number} is {A.shape}, {A.dtype}."
                )
            whole_number(sparsity, "sparsity", 1, min(A.shape), f"Matrix {number} has shape {A.shape}.")

    @property
    def convex(self) -> bool:
        """Whether a certificate comes with every answer."""
        return self.solver.convex and getattr(getattr(self.solver, "penalty", None), "convex", True)

    @property
    def fits_squares(self) -> bool:
        """Whether the residual is y - A x."""
        return isinstance(getattr(self.solver, "loss", Squared()), Squared)

    def problem(self, A: Any, y: Any, k: int | None = None, labels: np.ndarray | None = None) -> Problem:
        """What the solver is asked; labels put neighbouring columns in pairs and go with them wherever they go."""
        labels = np.arange(A.shape[1]) // 2 if labels is None else labels
        k = self.k if k is None else k
        if self.question is not None:
            return self.question(A, y, k, labels)
        grouped = getattr(getattr(self.solver, "penalty", None), "uses_groups", False)
        return Problem(A, y, None if grouped else k, groups=labels if grouped else None)

    def ask(
        self, A: Any, y: Any, k: int | None = None, labels: np.ndarray | None = None, most: int | None = None
    ) -> Result:
        """Its answer; ``most`` is a limit of iterations, where the question is only whether the answer is sound."""
        solver = self.solver if most is None else dataclasses.replace(self.solver, max_iterations=most)
        return answer(self.problem(A, y, k, labels), solver)

    def steps(self, A: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        """x of the first three iterates, or of fewer if it stops before: what comes after an exact fit is rounding."""
        problem, found, before = self.problem(A, y), [], None
        for iterate in islice(self.solver.iterates(problem), 3):
            found.append(iterate.x)
            if iterate.status or self.solver.stop(problem, before, iterate):
                break
            before = iterate
        return found

    def easy(self, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A, x and y = A x with k nonzeros of similar size in whole pairs, and Gaussian unit columns unless A is given."""
        rng = stream(seed, "easy", self.k)
        A = self.given[seed % len(self.given)] if self.given else rng.standard_normal((ROWS, COLUMNS))
        if not self.given:
            A = A / np.linalg.norm(A, axis=0)
        x = np.zeros(A.shape[1])
        pairs = rng.choice(-(-x.size // 2), -(-self.k // 2), replace=False)
        places = np.stack([2 * pairs, 2 * pairs + 1], axis=1).ravel()
        places = places[places < x.size][: self.k]
        x[places] = rng.choice([-1, 1], places.size) * rng.uniform(1, 2, places.size)
        return A, x, A @ x

    def from_few_to_all(self, A: np.ndarray) -> list[int]:
        """The sparsity asked about, half of the most there can be, and the most."""
        most = min(A.shape)
        return sorted({min(self.k, most), (most + 1) // 2, most})

    def noisy(self) -> tuple[np.ndarray, np.ndarray]:
        """A, and a y that no sparse x explains."""
        A, _, y = self.easy()
        return A, y + 0.1 * np.linalg.norm(y) / y.size**0.5 * stream(0, "noise").standard_normal(y.size)


def distance(found: np.ndarray, expected: np.ndarray) -> float:
    """The relative distance of two vectors, computed at unit size."""
    wide = complex if np.iscomplexobj(found) or np.iscomplexobj(expected) else float
    unit = float(np.abs(expected).max(initial=0)) or 1.0
    gap = found.astype(wide) / unit - expected.astype(wide) / unit
    return float(np.linalg.norm(gap) / (np.linalg.norm(expected.astype(wide) / unit) or 1))


def demand_same(found: Result, first: Result, x: np.ndarray, what: str, slack: float = SAME) -> None:
    """Demand the same status and, to within ``slack``, the answer that is expected; ``x`` is the one that was found."""
    demand(found.status is first.status, f"{what} the status is {found.status.name} instead of {first.status.name}.")
    apart = distance(x, first.x)
    demand(apart <= slack, f"{what} x is another: {apart:.2g} apart, {slack:.0e} allowed.")


def demand_sound(result: Result, A: np.ndarray, y: np.ndarray, what: str) -> None:
    """Demand finite numbers, the residual that belongs to the answer, and a status that is true."""
    demand(
        np.isfinite(result.x).all(), f"{what} x holds {int((~np.isfinite(result.x)).sum())} NaN or infinite entries."
    )
    demand(np.isfinite(result.residual).all(), f"{what} the residual is not finite.")
    scale = np.abs(y).max() + (np.abs(A) @ np.abs(result.x)).max()
    gap = float(np.abs(y - A @ result.x - result.residual).max())
    demand(gap <= 1e-12 * scale, f"{what} result.residual is not y - A x: {gap:.2g} apart.")
    if result.status.name in ("SOLVED", "STALLED", "ALL_CHOSEN", "DEPENDENT"):
        far = float(np.abs(result.residual).max())
        demand(far <= 1e3 * np.abs(y).max(), f"{what} the status is {result.status.name} but the answer ran away.")
    size = float(np.linalg.norm(result.residual))
    if result.status.name == "SOLVED":
        demand(size <= 1e-7 * np.linalg.norm(y), f"{what} the status is SOLVED but the residual is {size:.2g}.")
    if result.status.name == "OPTIMAL":
        proof = result.certificate
        demand(proof is not None, f"{what} the status is OPTIMAL without a certificate.")
        demand(
            proof is None or proof.relative_gap <= 1e-7,
            f"{what} the status is OPTIMAL but the certificate says {proof}.",
        )
