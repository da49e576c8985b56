"""A network: layers in sequence over one flat parameter vector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, numeric, quote, vector, whole_number
from sparsecs.core.declaration import Declaration
from sparsecs.networks.layers.base import Layer, Shape
from sparsecs.operators.base import Operator


@dataclass(frozen=True)
class Network(Declaration):
    """Layers in sequence.

    Parameters
    ----------
    input_shape : tuple of int
        The shape of one input; ``(64,)`` for vectors of 64 entries.
    layers : tuple of Layer

    Raises
    ------
    ValueError
        If a layer cannot take what the one before it gives, or there are no parameters.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Linear, Network, Relu, stream
    >>> network = Network((64,), (Linear(32), Relu(), Linear(10)))
    >>> theta = network.init(stream(0, "theta"))
    >>> network.size, network(theta, np.ones((5, 64))).shape
    (2410, (5, 10))
    """

    input_shape: Shape
    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        if not np.iterable(self.input_shape):
            object.__setattr__(self, "input_shape", (self.input_shape,))
        object.__setattr__(self, "input_shape", tuple(whole_number(s, "input_shape", 1) for s in self.input_shape))
        layers = (self.layers,) if isinstance(self.layers, Layer) else tuple(self.layers)
        object.__setattr__(self, "layers", layers)
        for layer in self.layers:
            if not isinstance(layer, Layer):
                raise TypeError(f"layers must hold layers, such as Linear(10); got {quote(layer)}.")
        if self.size == 0:
            raise ValueError("The network has no parameters; give it at least one Linear layer.")

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of one input of each layer, and of one output at the end."""
        shapes = [self.input_shape]
        for layer in self.layers:
            shapes.append(layer.output_shape(shapes[-1]))
        return tuple(shapes)

    @cached_property
    def _edges(self) -> list[int]:
        sizes = [layer.size(shape) for layer, shape in zip(self.layers, self.shapes, strict=False)]
        return [0, *(int(edge) for edge in np.cumsum(sizes))]

    @property
    def size(self) -> int:
        """How many parameters it has."""
        return self._edges[-1] if self.layers else 0

    @property
    def outputs(self) -> int:
        """How many numbers it gives for one input."""
        return int(np.prod(self.shapes[-1]))

    def init(self, rng: np.random.Generator) -> np.ndarray:
        """Parameters at initialisation, a (size,) array of float64."""
        a_kind_of(rng, np.random.Generator, "rng", 'stream(0, "theta")')
        return np.concatenate([layer.init(rng, shape) for layer, shape in zip(self.layers, self.shapes, strict=False)])

    def __call__(self, theta: Any, inputs: Any) -> np.ndarray:
        """Outputs, (N, *output_shape), for inputs (N, *input_shape)."""
        return self._trace(*self._checked(theta, inputs))[-1]

    def jvp(self, theta: Any, inputs: Any, tangent: Any) -> np.ndarray:
        """J v by one forward pass: the change of the outputs for the change ``tangent`` of theta, (N, *output_shape)."""
        theta, inputs = self._checked(theta, inputs)
        tangent = vector(tangent, "tangent", self.size, f"the network has {self.size} parameters")
        change = np.zeros_like(inputs)
        for layer, activation, own in zip(self.layers, self._trace(theta, inputs), self._slices, strict=False):
            change = layer.jvp(theta[own], activation, tangent[own], change)
        return change

    def vjp(self, theta: Any, inputs: Any, cotangent: Any) -> np.ndarray:
        """Jᵀ u by one backward pass, a (size,) array, for a cotangent u of shape (N, *output_shape)."""
        theta, inputs = self._checked(theta, inputs)
        cotangent = numeric(cotangent, "cotangent")
        expected = (len(inputs), *self.shapes[-1])
        if cotangent.shape != expected:
            raise ValueError(f"cotangent has shape {cotangent.shape} but the network's outputs have {expected}.")
        gradient = np.zeros(self.size, dtype=np.result_type(theta, inputs, cotangent))
        one = np.ones(len(inputs), dtype=gradient.dtype)
        for number, block in self._blocks(theta, inputs, cotangent[:, None]):
            gradient[self._slices[number]] = block.rmatvec(one)
        return gradient

    def factors(self, theta: Any, inputs: Any) -> dict[str, Operator]:
        """The blocks of the Jacobian by layer, ``{"0 Linear": block, ...}``, each held by its factors."""
        theta, inputs = self._checked(theta, inputs)
        unit = np.eye(self.outputs, dtype=np.result_type(theta, inputs)).reshape(self.outputs, *self.shapes[-1])
        every = np.broadcast_to(unit, (len(inputs), *unit.shape))
        blocks = list(self._blocks(theta, inputs, every))[::-1]
        return {f"{number} {type(self.layers[number]).__name__}": block for number, block in blocks}

    @cached_property
    def _slices(self) -> list[slice]:
        return [slice(start, stop) for start, stop in pairwise(self._edges)]

    def _trace(self, theta: np.ndarray, inputs: np.ndarray) -> list[np.ndarray]:
        activations = [inputs]
        for layer, own in zip(self.layers, self._slices, strict=True):
            activations.append(layer.forward(theta[own], activations[-1]))
        return activations

    def _blocks(self, theta: np.ndarray, inputs: np.ndarray, cotangent: np.ndarray) -> Any:
        """Pull cotangents (N, C, *output_shape) back through the network; each layer's block, the last one first."""
        activations = self._trace(theta, inputs)
        for number in range(len(self.layers) - 1, -1, -1):
            layer, own = self.layers[number], self._slices[number]
            block = layer.block(theta[own], activations[number], cotangent)
            if block is not None:
                yield number, block
            if own.start > 0:  # nothing with parameters lies before the first such layer
                cotangent = layer.vjp(theta[own], activations[number], cotangent)

    def _checked(self, theta: Any, inputs: Any) -> tuple[np.ndarray, np.ndarray]:
        theta = vector(theta, "theta", self.size, f"the network has {self.size} parameters")
        inputs = numeric(inputs, "inputs")
        if inputs.shape[1:] != self.input_shape or inputs.ndim == 0 or len(inputs) == 0:
            raise ValueError(
                f"inputs have shape {inputs.shape} but the network takes (N, {str(self.input_shape)[1:-1].rstrip(',')}) "
                "with N at least 1."
            )
        if not np.isfinite(inputs).all():
            raise ValueError("inputs must be finite; they hold NaN or infinity. Remove or replace these first.")
        return theta, inputs
