r"""Stagewise orthogonal matching pursuit.

    S <- S + { j : |a_j^H r| > t sigma },    sigma = ||r|| / sqrt(m),    x_S = argmin ||y - A_S x||,    r = y - A_S x_S

If x is spread out, the correlations of the wrong columns look like Gaussian noise of standard deviation sigma, so t sets the
rate of false alarms in a stage. (Donoho, Tsaig, Drori and Starck 2012.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.solvers._stagewise import Stagewise
from sparsecs.solvers._support import Columns


@dataclass(frozen=True)
class StOMP(Stagewise):
    """Stagewise orthogonal matching pursuit: all columns above a multiple of the noise level, then a refit.

    A few stages do, whatever the number of nonzeros. It is made for large random matrices: at 100 x 400 with 22 signs it
    succeeds in 12 of 20 cases, as SubspacePursuit does. With alike columns its threshold means little: with 10 signs and
    cosines about ½ it succeeds in 5, where SubspacePursuit does in all. It ends when no column is above the threshold, so
    it needs no ``sparsity``; false alarms then stay in the support, with coefficients near zero if the fit is exact. With
    ``sparsity`` the k largest are kept and fitted.

    Parameters
    ----------
    threshold : float
        t, in standard deviations of the correlations of a wrong column. The authors use 2 to 3. For groups and for y with
        several columns it is times the root of the number of entries in a block.
    tolerance : float
        It stops when ‖y − A x‖ ≤ tolerance · ‖y‖.
    max_iterations : int
        A bound on the number of stages.

    References
    ----------
    Donoho, Tsaig, Drori and Starck, "Sparse solution of underdetermined systems of linear equations by stagewise orthogonal
    matching pursuit" (2012).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import StOMP, solve
    >>> solve(np.eye(3), [0.0, 5.0, 1.0], StOMP(threshold=1.5), sparsity=1).x
    array([0., 5., 0.])
    """

    solves: ClassVar[str] = "greedy least squares: all columns above a threshold in each stage, then a refit"
    threshold: float = 2.5

    def __post_init__(self) -> None:
        super().__post_init__()
        positive(self.threshold, "threshold")

    def choose(self, columns: Columns, sizes: np.ndarray, residual: np.ndarray, k: int | None) -> np.ndarray:
        entries = columns.widths() * (residual.size // residual.shape[0])
        sigma = float(np.linalg.norm(residual)) / np.sqrt(residual.size)
        return np.flatnonzero(sizes > self.threshold * sigma * np.sqrt(entries))

    def enough(self, blocks: int, steps: int, k: int | None) -> bool:
        return False  # it ends when nothing is above the threshold
