"""Rows that vary most along a few directions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import positive, whole_number
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class SpikedCovariance(Ensemble):
    """Gaussian rows with the covariance I + strength · U Uᵀ, where U has a few random orthonormal columns.

    It is scaled so that squared column norms are 1 on average. Since U is drawn from the uniform law, so is the null space:
    noiseless recovery is that of ``Gaussian``, while the spectrum, and so recovery from noise, is not.

    Parameters
    ----------
    spikes : int
        How many directions.
    strength : float
        How much more variance they have than the others.

    References
    ----------
    Johnstone, "On the distribution of the largest eigenvalue in principal components analysis" (2001).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import SpikedCovariance, stream
    >>> A = SpikedCovariance(spikes=2, strength=1000.0).draw(100, 200, stream(0, "A")).dense()
    >>> values = np.linalg.svd(A, compute_uv=False)
    >>> int((values > 5 * np.median(values)).sum())
    2
    """

    spikes: int = 1
    strength: float = 10.0

    def __post_init__(self) -> None:
        whole_number(self.spikes, "spikes", 1)
        positive(self.strength, "strength", zero=True)

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        whole_number(n, "n", self.spikes, why=f"There are {self.spikes} spikes, in as many orthogonal directions.")
        directions, _ = np.linalg.qr(rng.standard_normal((n, self.spikes)))
        matrix = rng.standard_normal((m, n))
        matrix += ((1 + self.strength) ** 0.5 - 1) * (matrix @ directions) @ directions.T
        return Dense(matrix * (m * (1 + self.strength * self.spikes / n)) ** -0.5)
