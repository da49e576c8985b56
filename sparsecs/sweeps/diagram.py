"""What a sweep found: counts at every cell, their rates and intervals, and the fitted transition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.sweep import Sweep
from sparsecs.sweeps.tally import Tally
from sparsecs.sweeps.transition import Transition, fit_transition


@dataclass(frozen=True, eq=False)
class Diagram:
    """The outcome of a sweep; ``run`` makes it.

    Attributes
    ----------
    sweep : Sweep
    tallies : dict
        A ``Tally`` for each ``Cell``.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Recovery, Signs, Sweep, grid, run
    >>> diagram = run(Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=40, m=20, k=range(1, 10)), repeats=5))
    >>> 2 < diagram.transition("k").value < 8
    True
    """

    sweep: Sweep
    tallies: dict[Cell, Tally]

    def table(self, confidence: float = 0.95) -> list[dict[str, Any]]:
        """A row for each cell: its values, trials, successes, rate, and the ends of the Wilson interval."""
        rows = []
        for cell, tally in self.tallies.items():
            low, high = tally.interval(confidence)
            counts = {"trials": tally.trials, "successes": tally.successes}
            rows.append({**dict(cell.values), **counts, "rate": tally.rate, "low": low, "high": high})
        return rows

    def along(self, axis: str, **fixed: Any) -> list[tuple[float, Tally]]:
        """Positions on an axis and their tallies, in order, for the cells with the ``fixed`` values.

        Raises
        ------
        ValueError
            If no cell has them, or two cells share a position.
        """
        chosen = [
            (cell[axis], tally)
            for cell, tally in self.tallies.items()
            if all(cell[name] == value for name, value in fixed.items())
        ]
        if not chosen:
            raise ValueError(f"No cell of the sweep has {fixed}.")
        if len({position for position, _ in chosen}) < len(chosen):
            raise ValueError(
                f"Several cells share a value of {axis!r}; fix the other axes, for example along({axis!r}, m=100)."
            )
        return sorted(chosen, key=lambda pair: pair[0])

    def transition(self, axis: str, link: str = "logit", confidence: float = 0.95, **fixed: Any) -> Transition:
        """The fitted 50 % point along an axis, for the cells with the ``fixed`` values."""
        positions, tallies = zip(*self.along(axis, **fixed), strict=True)
        trials = np.array([tally.trials for tally in tallies])
        successes = np.array([tally.successes for tally in tallies])
        return fit_transition(positions, trials, successes, link, confidence)
