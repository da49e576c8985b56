r"""The fully connected layer, z = s W a + beta b.

Its parameters are laid out neuron by neuron: the weights that enter neuron 1, its bias, then those of neuron 2. The bias is
the weight of one more feature, so a layer is one matrix product, and one face-splitting block of the Jacobian.

The initialisations differ in the variance of W and in the scale s:

    he       Var W = 2 / fan_in              s = 1                He, Zhang, Ren and Sun (2015)
    glorot   Var W = 2 / (fan_in + fan_out)  s = 1                Glorot and Bengio (2010)
    lecun    Var W = 1 / fan_in              s = 1                LeCun, Bottou, Orr and Mueller (1998)
    ntk      Var W = 1, Var b = 1            s = 1/sqrt(fan_in)   Jacot, Gabriel and Hongler (2018), here with beta = 1

Biases start at zero and have beta = 1, but for ``ntk``, where they are standard normal. All draws are Gaussian.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import one_of, whole_number
from sparsecs.networks.layers.base import Layer, Shape
from sparsecs.operators.base import Operator
from sparsecs.operators.face_splitting import FaceSplitting

INITIALIZATIONS = ("he", "glorot", "lecun", "ntk")


@dataclass(frozen=True)
class Linear(Layer):
    """A fully connected layer; it infers its fan-in from what comes before it.

    Parameters
    ----------
    width : int
        How many outputs it has.
    bias : bool
        Whether each output has a bias.
    initialization : {"he", "glorot", "lecun", "ntk"}
        See the module's text.

    Examples
    --------
    >>> from sparsecs import Linear, stream
    >>> layer = Linear(2, bias=False)
    >>> layer.size((3,)), layer.output_shape((3,)), layer.init(stream(0, "theta"), (3,)).shape
    (6, (2,), (6,))
    """

    width: int = 10
    bias: bool = True
    initialization: str = "he"

    def __post_init__(self) -> None:
        whole_number(self.width, "width", 1)
        one_of(self.initialization, "initialization", INITIALIZATIONS)

    def output_shape(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise ValueError(f"Linear takes vectors, but the layer before it gives arrays of shape {input_shape}.")
        return (self.width,)

    def size(self, input_shape: Shape) -> int:
        return self.width * (input_shape[0] + self.bias)

    def init(self, rng: np.random.Generator, input_shape: Shape) -> np.ndarray:
        (fan_in,) = input_shape
        variance = {"he": 2 / fan_in, "glorot": 2 / (fan_in + self.width), "lecun": 1 / fan_in, "ntk": 1.0}
        weights = rng.standard_normal((self.width, fan_in + self.bias))
        weights *= np.sqrt(variance[self.initialization])
        if self.bias and self.initialization != "ntk":
            weights[:, -1] = 0
        return weights.ravel()

    def _weights(self, parameters: np.ndarray) -> np.ndarray:
        return parameters.reshape(self.width, -1)

    def _scale(self, fan_in: int) -> float:
        return fan_in**-0.5 if self.initialization == "ntk" else 1.0

    def _features(self, inputs: np.ndarray) -> np.ndarray:
        features = inputs * inputs.dtype.type(self._scale(inputs.shape[1]))
        return np.column_stack([features, np.ones(len(inputs), inputs.dtype)]) if self.bias else features

    def forward(self, parameters: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        return self._features(inputs) @ self._weights(parameters).T

    def jvp(
        self,
        parameters: np.ndarray,
        inputs: np.ndarray,
        parameter_tangent: np.ndarray,
        input_tangent: np.ndarray,
    ) -> np.ndarray:
        own = self.forward(parameter_tangent, inputs)
        fan_in = inputs.shape[1]
        scale = inputs.dtype.type(self._scale(fan_in))
        return own + scale * (input_tangent @ self._weights(parameters)[:, :fan_in].T)

    def vjp(self, parameters: np.ndarray, inputs: np.ndarray, cotangent: np.ndarray) -> np.ndarray:
        fan_in = inputs.shape[1]
        return cotangent @ (self._weights(parameters)[:, :fan_in] * inputs.dtype.type(self._scale(fan_in)))

    def block(self, parameters: np.ndarray, inputs: np.ndarray, cotangent: np.ndarray) -> Operator:
        return FaceSplitting(cotangent, self._features(inputs))
