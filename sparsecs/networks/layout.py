"""Which layer and which neuron every column of a Jacobian belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.operators.base import Operator
from sparsecs.operators.face_splitting import FaceSplitting
from sparsecs.operators.jacobian import Jacobian
from sparsecs.operators.scaled import Scaled
from sparsecs.operators.selected import Selected


@dataclass(frozen=True, eq=False)
class Layout:
    """Labels of the columns of a Jacobian.

    Parameters
    ----------
    layers : (n,) array of int
        0 for the first layer with parameters.
    neurons : (n,) array of int
        Which neuron's incoming weight or bias it is, counted through all layers; a layer that has no neurons of its own
        counts as one.
    """

    layers: np.ndarray
    neurons: np.ndarray


def layout(operator: Operator) -> Layout:
    """The layers and neurons of a Jacobian's columns, also after scaling and selecting columns.

    Raises
    ------
    TypeError
        If the operator is not the Jacobian of a network.

    Examples
    --------
    >>> from sparsecs import Linear, Network, Tanh, linearize, normalized, stream
    >>> from sparsecs.networks.layout import layout
    >>> network = Network((2,), (Linear(2), Tanh(), Linear(1)))
    >>> J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(5, 2)))
    >>> layout(normalized(J)).neurons
    array([0, 0, 0, 1, 1, 1, 2, 2, 2])
    """
    if isinstance(operator, Scaled):
        return layout(operator.operator)
    if isinstance(operator, Selected):
        whole = layout(operator.operator)
        return Layout(whole.layers[operator.support], whole.neurons[operator.support])
    if not isinstance(operator, Jacobian):
        raise TypeError(
            f"Layers and neurons are asked for, and a {type(operator).__name__} has none. Give the Jacobian of a network, "
            "from linearize(), or name the columns with ColumnSupport."
        )
    layers, neurons, before = [], [], 0
    names = list(dict.fromkeys(operator.names))
    for block, name in zip(operator.blocks, operator.names, strict=True):
        width, n = block.delta.shape[2] if isinstance(block, FaceSplitting) else 1, block.shape[1]
        neurons.append(before + np.arange(n) // (n // width))
        layers.append(np.full(n, names.index(name)))
        before += width
    return Layout(np.concatenate(layers), np.concatenate(neurons))
