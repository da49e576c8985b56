"""The Jacobian of a random network as a random matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.core.randomness import stream
from sparsecs.geometry.identifiability import distinct_columns
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.gaussian import GaussianInputs
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.base import Operator
from sparsecs.operators.scaled import normalized
from sparsecs.operators.selected import Selected
from sparsecs.problems.ensembles.base import Ensemble


@dataclass(frozen=True)
class RandomNetwork(Ensemble):
    """A network at initialisation, linearised on random inputs.

    A draw of size m × n is a Jacobian of m / outputs samples; n must be the number of columns, see ``unknowns``.

    Parameters
    ----------
    network : Network
    inputs : Inputs
        What it is fed.
    normalize : bool
        Scale every column to unit norm; zero columns stay zero. Off, the last layer outweighs all others.
    seed : int, optional
        None draws new parameters and new inputs every time. A number fixes both: every draw gives the same Jacobian,
        whatever the generator, so that a sweep asks about this one network.
    distinct : bool
        Keep only one column of each direction: no zero columns, and one of each collinear class, since no method can tell
        the others from it. How many are left depends on the draw, so this needs a ``seed``.

    Examples
    --------
    >>> from sparsecs import RandomNetwork, stream
    >>> ensemble = RandomNetwork()
    >>> ensemble.network.size
    353
    >>> ensemble.draw(40, 353, stream(0, "A")).shape
    (40, 353)
    """

    network: Network = Network((20,), (Linear(16), Tanh(), Linear(1)))  # noqa: RUF009 - a frozen value
    inputs: Inputs = GaussianInputs()  # noqa: RUF009 - a frozen value
    normalize: bool = True
    seed: int | None = None
    distinct: bool = False

    def __post_init__(self) -> None:
        if self.seed is not None:
            whole_number(self.seed, "seed")
        elif self.distinct:
            raise ValueError("distinct=True needs a seed: how many columns are left depends on the draw.")

    def unknowns(self, m: int) -> int:
        """The n for which an m × n operator can be drawn."""
        return _fixed(self, self._rows(m)).shape[1] if self.distinct else self.network.size

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        unknowns = self.unknowns(self._rows(m))
        if n != unknowns:
            raise ValueError(
                f"This network has {unknowns} columns at m = {m}; n = {n} was asked for. Use n = {unknowns}."
            )
        return self._make(m, rng) if self.seed is None else _fixed(self, m)

    def _rows(self, m: int) -> int:
        outputs = self.network.outputs
        if m % outputs:
            raise ValueError(
                f"This network has {outputs} outputs a sample, so m is a multiple of {outputs}; m = {m} was asked for. "
                f"Use {m - m % outputs or outputs} or {m - m % outputs + outputs}."
            )
        return m

    def _make(self, m: int, rng: np.random.Generator) -> Operator:
        theta = self.network.init(rng)
        inputs = self.inputs.draw(m // self.network.outputs, self.network.input_shape, rng)
        operator: Operator = linearize(self.network, theta, inputs)
        if self.distinct:
            operator = Selected(operator, distinct_columns(operator))
        return normalized(operator) if self.normalize else operator


@lru_cache(maxsize=4)
def _fixed(ensemble: RandomNetwork, m: int) -> Operator:
    return ensemble._make(m, stream(ensemble.seed or 0, "network"))
