"""A law of random supports, nested: an order of the columns, whose first k are a support of size k."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.core.declaration import Declaration
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator


class Support(Declaration, ABC):
    """Base of all laws of supports. A member gives ``_order``."""

    def order(self, A: Any, rng: np.random.Generator) -> np.ndarray:
        """A random order of those columns of A that this law reaches, each once; a support of size k is its first k."""
        a_kind_of(rng, np.random.Generator, "rng", 'stream(0, "support")')
        return self._order(as_operator(A), rng)

    @abstractmethod
    def _order(self, A: Operator, rng: np.random.Generator) -> np.ndarray: ...
