r"""A penalty: a norm that prefers sparse vectors, known by its value, its proximal map and its dual norm.

    prox_t(v) = argmin_x  1/2 ||x - v||^2 + t penalty(x)
    dual_norm(z) = max { <z, x> : penalty(x) <= 1 }

The problem is always loss(A x) + lambda * penalty(x), and x = 0 answers it just when lambda >= dual_norm(A^H y).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from sparsecs.core.declaration import Declaration


class Penalty(Declaration, ABC):
    """Base of all penalties.

    Attributes
    ----------
    convex : bool
    uses_groups : bool
        Whether it needs the problem's groups: an (n,) array that labels the group of each coefficient from 0 on.
    """

    convex: ClassVar[bool] = True
    uses_groups: ClassVar[bool] = False

    @abstractmethod
    def value(self, x: np.ndarray, groups: np.ndarray | None = None) -> float:
        """The penalty of x."""

    @abstractmethod
    def prox(
        self, v: np.ndarray, step: float, groups: np.ndarray | None = None, out: np.ndarray | None = None
    ) -> np.ndarray:
        """The proximal map of ``step`` times the penalty at v; writes to ``out`` if it is given, which may be v."""

    @abstractmethod
    def dual_norm(self, z: np.ndarray, groups: np.ndarray | None = None) -> float:
        """The dual norm of z."""
