"""Entries with heavy tails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import positive
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class StudentT(Ensemble):
    """Independent entries of Student's t law, scaled to variance 1/m.

    Parameters
    ----------
    freedom : float
        Degrees of freedom, above 2. Moments of this order and above are infinite; many degrees are close to ``Gaussian``.

    Raises
    ------
    ValueError
        With 2 degrees or fewer the entries have no variance.

    Examples
    --------
    >>> from sparsecs import StudentT, stream
    >>> entries = StudentT(freedom=2.5).draw(100, 100, stream(0, "A")).dense()
    >>> bool(abs(entries).max() > 10 * entries.std())  # an entry of a Gaussian matrix of this size stays below 5
    True
    """

    freedom: float = 3.0

    def __post_init__(self) -> None:
        if positive(self.freedom, "freedom") <= 2:
            raise ValueError(
                f"freedom must be above 2, so that the entries have a variance to scale by; got {self.freedom}."
            )

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        return Dense(rng.standard_t(self.freedom, (m, n)) * ((1 - 2 / self.freedom) / m) ** 0.5)
