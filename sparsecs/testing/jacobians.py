"""Jacobians of small networks, with all that comes with them: zero columns, collinear ones, norms of every size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.jacobian import Jacobian
from sparsecs.testing._drawing import Draw, between, hypothesis_strategies

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def jacobians(
    samples: Any = (1, 4),
    outputs: Any = (1, 3),
    depth: Any = (1, 3),
    width: Any = (1, 4),
    inputs: Any = (1, 4),
    dtype: Any = np.float64,
) -> SearchStrategy[Jacobian]:
    """A strategy for Jacobian operators of small networks at random parameters, of shape (samples x outputs, parameters).

    Parameters
    ----------
    samples, outputs : int or pair of int
        How many inputs the network is fed, and how many numbers it gives for each.
    depth : int or pair of int
        How many layers have parameters; between them stand tanh or ReLU. With ReLU some columns are zero.
    width, inputs : int or pair of int
        Of the layers in between, and of one input.
    dtype : float64 or float32

    Raises
    ------
    TypeError, ValueError
        If sizes have no meaning.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> from sparsecs.testing import jacobians
    >>> @settings(max_examples=10, deadline=None)
    ... @given(jacobians(samples=3, outputs=2, depth=2))
    ... def rows_are_outputs(J):
    ...     assert J.shape[0] == 6 and len(J.layer_slices) == 2
    >>> rows_are_outputs()
    """
    st = hypothesis_strategies()
    ranges = [
        between(value, name)
        for value, name in ((samples, "samples"), (outputs, "outputs"), (depth, "depth"), (inputs, "inputs"))
    ]
    wide = between(width, "width")

    @st.composite
    def drawn(draw: Draw) -> Jacobian:
        N, last, layers, first = (draw(st.integers(*pair)) for pair in ranges)
        bend, bias = draw(st.sampled_from([Tanh(), Relu()])), draw(st.booleans())
        parts: list[Any] = []
        for _ in range(layers - 1):
            parts += [Linear(draw(st.integers(*wide)), bias=bias), bend]
        network = Network((first,), (*parts, Linear(last, bias=bias)))
        rng = stream(draw(st.integers(0, 2**32 - 1)), "jacobian")
        theta = network.init(rng).astype(dtype)
        return linearize(network, theta, rng.standard_normal((N, first)).astype(dtype))

    return drawn()
