"""The Kronecker product of two Gaussian matrices: separable measurements of an image."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import quote, whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.kronecker import Kronecker
from sparsecs.problems.ensembles._sizes import multiple_of
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class GaussianKronecker(Ensemble):
    """The Kronecker product of two Gaussian matrices.

    Squared column norms are 1 on average.

    Parameters
    ----------
    left : tuple of two int
        Rows and columns of the left factor; the right one has m and n divided by them.

    Raises
    ------
    ValueError
        If m or n is no multiple of its part of ``left``.

    Examples
    --------
    >>> from sparsecs import GaussianKronecker, stream
    >>> A = GaussianKronecker(left=(4, 5)).draw(20, 50, stream(0, "A"))
    >>> A.left.shape, A.right.shape, A.shape
    ((4, 5), (5, 10), (20, 50))
    """

    left: tuple[int, int] = (4, 5)

    def __post_init__(self) -> None:
        if not (isinstance(self.left, tuple) and len(self.left) == 2):
            raise TypeError(f"left must be a pair of rows and columns such as (4, 5); got {quote(self.left)}.")
        for number, name in zip(self.left, ("left[0]", "left[1]"), strict=True):
            whole_number(number, name, 1)

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        rows, columns = self.left
        down = multiple_of(m, rows, "m", f"The left factor has {rows} rows") // rows
        across = multiple_of(n, columns, "n", f"The left factor has {columns} columns") // columns
        shapes = (rows, columns), (down, across)
        return Kronecker(*(rng.standard_normal(shape) * shape[0] ** -0.5 for shape in shapes))
