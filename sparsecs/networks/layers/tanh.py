"""The hyperbolic tangent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.networks.layers._elementwise import Elementwise


@dataclass(frozen=True)
class Tanh(Elementwise):
    """tanh a, with derivative 1 - tanh² a.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Tanh
    >>> Tanh().derivative(np.array([[0.0]]))
    array([[1.]])
    """

    def forward(self, parameters: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        return np.tanh(inputs)

    def derivative(self, inputs: np.ndarray) -> np.ndarray:
        return 1 - np.tanh(inputs) ** 2
