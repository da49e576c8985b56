"""Where gradients come from: a network that is fed with random inputs, or the rows of a matrix that is large enough.

A source gives as many samples as it is asked for, each time others; one sample is one input, and has a row for each output.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.randomness import stream
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.digits import Digits
from sparsecs.networks.inputs.gaussian import GaussianInputs
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.door import as_operator
from sparsecs.operators.face_splitting import FaceSplitting
from sparsecs.operators.jacobian import Jacobian
from sparsecs.problems.ensembles.random_network import RandomNetwork

DIGITS = 1797


class Gradients(ABC):
    """A source of gradients; see the module's text.

    Attributes
    ----------
    columns, outputs : int
    most : int
        How many samples can be drawn at a time.
    fixed : bool
        Whether two samples come from one and the same network or population.
    words : str
    """

    columns: int
    outputs: int
    most: int
    fixed: bool
    words: str

    @abstractmethod
    def sample(self, count: int, rng: np.random.Generator) -> Operator:
        """A (count · outputs, columns) operator."""


@dataclass(frozen=True, eq=False)
class NetworkGradients(Gradients):
    """Gradients of a network at given parameters, or at fresh ones every time."""

    network: Network
    theta: np.ndarray | None
    inputs: Inputs
    words: str

    @property
    def columns(self) -> int:  # type: ignore[override]
        return self.network.size

    @property
    def outputs(self) -> int:  # type: ignore[override]
        return self.network.outputs

    @property
    def most(self) -> int:  # type: ignore[override]
        return DIGITS if isinstance(self.inputs, Digits) else 10**9

    @property
    def fixed(self) -> bool:  # type: ignore[override]
        return self.theta is not None

    def sample(self, count: int, rng: np.random.Generator) -> Operator:
        theta = self.network.init(rng) if self.theta is None else self.theta
        return linearize(self.network, theta, self.inputs.draw(count, self.network.input_shape, rng))


@dataclass(frozen=True, eq=False)
class RowGradients(Gradients):
    """Gradients as the rows of an operator, sample by sample."""

    operator: Operator
    outputs: int
    words: str
    fixed: bool = True

    @property
    def columns(self) -> int:  # type: ignore[override]
        return self.operator.shape[1]

    @property
    def most(self) -> int:  # type: ignore[override]
        return self.operator.shape[0] // self.outputs

    def sample(self, count: int, rng: np.random.Generator) -> Operator:
        chosen = rng.choice(self.most, count, replace=False)
        if isinstance(self.operator, Jacobian):
            blocks = [replace(b, delta=b.delta[chosen], features=b.features[chosen]) for b in self.operator.blocks]
            return Jacobian(tuple(blocks), self.operator.names)
        rows = (chosen[:, None] * self.outputs + np.arange(self.outputs)).ravel()
        return Dense(self.operator.matrix[rows])  # type: ignore[attr-defined]


def gradients(source: Any, inputs: Inputs | None, outputs: int | None, seed: int) -> Gradients:
    """Whatever a user gives as a source of gradients.

    Raises
    ------
    TypeError, ValueError
        If inputs or outputs do not belong to that source, or do not fit.
    """
    if isinstance(source, Network | RandomNetwork):
        network = source if isinstance(source, Network) else source.network
        if outputs is not None and outputs != network.outputs:
            raise ValueError(f"outputs is {outputs}, but the network has {network.outputs}; leave it out.")
        return _of_network(source, inputs, seed)
    if inputs is not None:
        raise TypeError("inputs belong to a Network; a matrix of gradients has its rows already. Leave them out.")
    operator, number = as_operator(source), whole_number(1 if outputs is None else outputs, "outputs", 1)
    rows, n = operator.shape
    if rows % number:
        raise ValueError(
            f"The matrix has {rows} rows, which is no multiple of outputs={number}. Rows run sample by sample, with one for "
            "each output."
        )
    if np.issubdtype(operator.dtype, np.complexfloating):
        raise TypeError("Gradients must be real; the matrix is complex.")
    if not np.isfinite(operator.column_norms()).all():
        raise ValueError("Gradients must be finite; some columns hold NaN or infinity. Remove or replace these rows.")
    by_factors = isinstance(operator, Jacobian) and all(isinstance(b, FaceSplitting) for b in operator.blocks)
    if by_factors and operator.blocks[0].delta.shape[1] != number:  # type: ignore[attr-defined]
        has = operator.blocks[0].delta.shape[1]  # type: ignore[attr-defined]
        raise ValueError(f"This Jacobian has {has} outputs a sample; give outputs={has}.")
    if not by_factors:
        operator = Dense(operator.dense())
    words = f"{rows // number} gradients with {n} entries" + (f", {number} outputs" if number > 1 else "")
    return RowGradients(operator, number, words)


def _of_network(source: Network | RandomNetwork, inputs: Inputs | None, seed: int) -> Gradients:
    if isinstance(source, RandomNetwork):
        if inputs is not None:
            raise TypeError("A RandomNetwork has its inputs already; leave inputs= out.")
        fed, number = source.inputs, source.seed
        name = "" if number is None else f" of seed {number}"
        source = source.network
    else:
        fed, number, name = inputs or GaussianInputs(), seed, f" of seed {seed}"
    a_kind_of(fed, Inputs, "inputs", "GaussianInputs()")
    theta = None if number is None else source.init(stream(number, "network"))
    parts = [type(layer).__name__ + (f" {layer.width}" if hasattr(layer, "width") else "") for layer in source.layers]
    shape = " x ".join(map(str, source.input_shape))
    words = f"network {shape} - {' - '.join(parts)}{name}, {source.size} weights, fed with {fed}"
    return NetworkGradients(source, theta, fed, words if name else f"fresh {words}")
