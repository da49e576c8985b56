"""A law of random operators."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from sparsecs.core.checks import a_kind_of, whole_number
from sparsecs.core.declaration import Declaration
from sparsecs.operators.base import Operator


class Ensemble(Declaration, ABC):
    """Base of all ensembles."""

    def draw(self, m: int, n: int, rng: np.random.Generator) -> Operator:
        """An m × n operator; an ensemble that has not every size refuses the others and says which it has."""
        a_kind_of(rng, np.random.Generator, "rng", 'stream(0, "A")')
        return self._draw(whole_number(m, "m", 1), whole_number(n, "n", 1), rng)

    def unknowns(self, m: int) -> int | None:
        """The n for which an m × n operator can be drawn, if there is just one; None if there are many."""
        return None

    @abstractmethod
    def _draw(self, m: int, n: int, rng: np.random.Generator) -> Operator: ...
