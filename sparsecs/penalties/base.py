r"""A penalty: what is paid for a coefficient vector, so that few coefficients are used.

    P(x) = weight * penalty(x)                     weight is the lambda of the problem  loss(A x) + lambda * penalty(x)
    prox_t(v) = argmin_x  1/2 ||x - v||^2 + t P(x)
    P*(z) = max_x  Re<z, x> - P(x)                 the convex conjugate

Every method takes the weight, since not every penalty is proportional to it (MCP and SCAD bend where |x| is some weights).
x is an (n,) array, or (n, p) for problems with p columns.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from sparsecs.core.declaration import Declaration


class Penalty(Declaration, ABC):
    """Base of all penalties.

    Attributes
    ----------
    convex : bool
    norm : bool
        Whether it is a norm, or one on part of the space.
    separable : bool
        Whether it is a sum over coefficients, or over groups if it uses groups.
    uses_groups : bool
        Whether it needs the problem's groups: an (n,) array that labels the group of each coefficient from 0 on. With p
        columns and no groups, each row is a group.
    uses_weights : bool
        Whether it takes weights of single coefficients, or of groups.
    complex_data : bool
    degree : int
        penalty(c x) = c^degree · penalty(x) for c > 0, and in proportion to ``weight``; it says in which units λ is.
    relative : bool
        Whether a parameter is relative to the norms of A's columns; ``scaled_to`` makes it absolute.
    """

    convex: ClassVar[bool] = True
    norm: ClassVar[bool] = False
    separable: ClassVar[bool] = False
    uses_groups: ClassVar[bool] = False
    uses_weights: ClassVar[bool] = False
    complex_data: ClassVar[bool] = False
    degree: ClassVar[int] = 1
    relative: ClassVar[bool] = False

    @abstractmethod
    def value(
        self,
        x: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        """P(x)."""

    @abstractmethod
    def prox(
        self,
        v: np.ndarray,
        step: float,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        out: np.ndarray | None = None,
    ) -> np.ndarray:
        """The proximal map of ``step`` times P at v; writes to ``out`` if it is given, which may be v."""

    @abstractmethod
    def dual_norm(self, z: np.ndarray, *, groups: np.ndarray | None = None, weights: np.ndarray | None = None) -> float:
        """The smallest weight with which x = 0 is a (local) minimiser of P(x) − Re⟨z, x⟩; of a norm, its dual norm."""

    def limit(
        self,
        z: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        """The largest s ≥ 0 for which P* is finite at s · z; infinity if it always is. This one is right for norms."""
        top = self.dual_norm(z, groups=groups, weights=weights)
        return weight / top if top > 0 else np.inf

    def conjugate(
        self,
        z: np.ndarray,
        weight: float = 1.0,
        *,
        groups: np.ndarray | None = None,
        weights: np.ndarray | None = None,
    ) -> float:
        """P*(z) for a z within the limit; 0 for norms."""
        return 0.0

    def rescaled(self, operator_exponent: int, x_exponent: int) -> Penalty:
        """The same where A is measured in units of 2^operator_exponent and x in units of 2^x_exponent."""
        return self

    def scaled_to(self, length: float) -> Penalty:
        """The same with parameters that are relative to columns of norm 1 made right for columns of norm ``length``."""
        return self


def given(weights: np.ndarray | None, size: int) -> Any:
    """The weights, or ones."""
    return np.ones(size) if weights is None else weights
