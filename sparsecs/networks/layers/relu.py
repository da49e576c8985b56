"""The rectified linear unit, max(0, a)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.networks.layers._elementwise import Elementwise


@dataclass(frozen=True)
class Relu(Elementwise):
    """max(0, a), with derivative 0 at a = 0.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Relu
    >>> Relu().forward(np.zeros(0), np.array([[-1.0, 2.0]]))
    array([[0., 2.]])
    """

    def forward(self, parameters: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        return np.where(inputs.real > 0, inputs, 0)

    def derivative(self, inputs: np.ndarray) -> np.ndarray:
        return (inputs.real > 0).astype(inputs.dtype)
