"""From a network to its Jacobian: f(x; theta) ≈ f(x; theta_0) + J(x) (theta - theta_0)."""

from __future__ import annotations

from typing import Any

from sparsecs.networks.network import Network
from sparsecs.operators.jacobian import Jacobian


def linearize(network: Network, theta: Any, inputs: Any) -> Jacobian:
    """The Jacobian of a network's outputs by its parameters, as a matrix-free operator.

    One forward and one backward pass find the factors of every layer; J itself is never formed.

    Parameters
    ----------
    network : Network
    theta : (size,) array
        The parameters at which to linearise; float32 gives a float32 operator.
    inputs : (N, *input_shape) array

    Returns
    -------
    Jacobian
        Of shape (N * outputs, size). Row s * outputs + c belongs to sample s and output c.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import Linear, Network, Tanh, linearize, stream
    >>> network = Network((64,), (Linear(300), Tanh(), Linear(100), Tanh(), Linear(10)))
    >>> inputs = stream(0, "inputs").normal(size=(500, 64))
    >>> J = linearize(network, network.init(stream(0, "theta")), inputs)
    >>> J.shape
    (5000, 50610)
    >>> J.nbytes < 20e6 < 2e9 < J.nbytes_dense
    True
    """
    factors = network.factors(theta, inputs)
    return Jacobian(tuple(factors.values()), tuple(factors))
