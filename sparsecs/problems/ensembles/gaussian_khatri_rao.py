"""Columns that are Kronecker products of two Gaussian ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.khatri_rao import KhatriRao
from sparsecs.problems.ensembles._sizes import multiple_of
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class GaussianKhatriRao(Ensemble):
    """The column-wise Khatri-Rao product of two Gaussian matrices, of ``left`` and m / ``left`` rows.

    Squared column norms are 1 on average.

    Parameters
    ----------
    left : int
        Rows of the left factor.

    Raises
    ------
    ValueError
        If m is no multiple of ``left``.

    Examples
    --------
    >>> from sparsecs import GaussianKhatriRao, stream
    >>> A = GaussianKhatriRao(left=5).draw(20, 50, stream(0, "A"))
    >>> A.left.shape, A.right.shape, A.shape
    ((5, 50), (4, 50), (20, 50))
    """

    left: int = 4

    def __post_init__(self) -> None:
        whole_number(self.left, "left", 1)

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        right = multiple_of(m, self.left, "m", f"The left factor has {self.left} rows") // self.left
        factors = (rng.standard_normal((rows, n)) * rows**-0.5 for rows in (self.left, right))
        return KhatriRao(*factors)
