"""A theorem: if a matrix has a property, then a solver finds every sparse signal."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from sparsecs.core.declaration import Declaration


class Guarantee(Declaration, ABC):
    """Base of all guarantees.

    Attributes
    ----------
    promise : str
        The conclusion in words.
    solvers : tuple of str
        Which solvers it speaks of.
    reference : str
    """

    promise: ClassVar[str]
    solvers: ClassVar[tuple[str, ...]]
    reference: ClassVar[str]

    @abstractmethod
    def sparsity(self, A: Any) -> int:
        """The largest k for which the premise holds for this matrix; 0 if it holds for none."""
