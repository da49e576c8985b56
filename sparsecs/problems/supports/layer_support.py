"""Supports with fixed shares of every layer of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import vector
from sparsecs.networks.layout import layout
from sparsecs.operators.base import Operator
from sparsecs.problems.supports.base import Support


@dataclass(frozen=True)
class LayerSupport(Support):
    """Every layer of a network holds its share of the nonzeros, at random places within it.

    Parameters
    ----------
    shares : tuple of float, optional
        One for each layer with parameters, in the network's order; only their ratios matter, and a layer with share 0 is not
        used. By default all layers have the same share, however large they are. A layer that is full leaves the rest to the
        others.

    Examples
    --------
    >>> from sparsecs import LayerSupport, Linear, Network, Tanh, linearize, stream
    >>> network = Network((3,), (Linear(4), Tanh(), Linear(2)))
    >>> J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").normal(size=(5, 3)))
    >>> support = LayerSupport().order(J, stream(0, "support"))[:6]
    >>> int((support < 16).sum()), int((support >= 16).sum())
    (3, 3)
    """

    shares: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        if self.shares is not None:
            shares = vector(self.shares, "shares")
            if (shares < 0).any() or not shares.sum() > 0:
                raise ValueError(f"shares must be at least 0, and one of them above; got {self.shares}.")
            object.__setattr__(self, "shares", tuple(shares.tolist()))

    def _order(self, A: Operator, rng: np.random.Generator) -> np.ndarray:
        layers = layout(A).layers
        count = int(layers.max()) + 1
        shares = np.ones(count) if self.shares is None else np.array(self.shares)
        if shares.size != count:
            raise ValueError(f"shares has {shares.size} entries but the network has {count} layers with parameters.")
        columns, due = [], []
        for layer in np.flatnonzero(shares > 0):
            mine = rng.permutation(np.flatnonzero(layers == layer))
            columns.append(mine)
            due.append((np.arange(mine.size) + rng.random()) / shares[layer])
        return np.concatenate(columns)[np.argsort(np.concatenate(due), kind="stable")]
