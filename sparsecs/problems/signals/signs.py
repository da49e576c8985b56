"""Coefficients ±1: the hardest law for greedy methods, and as hard as any other for ℓ1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.problems.signals.base import Signal


@dataclass(frozen=True)
class Signs(Signal):
    """Independent fair signs on a random support.

    Examples
    --------
    >>> from sparsecs import Signs, stream
    >>> sorted(set(Signs().draw(100, 20, stream(0, "x")).tolist()))
    [-1.0, 0.0, 1.0]
    """

    def coefficients(self, k: int, rng: np.random.Generator) -> np.ndarray:
        return rng.choice([-1.0, 1.0], k)
