"""Standard normal inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.networks.inputs.base import Inputs


@dataclass(frozen=True)
class GaussianInputs(Inputs):
    """Independent standard normal entries, of any shape.

    Examples
    --------
    >>> from sparsecs import GaussianInputs, stream
    >>> GaussianInputs().draw(2, (3,), stream(0, "inputs")).shape
    (2, 3)
    """

    def _draw(self, samples: int, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        return rng.standard_normal((samples, *shape))
