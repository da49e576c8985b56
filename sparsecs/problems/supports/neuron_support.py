"""Supports inside the incoming weights of a few neurons: what a structured ticket looks like."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.networks.layout import layout
from sparsecs.operators.base import Operator
from sparsecs.problems.supports.base import Support


@dataclass(frozen=True)
class NeuronSupport(Support):
    """All nonzeros are incoming weights, or biases, of a few random hidden neurons.

    The columns of one neuron span at most as many dimensions as there are samples on which it is active, whatever the number
    of outputs, so such supports need more samples than spread ones.

    Parameters
    ----------
    neurons : int
        How many, drawn afresh for every support among the neurons of all layers but the last; of a network with one layer,
        among its outputs.

    Examples
    --------
    >>> from sparsecs import Linear, Network, NeuronSupport, Tanh, linearize, stream
    >>> network = Network((3,), (Linear(4), Tanh(), Linear(2)))
    >>> J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(5, 3)))
    >>> sorted(NeuronSupport(1).order(J, stream(0, "support")).tolist())
    [0, 1, 2, 3]
    """

    neurons: int = 2

    def __post_init__(self) -> None:
        whole_number(self.neurons, "neurons", 1)

    def _order(self, A: Operator, rng: np.random.Generator) -> np.ndarray:
        found = layout(A)
        hidden = found.layers < found.layers.max()
        labels = np.where(hidden, found.neurons, -1) if hidden.any() else found.neurons
        there = np.unique(labels[labels >= 0])
        whole_number(
            self.neurons, "neurons", 1, there.size, f"The network has {there.size} hidden neurons with columns."
        )
        chosen = rng.choice(there, self.neurons, replace=False)
        return rng.permutation(np.flatnonzero(np.isin(labels, chosen)))
