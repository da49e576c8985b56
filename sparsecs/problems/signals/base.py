"""A law of sparse signals: a uniformly random support, and coefficients that a member draws."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.declaration import Declaration


class Signal(Declaration, ABC):
    """Base of all signals."""

    def draw(self, n: int, k: int, rng: np.random.Generator) -> np.ndarray:
        """A vector of n entries with exactly k nonzeros, at uniformly random places."""
        whole_number(k, "k", 1, n, f"The signal has {n} entries.")
        x = np.zeros(n)
        x[rng.choice(n, k, replace=False)] = self.coefficients(k, rng)
        return x

    @abstractmethod
    def coefficients(self, k: int, rng: np.random.Generator) -> np.ndarray:
        """The k values on the support, none of them zero."""
