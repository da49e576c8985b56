"""What removing one piece of a convolution after another does to its geometry, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsecs.core.checks import one_of

FIGURES = ("coherence", "smallest", "largest", "L", "U")


@dataclass(frozen=True, eq=False, repr=False)
class RemovalTable:
    """A row for each kernel, output or input of a convolution: what it is like, and the geometry without it.

    ``CirculantGeometry.removal_table()`` makes it; printing it shows the changes. All figures are exact up to rounding.

    Parameters
    ----------
    by : str
        What is removed, one at a time: ``"kernel"``, ``"output"`` or ``"input"``.
    k : int
        The order of the isometry constants L and U, 1 or 2.
    before : dict
        ``coherence``, ``smallest`` and ``largest`` singular value, ``L`` and ``U`` with nothing removed.
    rows : tuple of dict
        The same figures of what is left, after what was removed, (o, i) or a number, under the name of ``by``; its ``energy``,
        the square of its norm; its ``share`` of the energy of all; and its ``likeness``, the largest cosine, over all shifts,
        with another of its kind. A coherence is None where fewer than two columns are not zero.

    Examples
    --------
    >>> from sparsecs import circulant
    >>> table = circulant([[[3.0, 4.0]], [[0.0, 1.0]]], size=8).removal_table("output")
    >>> table
    order 2       output      energy    share  likeness   coherence    smallest     largest           L           U
    nothing            -           -        -         -    0.461538     1.41421     7.07107         -13          37
    without            0          25   0.9615    0.8000   -0.461538   -0.414214    -6.07107          13         -37
    without            1           1   0.0385    0.8000   0.0184615   -0.414214  -0.0710678           1          -1
    >>> table.changes("coherence").round(6)
    array([-0.461538,  0.018462])
    """

    by: str
    k: int
    before: dict[str, float | None]
    rows: tuple[dict[str, Any], ...]

    def changes(self, figure: str) -> np.ndarray:
        """By how much each removal moves a figure, an array with a number a row; NaN where there is none.

        Parameters
        ----------
        figure : str
            One of ``coherence``, ``smallest``, ``largest``, ``L`` and ``U``.
        """
        one_of(figure, "figure", FIGURES)
        start = self.before[figure]
        return np.array([np.nan if start is None or row[figure] is None else row[figure] - start for row in self.rows])

    def sorted(self, name: str) -> RemovalTable:
        """The same table with its rows in order of ``energy``, ``likeness`` or another of their figures, smallest first.

        Parameters
        ----------
        name : str
            What to sort by.
        """
        one_of(name, "name", ("energy", "share", "likeness", *FIGURES))
        order = sorted(self.rows, key=lambda row: np.inf if row[name] is None else row[name])
        return RemovalTable(self.by, self.k, self.before, tuple(order))

    def __repr__(self) -> str:
        head = f"order {self.k:<4}{self.by:>10}{'energy':>12}{'share':>9}{'likeness':>10}"
        lines = [head + "".join(f"{name:>12}" for name in FIGURES)]
        lines.append(
            f"{'nothing':<10}{'-':>10}{'-':>12}{'-':>9}{'-':>10}" + "".join(map(self._said, self.before.values()))
        )
        moved = np.column_stack([self.changes(name) for name in FIGURES])
        for row, change in zip(self.rows, moved, strict=True):
            start = (
                f"{'without':<10}{row[self.by]!s:>10}{row['energy']:12.6g}{row['share']:9.4f}{row['likeness']:10.4f}"
            )
            lines.append(start + "".join(map(self._said, change)))
        return "\n".join(lines)

    def _said(self, value: float | None) -> str:
        return f"{'-':>12}" if value is None or np.isnan(value) else f"{value + 0.0:12.6g}"
