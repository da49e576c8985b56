r"""What a layer is: a function of its parameters w and its inputs a, with both derivatives.

    z = f(w, a)        dz = (df/dw) dw + (df/da) da        da* = (df/da)^T dz*

Arrays carry the samples on their first axis. A cotangent has a second axis, for several outputs at once, since a Jacobian
pulls all outputs of a network back together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from sparsecs.core.declaration import Declaration
from sparsecs.operators.base import Operator

Shape = tuple[int, ...]


class Layer(Declaration, ABC):
    """Base of all layers. A layer without parameters gives only ``forward``, ``jvp`` and ``vjp``."""

    def output_shape(self, input_shape: Shape) -> Shape:
        """The shape of one output, given that of one input; refuses shapes it cannot take."""
        return input_shape

    def size(self, input_shape: Shape) -> int:
        """How many parameters it has."""
        return 0

    def init(self, rng: np.random.Generator, input_shape: Shape) -> np.ndarray:
        """Parameters at initialisation, a (size,) array."""
        return np.zeros(0)

    @abstractmethod
    def forward(self, parameters: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        """Outputs, (N, *output_shape), for inputs (N, *input_shape)."""

    @abstractmethod
    def jvp(
        self,
        parameters: np.ndarray,
        inputs: np.ndarray,
        parameter_tangent: np.ndarray,
        input_tangent: np.ndarray,
    ) -> np.ndarray:
        """The change of the outputs to first order, (N, *output_shape)."""

    @abstractmethod
    def vjp(self, parameters: np.ndarray, inputs: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
        """Cotangents (N, C, *output_shape) pulled back to the inputs, (N, C, *input_shape)."""

    def block(self, parameters: np.ndarray, inputs: np.ndarray, cotangent: np.ndarray) -> Operator | None:
        """The columns of the Jacobian that belong to this layer, (N C) × size, or None without parameters.

        ``cotangent`` holds the derivatives of C network outputs by this layer's outputs, (N, C, *output_shape).
        """
        return None
