"""What a sweep repeats: a coin whose every toss has a name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from sparsecs.core.declaration import Declaration
from sparsecs.sweeps.cell import Cell


class Trial(Declaration, ABC):
    """Base of all trials.

    Attributes
    ----------
    axes : tuple of str
        The coordinates of a cell that a toss needs.
    """

    axes: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def toss(self, cell: Cell, number: int, seed: int) -> bool:
        """Whether toss ``number`` at ``cell`` succeeds: a function of these three and the trial, and of nothing else.

        Draw randomness from ``stream(seed, purpose, *cell.name, number)`` only, so that the same toss comes out on any
        worker, in any order, after any crash.
        """
