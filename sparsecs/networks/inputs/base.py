"""A source of network inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.declaration import Declaration


class Inputs(Declaration, ABC):
    """Base of all sources of inputs."""

    def draw(self, samples: int, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        """Inputs, a (samples, *shape) array; refuses a shape or a number that it does not have."""
        return self._draw(whole_number(samples, "samples", 1), tuple(shape), rng)

    @abstractmethod
    def _draw(self, samples: int, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray: ...
