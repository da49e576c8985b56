"""The trial of compressed sensing: draw a matrix, plant a signal, solve, and ask whether it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.checks import a_kind_of, positive, whole_number
from sparsecs.core.randomness import stream
from sparsecs.problems.ensembles.base import Ensemble
from sparsecs.problems.plant import plant
from sparsecs.problems.problem import Problem
from sparsecs.problems.signals.base import Signal
from sparsecs.solvers.base import Solver
from sparsecs.solvers.solve import answer
from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.trial import Trial


@dataclass(frozen=True)
class Recovery(Trial):
    """Success is ‖x̂ − x‖ < threshold · ‖x‖ for a fresh matrix and a fresh signal.

    Parameters
    ----------
    ensemble : Ensemble
    signal : Signal
    solver : Solver
        All solvers meet the same problems: the seed does not name it. The answers of penalised solvers are biased towards
        zero by far more than the default threshold; raise it for them.
    threshold : float
        On the relative error.
    noise : float
        Standard deviation of Gaussian noise in y.

    Examples
    --------
    >>> from sparsecs import OMP, Cell, Gaussian, Recovery, Signs
    >>> trial = Recovery(Gaussian(), Signs(), OMP())
    >>> cell = Cell.of({"n": 40, "m": 20, "k": 2})
    >>> trial.problem(cell, number=0, seed=0).shape, trial.toss(cell, number=0, seed=0)
    ((20, 40), True)
    """

    axes: ClassVar[tuple[str, ...]] = ("n", "m", "k")
    ensemble: Ensemble
    signal: Signal
    solver: Solver
    threshold: float = 1e-3
    noise: float = 0.0

    def __post_init__(self) -> None:
        a_kind_of(self.ensemble, Ensemble, "ensemble", "Gaussian()")
        a_kind_of(self.signal, Signal, "signal", "Signs()")
        a_kind_of(self.solver, Solver, "solver", "OMP()")
        positive(self.threshold, "threshold")
        positive(self.noise, "noise", zero=True)

    def problem(self, cell: Cell, number: int, seed: int) -> Problem:
        """The problem of one toss, so that a single trial of a sweep can be looked at again."""
        name = (*cell.name, number)
        A = self.ensemble.draw(cell["m"], cell["n"], stream(seed, "operator", *name))
        return plant(A, self.signal, cell["k"], stream(seed, "signal", *name), self.noise)

    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        problem = self.problem(cell, number, seed)
        return problem.error(answer(problem, self.solver).x) < self.threshold


def phase_grid(n: int, deltas: Any, rhos: Any) -> tuple[Cell, ...]:
    """The cells (n, m, k) nearest to a grid of δ = m/n and ρ = k/m.

    Parameters
    ----------
    n : int
    deltas, rhos : sequences of float
        Above 0 and at most 1.

    Examples
    --------
    >>> from sparsecs import phase_grid
    >>> phase_grid(100, [0.5], [0.1, 0.2])
    (Cell.of({'k': 5, 'm': 50, 'n': 100}), Cell.of({'k': 10, 'm': 50, 'n': 100}))
    """
    whole_number(n, "n", 1)
    cells: dict[Cell, None] = {}
    for delta in np.atleast_1d(np.asarray(deltas, dtype=float)):
        for rho in np.atleast_1d(np.asarray(rhos, dtype=float)):
            if not (0 < delta <= 1 and 0 < rho <= 1):
                raise ValueError(f"delta and rho must be above 0 and at most 1; got {delta} and {rho}.")
            m = max(1, round(delta * n))
            cells[Cell.of({"n": n, "m": m, "k": max(1, round(rho * m))})] = None
    return tuple(cells)
