"""The figures of one matrix that several theorems need, each found once, within one budget of time.

A is held with its longest column at length one: no theorem here depends on the units of A. Where all columns have one length,
the figures of A and those of its unit columns are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.coherence import babel
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.geometry.null_space_constant import null_space_constant
from sparsecs.geometry.restricted_isometry import restricted_isometry
from sparsecs.geometry.spark import spark
from sparsecs.guarantees._isometry import best_scaled, both, carried, free, tighter
from sparsecs.guarantees._products import product_isometry
from sparsecs.operators.base import Operator
from sparsecs.operators.dense import Dense
from sparsecs.operators.door import as_operator
from sparsecs.operators.scaled import Scaled

GLANCE = 0.25  # seconds of a first look, after which most questions are decided
WIDEST = 1024  # terms of the Babel function that are summed one by one
EVEN = 1e-12  # relative differences of column norms that are rounding


class Measured:
    """A matrix with what is known of it so far.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    seconds : float or None
        For all searches together.
    share : float
        The part of what is left of them that one search may take.
    """

    def __init__(self, A: Any, seconds: float | None = 30.0, share: float = 1.0) -> None:
        self.given = as_operator(A)
        self.budget, self._share = Budget(seconds), share
        norms = self.given.column_norms()
        self.longest = float(norms.max())
        self.operator = _at_length_one(self.given, self.longest)
        self.norms = self.operator.column_norms()
        self.dead = np.flatnonzero(norms == 0)
        least = float(self.norms.min())
        self.unevenness = float(self.norms.max()) / least if least > 0 else float("inf")
        self.even = self.unevenness <= 1 + EVEN
        self.slack = max(1e-9, 1e3 * float(np.finfo(self.operator.dtype).eps))
        self._babel: dict[int, float] = {}
        self._isometry: dict[tuple[int, bool], IsometryBounds] = {}
        self._products: dict[int, IsometryBounds] = {}
        self._null_space: dict[int, Bounds] = {}
        self._ended: set[Any] = set()  # what no further search can tell more of
        self._spark: Bounds | None = None

    @property
    def shape(self) -> tuple[int, int]:
        return self.given.shape

    @property
    def caveat(self) -> str:
        """To be added to the name of a figure."""
        return " with a zero column" if self.dead.size else ""

    def babel(self, s: int) -> Bounds:
        """μ₁(s); where there are fewer others than s, of all others. Infinite with a zero column, 0 for a single one.

        For large s the sum of so many is at most in proportion to that of the largest ones.
        """
        if self.dead.size:
            return Bounds(float("inf"), float("inf"))
        s = min(s, self.shape[1] - 1)
        if s <= 0:
            return Bounds(0.0, 0.0)
        known = min(s, WIDEST)
        if known not in self._babel:
            orders = np.arange(1, min(self.shape[1] - 1, WIDEST, max(8, 2 * known)) + 1)
            self._babel.update(zip(orders.tolist(), babel(self.operator, orders).tolist(), strict=True))
        value = self._babel[known]
        return Bounds(value, value * s / known)

    def delta(self, order: int, unit: bool, bar: float) -> Bounds:
        """δ of an order after the best scaling; the search ends as soon as it is on one side of a bar."""
        found = best_scaled(self.isometry(order, unit, bar))
        return found if decided(found, bar, self.slack) is not None else self._noted(found)

    def isometry(self, order: int, unit: bool, bar: float) -> IsometryBounds:
        """Bounds of L and U of an order, of unit columns or of A with its longest column at length one, as for ``delta``."""
        order, unit = min(order, self.shape[1]), unit or self.even
        found = self._known(order, unit)
        for seconds in self._looks():
            if decided(best_scaled(found), bar, self.slack) is not None or (order, unit) in self._ended:
                break
            new = restricted_isometry(self.operator, order, normalize=unit, seconds=seconds)
            if not self._heeded(new.L.stopped or new.U.stopped):
                self._ended.add((order, unit))
            found = self._kept(order, unit, new)
        return found

    def of_factors(self, order: int) -> IsometryBounds:
        """What the factors of a product say of an order of its unit columns; nothing, if A is no product."""
        if order not in self._products:
            self._products[order] = product_isometry(self.given, order, self.seconds) or free(order)
        return self._products[order]

    def null_space(self, k: int, bar: float) -> Bounds:
        """Bounds of the null space constant α_k, found as for ``delta``."""
        found = self._free_null_space(k)
        for seconds in self._looks():
            if decided(found, bar, self.slack) is not None or k in self._ended:
                break
            new = null_space_constant(self.operator, k, seconds=seconds)
            if not self._heeded(new.stopped):
                self._ended.add(k)
            found = self._null_space[k] = tighter(found, new)
        return found if decided(found, bar, self.slack) is not None else self._noted(found)

    def spark(self) -> Bounds:
        """Bounds of the spark."""
        if self._spark is None:
            self._spark = spark(self.operator, seconds=self.seconds)
            self._heeded(self._spark.stopped)
        return self._spark

    def _free_null_space(self, k: int) -> Bounds:
        """What follows without a search: from coherences (see ``BabelBound``), and from other k.

        α_k grows with k, and the k largest entries hold at most k / j times what the j < k largest do.
        """
        found = self._null_space.get(k, Bounds(0.0, 1.0))
        inside, outside = self.babel(k - 1).upper, self.babel(k).upper
        if inside < 1 and self.unevenness < float("inf"):
            q = self.unevenness * outside / (1 - inside)
            found = tighter(found, Bounds(0.0, q / (1 + q) + self.slack, method="Babel function"))
        for j, other in self._null_space.items():
            if j != k:
                high = other.upper * max(1.0, k / j)
                low = other.lower if j < k else 0.0
                found = tighter(
                    found, Bounds(low, max(low, min(1.0, high)), other.witness if low else None, other.method)
                )
        return found

    def _looks(self) -> Iterator[float | None]:
        """The seconds of a short look and of a long one."""
        if not self.budget.spent():
            long = self.seconds
            yield GLANCE if long is None else min(GLANCE, long)
            if not self.budget.spent():
                yield self.seconds

    def _heeded(self, stopped: str) -> str:
        """Why a search ended early; Ctrl-C in one search ends all."""
        if "keyboard" in stopped:
            self.budget.stop(stopped)
        return stopped

    def _noted(self, found: Bounds) -> Bounds:
        """Bounds that leave a question open say why, if it was for lack of time."""
        return replace(found, stopped=found.stopped or self.budget.stopped)

    @property
    def seconds(self) -> float | None:
        """What one search may take."""
        left = self.budget.left()
        return None if left == float("inf") else left * self._share

    def _known(self, order: int, unit: bool) -> IsometryBounds:
        """What follows without a search: from other orders, from Gershgorin's circles and from the factors of a product."""
        if order > self.shape[0] or self.dead.size:
            return free(order, 1.0, "a zero column" if self.dead.size else "more columns than rows")
        found = self._isometry.get((order, unit)) or free(order)
        for (q, of_unit), other in self._isometry.items():
            if of_unit == unit and q != order:
                found = both(found, carried(other, order))
        if unit and (order, unit) not in self._isometry:
            reach = self.babel(order - 1).upper + self.slack
            circles = Bounds(0.0, min(reach, 1.0), method="Gershgorin"), Bounds(0.0, reach, method="Gershgorin")
            found = both(found, IsometryBounds(order, *circles))
            found = both(found, self.of_factors(order))
        return self._kept(order, unit, found)

    def _kept(self, order: int, unit: bool, found: IsometryBounds) -> IsometryBounds:
        before = self._isometry.get((order, unit))
        self._isometry[order, unit] = found if before is None else both(before, found)
        return self._isometry[order, unit]


def _at_length_one(operator: Operator, longest: float) -> Operator:
    """The operator with its longest column at length one, in double precision if it is an array."""
    if isinstance(operator, Dense):
        wide = operator.matrix.astype(np.result_type(operator.dtype, np.float64), copy=False)
        return Dense(wide / longest) if longest > 0 else Dense(wide)
    if longest == 0 or longest == 1:
        return operator
    with np.errstate(over="ignore"):
        factor = min(1 / longest, float(np.finfo(operator.dtype).max))
    return Scaled(operator, np.full(operator.shape[1], factor))


def decided(value: Bounds, threshold: float, slack: float) -> bool | None:
    """Whether a value lies below a threshold by more than rounding; None if its bounds do not tell."""
    bar = threshold - slack * max(1.0, abs(threshold))
    if value.upper <= bar:
        return True
    return False if value.lower > bar else None
