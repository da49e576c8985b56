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
WIDEST = 256  # terms of the Babel function that are summed one by one
EVEN = 1e-12  # relative differences of column norms that are rounding


class Measured:
    """A matrix with what is known of it so far.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    seconds : float or None
        For all searches together.
    """

    def __init__(self, A: Any, seconds: float | None = 30.0) -> None:
        self.given = as_operator(A)
        self.budget, self._turn, self._share = Budget(seconds), Budget(), 1.0
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
        self._given: dict[Any, float] = {}  # the most seconds that a search had; infinite if it came to its end
        self._spark = Bounds(1.0, float("inf"))

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

    def turn(self, among: int) -> None:
        """Let each of so many theorems have an equal part of the time that is left, and one search half of that."""
        left = self.budget.left()
        self._turn, self._share = Budget(None if left == float("inf") else left / among), 0.5

    def delta(self, order: int, unit: bool, bar: float) -> Bounds:
        """δ of an order after the best scaling; the search ends as soon as it is on one side of a bar."""
        return self.noted(best_scaled(self.isometry(order, unit, bar)), bar)

    def isometry(self, order: int, unit: bool, bar: float) -> IsometryBounds:
        """Bounds of L and U of an order, of unit columns or of A with its longest column at length one, as for ``delta``."""
        order, unit = min(order, self.shape[1]), unit or self.even
        found = self._known(order, unit)
        for seconds in self._looks((order, unit)):
            if decided(best_scaled(found), bar, self.slack) is not None:
                break
            new = restricted_isometry(self.operator, order, normalize=unit, seconds=seconds)
            self._heed((order, unit), seconds, new.L.stopped or new.U.stopped)
            found = self._kept(order, unit, new)
        return found

    def noted(self, found: Bounds, bar: float) -> Bounds:
        """Bounds that leave a question open say why, if it was for lack of time."""
        if found.stopped or decided(found, bar, self.slack) is not None:
            return found
        late = self._turn.spent() or self.budget.spent()
        return replace(found, stopped=self.budget.stopped or "its part of the time is spent") if late else found

    def of_factors(self, order: int) -> IsometryBounds:
        """What the factors of a product say of an order of its unit columns; nothing, if A is no product."""
        if order not in self._products:
            self._products[order] = product_isometry(self.given, order, self.seconds) or free(order)
        return self._products[order]

    def null_space(self, k: int, bar: float) -> Bounds:
        """Bounds of the null space constant α_k, found as for ``delta``."""
        found = self._free_null_space(k)
        for seconds in self._looks(k):
            if decided(found, bar, self.slack) is not None:
                break
            new = null_space_constant(self.operator, k, seconds=seconds)
            self._heed(k, seconds, new.stopped)
            found = self._null_space[k] = replace(tighter(found, new), stopped=new.stopped)
        return self.noted(found, bar)

    def spark(self, needed: int) -> Bounds:
        """Bounds of the spark; the search ends as soon as it is known to be above what is needed, or not to be."""
        if (
            needed >= self._spark.lower and self.babel(needed - 1).upper < 1 - self.slack
        ):  # fewer cannot depend: Gershgorin
            self._spark = tighter(
                self._spark, Bounds(needed + 1.0, max(needed + 1.0, self._spark.upper), method="Babel")
            )
        for seconds in self._looks("spark"):
            if self._spark.lower > needed or self._spark.upper <= needed:
                break
            new = spark(self.operator, seconds=seconds)
            self._heed("spark", seconds, new.stopped)
            self._spark = replace(tighter(self._spark, new), stopped=new.stopped)
        return self._spark

    def learn(self, order: int, found: IsometryBounds | Bounds) -> None:
        """Take in what was found elsewhere of this matrix: isometry constants of unit columns, or a null space constant."""
        if isinstance(found, IsometryBounds):
            self._kept(order, True, found)
        else:
            self._null_space[order] = tighter(self._null_space.get(order, Bounds(0.0, 1.0)), found)

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

    def _looks(self, what: Any) -> Iterator[float | None]:
        """The seconds of a short look and of a long one, unless a search had almost as many before."""
        for most in (GLANCE, float("inf")):
            left = self.seconds
            seconds = most if left is None else min(most, left)
            if self.budget.spent() or self._turn.spent() or seconds <= 1.5 * self._given.get(what, 0.0):
                continue
            yield None if seconds == float("inf") else seconds

    def _heed(self, what: Any, seconds: float | None, stopped: str) -> None:
        """Note how long a search had; Ctrl-C in one search ends all."""
        self._given[what] = float("inf") if seconds is None or not stopped else seconds
        if "keyboard" in stopped:
            self.budget.stop(stopped)

    @property
    def seconds(self) -> float | None:
        """What one search may take."""
        left = min(self.budget.left(), self._turn.left())
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
