"""A source of network inputs."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from sparsecs.core.declaration import Declaration


class Inputs(Declaration, ABC):
    """Base of all sources of inputs."""

    @abstractmethod
    def draw(self, samples: int, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        """Inputs, a (samples, *shape) array; refuses a shape or a number that it does not have."""
