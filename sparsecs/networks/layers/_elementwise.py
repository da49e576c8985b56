"""What elementwise activations share: their Jacobian is diagonal."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from sparsecs.networks.layers.base import Layer


class Elementwise(Layer):
    """A function applied to each entry; a member gives ``forward`` and ``derivative``."""

    @abstractmethod
    def derivative(self, inputs: np.ndarray) -> np.ndarray:
        """The derivative at each entry."""

    def jvp(
        self,
        parameters: np.ndarray,
        inputs: np.ndarray,
        parameter_tangent: np.ndarray,
        input_tangent: np.ndarray,
    ) -> np.ndarray:
        return self.derivative(inputs) * input_tangent

    def vjp(self, parameters: np.ndarray, inputs: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
        return self.derivative(inputs)[:, None] * cotangent
