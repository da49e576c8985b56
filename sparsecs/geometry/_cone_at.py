"""What a user gives as a cone, as a descent cone with coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.checks import a_kind_of
from sparsecs.geometry.cones import Cone, Orthant
from sparsecs.geometry.descent_cone import DescentCone, descent_cone
from sparsecs.penalties.base import Penalty


def cone_at(cone: Any, x: Any, groups: Any, weights: Any) -> tuple[DescentCone, bool]:
    """What is given as a descent cone, and whether its coordinates are pairs of real ones."""
    if isinstance(cone, Orthant):
        return _orthant(cone.n), False
    if isinstance(cone, Cone):
        raise ValueError(f"Under a matrix, {cone} is not known; use a penalty with x, or Orthant(n).")
    a_kind_of(cone, Penalty, "cone", "L1(), or a cone such as Orthant(10)")
    if x is None:
        raise ValueError("The descent cone of a penalty is one at a signal: give x.")
    return descent_cone(cone, x, groups, weights), bool(np.iscomplexobj(np.asarray(x)))


def _orthant(n: int) -> DescentCone:
    none, zero = np.zeros(0), np.zeros(n)
    return DescentCone(
        n, none.astype(int), none, np.arange(n), zero, np.arange(n + 1), zero, np.ones(n, dtype=np.int64)
    )
