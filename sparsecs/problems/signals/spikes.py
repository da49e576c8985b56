"""Gaussian coefficients: easy for greedy methods, which find the large ones first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.problems.signals.base import Signal


@dataclass(frozen=True)
class Spikes(Signal):
    """Independent standard normal coefficients on a random support.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Spikes, stream
    >>> int(np.count_nonzero(Spikes().draw(100, 20, stream(0, "x"))))
    20
    """

    def coefficients(self, k: int, rng: np.random.Generator) -> np.ndarray:
        return rng.standard_normal(k)
