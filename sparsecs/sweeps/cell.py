"""A place in a grid, named by its values and not by its position."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sparsecs.core.checks import quote

Number = int | float


@dataclass(frozen=True)
class Cell:
    """Named values, in alphabetical order.

    Examples
    --------
    >>> from sparsecs import Cell
    >>> cell = Cell.of({"n": 200, "m": 100, "k": 8})
    >>> cell["m"], cell
    (100, Cell.of({'k': 8, 'm': 100, 'n': 200}))
    """

    values: tuple[tuple[str, Number], ...]

    @classmethod
    def of(cls, values: Mapping[str, Any] | Cell) -> Cell:
        """The cell of a mapping; NumPy numbers become Python's."""
        if isinstance(values, Cell):
            return values
        plain = {}
        for name, value in values.items():
            number = value.item() if hasattr(value, "item") else value
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) < math.inf:
                raise TypeError(f"A cell holds finite numbers; {name} is {quote(value)}.")
            plain[str(name)] = int(number) if abs(number) < 2**53 and number == int(number) else number
        return cls(tuple(sorted(plain.items())))

    def __getitem__(self, name: str) -> Any:
        for key, value in self.values:
            if key == name:
                return value
        raise KeyError(f"The cell has no {name!r}; it has {', '.join(key for key, _ in self.values)}.")

    @property
    def key(self) -> str:
        """One string that names it."""
        return json.dumps(dict(self.values))

    @property
    def name(self) -> tuple[str | Number, ...]:
        """Names and values in a row, as ``stream`` takes them."""
        return tuple(itertools.chain.from_iterable(self.values))

    def __repr__(self) -> str:
        return f"Cell.of({dict(self.values)})"


def grid(**axes: Iterable[Number] | Number) -> tuple[Cell, ...]:
    """All combinations of the values of some axes.

    Examples
    --------
    >>> from sparsecs import grid
    >>> grid(n=4, k=[1, 2])
    (Cell.of({'k': 1, 'n': 4}), Cell.of({'k': 2, 'n': 4}))
    """
    values = [list(axis) if isinstance(axis, Iterable) else [axis] for axis in axes.values()]
    return tuple(Cell.of(dict(zip(axes, point, strict=True))) for point in itertools.product(*values))
