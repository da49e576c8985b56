"""The Jacobian of a random network as a random matrix."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from sparsecs.core.checks import whole_number
from sparsecs.networks.inputs.base import Inputs
from sparsecs.networks.inputs.gaussian import GaussianInputs
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network
from sparsecs.operators.base import Operator
from sparsecs.problems.ensembles._one_draw import one_draw, trimmed
from sparsecs.problems.ensembles._sizes import multiple_of
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
        return self._fixed(self._rows(m)).shape[1] if self.distinct else self.network.size

    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        unknowns = self.unknowns(self._rows(m))
        if n != unknowns:
            raise ValueError(
                f"This network has {unknowns} columns at m = {m}; n = {n} was asked for. Use n = {unknowns}."
            )
        return self._fixed(m) if self.seed is not None else trimmed(self._jacobian(m, rng), False, self.normalize)

    def _rows(self, m: int) -> int:
        outputs = self.network.outputs
        return multiple_of(m, outputs, "m", f"This network has {outputs} outputs a sample")

    def _fixed(self, m: int) -> Operator:
        """The Jacobian that the seed stands for."""
        fresh = dataclasses.replace(self, seed=None, distinct=False, normalize=False)
        return one_draw(fresh, m, self.network.size, self.seed or 0, "network", self.distinct, self.normalize)

    def _jacobian(self, m: int, rng: np.random.Generator) -> Operator:
        theta = self.network.init(rng)
        return linearize(
            self.network, theta, self.inputs.draw(m // self.network.outputs, self.network.input_shape, rng)
        )
