"""What a sweep found: counts at every cell, their rates and intervals, and the fitted transition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.sweep import Sweep
from sparsecs.sweeps.tally import Tally
from sparsecs.sweeps.transition import Transition, fit_transition


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        return f"<Diagram of {len(self.tallies)} cells, {self.sweep.repeats} trials each: {self.sweep.trial}>"

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
            If no cell has them, or the cells differ in another axis too.
        """
        cells = [cell for cell in self.tallies if all(cell[name] == value for name, value in fixed.items())]
        if not cells:
            raise ValueError(f"No cell of the sweep has {fixed}.")
        chosen = [(cell[axis], self.tallies[cell]) for cell in cells]  # refuses an axis that is not there
        for name, value in cells[0].values:
            if name != axis and any(cell[name] != value for cell in cells):
                raise ValueError(
                    f"The cells differ in {name!r} too, so they do not lie on one line along {axis!r}; name one value, for "
                    f"example {name}={value}."
                )
        return sorted(chosen, key=lambda pair: pair[0])

    def transition(self, axis: str, link: str = "logit", confidence: float = 0.95, **fixed: Any) -> Transition:
        """The fitted 50 % point along an axis, for the cells with the ``fixed`` values."""
        positions, tallies = zip(*self.along(axis, **fixed), strict=True)
        trials = np.array([tally.trials for tally in tallies])
        successes = np.array([tally.successes for tally in tallies])
        return fit_transition(positions, trials, successes, link, confidence)
