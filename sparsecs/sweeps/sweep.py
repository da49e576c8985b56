"""What to repeat, where, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sparsecs.core.checks import a_kind_of, quote, whole_number
from sparsecs.sweeps.cell import Cell
from sparsecs.sweeps.trial import Trial


@dataclass(frozen=True)
class Sweep:
    """A trial, repeated at every cell.

    Parameters
    ----------
    trial : Trial
    cells : sequence of Cell or of mappings
        See ``grid``. A cell that is named twice counts once.
    repeats : int
        Tosses at each cell.
    seed : int
        Two sweeps with one seed meet the same random problems at the same cells, whatever their solvers.

    Examples
    --------
    >>> from sparsecs import OMP, Gaussian, Recovery, Signs, Sweep, grid
    >>> sweep = Sweep(Recovery(Gaussian(), Signs(), OMP()), grid(n=40, m=20, k=[1, 4, 8]), repeats=10)
    >>> len(sweep.cells), sweep.tosses
    (3, 30)
    """

    trial: Trial
    cells: tuple[Cell, ...]
    repeats: int = 20
    seed: int = 0

    def __post_init__(self) -> None:
        a_kind_of(self.trial, Trial, "trial", "Recovery(...)")
        if isinstance(self.cells, (Mapping, Cell)) or not isinstance(self.cells, Iterable):
            raise TypeError(
                f"cells must be a sequence of cells, such as grid(n=200, m=100, k=[1, 2]); got {quote(self.cells)}."
            )
        cells = tuple(dict.fromkeys(Cell.of(cell) for cell in self.cells))
        if not cells:
            raise ValueError("The sweep has no cells; make some with grid(n=200, m=100, k=range(1, 50)).")
        for cell in cells:
            missing = [axis for axis in self.trial.axes if axis not in dict(cell.values)]
            if missing:
                raise ValueError(
                    f"{type(self.trial).__name__} needs {', '.join(missing)} in every cell; {cell} lacks it."
                )
        self._set("cells", cells)
        self._set("repeats", whole_number(self.repeats, "repeats", 1))
        self._set("seed", whole_number(self.seed, "seed"))

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    @property
    def tosses(self) -> int:
        """How many trials it asks for in all."""
        return len(self.cells) * self.repeats
