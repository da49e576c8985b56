"""The carrier of what a Jacobian measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class JacobianProfile:
    """Ranks, spectrum and columns of a matrix, with a row for each layer; ``measurement_profile`` makes it.

    Attributes
    ----------
    shape : tuple of int
        (m, n).
    rank : int
        Numerical rank: the number of measurements that count without noise.
    singular_values : (min(m, n),) array
        Falling; with noise they say how much each measurement is worth.
    dead : int
        Zero columns.
    collinear : tuple of int
        The sizes of the classes of parallel columns.
    rows : tuple of dict
        For each layer its columns, dead ones, smallest, median and largest norm of the others, the median share of the rows
        that a column lives on (``participation``), and the coherence (NaN where it was not computed).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import measurement_profile
    >>> profile = measurement_profile(np.diag([3.0, 1.0]))
    >>> profile.rank, round(profile.stable_rank, 3), round(profile.participation_rank, 3), round(profile.entropy_rank, 3)
    (2, 1.111, 1.22, 1.755)
    """

    shape: tuple[int, int]
    rank: int
    singular_values: np.ndarray
    dead: int
    collinear: tuple[int, ...]
    rows: tuple[dict[str, Any], ...]

    @property
    def identifiable(self) -> int:
        """How many columns are left when one of each direction is kept."""
        return self.shape[1] - self.dead - sum(self.collinear) + len(self.collinear)

    @property
    def null_directions(self) -> int:
        """The dimension of the null space on those columns. With many samples, relu networks keep one for each hidden neuron."""
        return self.identifiable - self.rank

    @property
    def measurement_ratio(self) -> float:
        """Rank over distinct columns: the δ that counts, where m/n counts rows and dead weights too."""
        return self.rank / self.identifiable if self.identifiable else 0.0

    @property
    def stable_rank(self) -> float:
        """‖A‖_F² / ‖A‖², the sum of the squared singular values over the largest."""
        squares = self._squares
        return float(squares.sum() / squares.max()) if squares.size else 0.0

    @property
    def participation_rank(self) -> float:
        """(Σ λ)² / Σ λ² with λ the squared singular values."""
        squares = self._squares
        return float(squares.sum() ** 2 / (squares**2).sum()) if squares.size else 0.0

    @property
    def entropy_rank(self) -> float:
        """exp of the entropy of the singular values over their sum: the effective rank of Roy and Vetterli (2007)."""
        share = np.sqrt(self._squares)
        if not share.size:
            return 0.0
        share = share / share.sum()
        return float(np.exp(-(share * np.log(share)).sum()))

    @property
    def _squares(self) -> np.ndarray:
        top = self.singular_values.max(initial=0.0)
        return (self.singular_values[self.singular_values > 0] / top) ** 2 if top > 0 else np.zeros(0)

    def __str__(self) -> str:
        lines = [
            f"{self.shape[0]} × {self.shape[1]}, rank {self.rank}; {self.dead} dead columns, {len(self.collinear)} collinear "
            f"classes with {sum(self.collinear)} columns; {self.identifiable} distinct directions",
            f"effective measurement ratio {self.measurement_ratio:.3f}, null directions {self.null_directions}",
            f"effective ranks: stable {self.stable_rank:.1f}, participation {self.participation_rank:.1f}, "
            f"entropy {self.entropy_rank:.1f}",
            "",
            "layer  columns   dead   norm: smallest    median   largest   participation   coherence",
        ]
        lines += [
            f"{row['layer']:>5}  {row['columns']:>7}  {row['dead']:>5}   {row['smallest norm']:14.3g}  "
            f"{row['median norm']:8.3g}  {row['largest norm']:8.3g}   {row['participation']:13.3f}   {row['coherence']:9.4f}"
            for row in self.rows
        ]
        return "\n".join(lines)
