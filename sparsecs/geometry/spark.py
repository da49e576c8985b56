r"""The spark: how many columns it takes until some of them can be dependent.

    spark(A) = min { ||x||_0 : A x = 0, x != 0 }

Every k-sparse x is the only one with its measurements A x if and only if 2 k < spark(A) (Donoho and Elad 2003). Lower bounds:
a dependent set of s + 1 columns has a row of inner products that sum to 1 at least (Gershgorin), so mu_1(s) >= 1. Upper bounds:
any circuit; rank + 1. In between all sets of one size after another are searched; or, where the null space has few dimensions,
all its vectors that vanish on as many columns as can be chosen. Finding it is NP-hard (Tillmann and Pfetsch 2014).
"""

from __future__ import annotations

from time import perf_counter
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import positive
from sparsecs.core.randomness import stream
from sparsecs.geometry._circuits import by_chance, by_reweighting, is_dependent
from sparsecs.geometry._pairs import unit_rows
from sparsecs.geometry._spark_search import (
    LITTLE,
    null_space_seconds,
    prepare,
    search_null_space,
    search_size,
    sizes_seconds,
)
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.coherence import babel
from sparsecs.geometry.identifiability import collinear_columns
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator

DENSE = 2**27  # bytes: what is factored at a time
SLACK = 1e-9  # sums of coherences, and directions of rows of the null space, are right to much less
UNUSED = 1e-10  # of a unit null vector, at a column that it does not need
FEW = 2048  # columns whose whole null space is formed
TRIES = 24  # random bases, before anything else
ALL_SETS, ALL_VECTORS = "search of all sets of columns", "search of all sparse null vectors"


def spark(A: Any, seconds: float | None = 30.0, tolerance: float | None = None) -> Bounds:
    """Bounds of the smallest number of dependent columns; infinite if all columns are independent.

    The witness is the smallest dependent set that was found: it attains the upper bound. The lower bound says that all smaller
    sets are independent. Both are exact if the search comes to its end, which it does for small matrices.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
        Of shape (m, n). Columns are normalised inside.
    seconds : float, optional
        How long to search; then what is proven so far comes back. None: as long as it takes.
    tolerance : float, optional
        Unit columns whose least singular value is no larger count as dependent; by default 100 √m rounding units. All that is
        said holds to this tolerance: columns that are dependent but for more than that count as independent.

    Raises
    ------
    ValueError
        If a column is not finite.

    References
    ----------
    Donoho and Elad, "Optimally sparse representation in general (nonorthogonal) dictionaries via l1 minimization" (2003).
    Tillmann and Pfetsch, "The computational complexity of the restricted isometry property, the nullspace property, and
    related concepts in compressed sensing" (2014).

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs import spark
    >>> hadamard = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
    >>> found = spark(np.hstack([np.eye(4), hadamard / 2]))
    >>> found.lower, found.upper, found.witness.size
    (4.0, 4.0, 4)
    """
    operator, budget = as_operator(A), Budget(seconds)
    unit = 100 * operator.shape[0] ** 0.5 * float(np.finfo(operator.dtype).eps)
    bar = unit if tolerance is None else positive(tolerance, "tolerance")
    norms = operator.column_norms()
    if not np.isfinite(norms).all():
        raise ValueError("Some columns of A are not finite; remove NaN and infinity from it first.")
    if (norms == 0).any():
        return Bounds(1.0, 1.0, np.flatnonzero(norms == 0)[:1], "a zero column")
    if norms.size == 1:
        return Bounds(np.inf, np.inf, None, "one column, and it is not zero")
    parallel = collinear_columns(operator, bar)
    if parallel:
        return Bounds(2.0, 2.0, parallel[0][:2], "two parallel columns")
    search = _Search(operator, bar, budget)
    with budget.watch():
        search.run()
    return Bounds(search.lower, search.upper, search.witness, search.method, budget.stopped)


class _Search:
    """What is known of the spark of an operator without zero and parallel columns, and the steps that tell more."""

    def __init__(self, operator: Operator, bar: float, budget: Budget) -> None:
        self.operator, self.bar, self.budget = operator, bar, budget
        self.lower, self.upper = 3.0, float(np.inf)
        self.witness: np.ndarray | None = None
        self.null: np.ndarray | None = None
        self.low_by, self.up_by = "no two columns are parallel", ""

    @property
    def done(self) -> bool:
        return self.lower >= self.upper or self.budget.spent()

    @property
    def method(self) -> str:
        if self.lower == self.upper and self.low_by == self.up_by:
            return self.low_by
        return "; ".join(filter(None, (f"lower: {self.low_by}", self.up_by and f"upper: {self.up_by}")))

    def raise_to(self, lower: float, how: str) -> None:
        if lower > self.lower:
            self.lower, self.low_by = float(lower), how

    def take(self, chosen: np.ndarray, how: str) -> None:
        """Note a dependent set of positions among ``self.kept``."""
        if chosen.size < self.upper or self.witness is None:
            self.upper, self.witness, self.up_by = float(chosen.size), np.sort(self.kept[chosen]), how

    def run(self) -> None:
        m, n = self.operator.shape
        kind = np.result_type(self.operator.dtype, np.float64)
        self.kept = np.arange(n)
        whole = n * m * kind.itemsize <= DENSE
        if not whole:
            few = min(n, m + 1, DENSE // (m * kind.itemsize))
            self.kept = np.sort(stream(0, "columns").choice(n, few, replace=False))
        self.U = unit_rows(self.operator, self.kept, kind)
        if whole:
            self._reduce()
        else:
            self.rank = int(np.count_nonzero(np.linalg.svd(self.U, compute_uv=False) > self.bar))
        if self.rank < self.kept.size:
            self.take(np.arange(self.rank + 1), "one more than the rank")
            for chosen in by_chance(self.U, self.rank, self.bar, TRIES, self.budget):
                self.take(chosen, "circuits through random bases")
                if self.done:
                    break
        if whole and not self.done:
            self._by_babel()
            self._by_null_space()
            self._by_size()
        elif not whole:
            self.budget.stop(
                f"the matrix takes more than {DENSE >> 20} MiB; only {self.kept.size} columns were looked at"
            )

    def _reduce(self) -> None:
        """The rank, and the null space; columns that no null vector uses are left out from here on."""
        n = self.kept.size
        values = np.linalg.svd(self.U, compute_uv=False)
        self.rank = int(np.count_nonzero(values > self.bar))
        if self.rank == n:
            self.lower = self.upper = np.inf
            self.low_by = self.up_by = "all columns are independent"
        elif n <= FEW:
            null = np.linalg.svd(self.U.T)[2][self.rank :].conj().T
            used = np.linalg.norm(null, axis=1) > UNUSED
            self.kept, self.U, self.null = self.kept[used], self.U[used], null[used]
            self.rank -= int(np.count_nonzero(~used))

    def _by_babel(self) -> None:
        """Dependent columns have a row of inner products that sum to one."""
        most = min(self.rank, self.kept.size - 1, 256)
        short = np.flatnonzero(babel(self.U.T, range(1, most + 1)) >= 1 - SLACK)
        self.raise_to(short[0] + 2 if short.size else most + 2, "the Babel function")

    def _by_null_space(self) -> None:
        """All null vectors, where these are few enough."""
        if self.null is None or self.done:
            return
        n, d = self.null.shape
        if d == 1:
            chosen, sure = np.arange(n), True
        elif d == 2:
            classes = collinear_columns((self.null / np.linalg.norm(self.null, axis=1)[:, None]).conj().T, SLACK)
            gone = max(classes, key=len, default=np.arange(1))
            chosen, sure = np.setdiff1d(np.arange(n), gone), True
        elif 2**n > LITTLE and null_space_seconds(n, d) < min(
            self.budget.left() / 2, sizes_seconds(n, self.lower, self.upper)
        ):
            chosen, sure = search_null_space(self.null, self.budget)
        else:
            return
        if is_dependent(self.U, chosen, self.bar):
            self.take(chosen, ALL_VECTORS)
            if sure and not self.budget.spent() and chosen.size == self.upper:
                self.raise_to(chosen.size, ALL_VECTORS)

    def _by_size(self) -> None:
        """Sets of one size after another; sparse null vectors are looked for before that takes long."""
        n, slower, sparse = self.kept.size, 1.0, False
        size = int(self.lower)
        while not self.done:
            expected = slower * sizes_seconds(n, size, size + 1)
            if not sparse and expected > 0.02 * self.budget.left():
                sparse = True
                self._by_reweighting()
                continue
            if expected > 4 * self.budget.left():
                self.budget.stop(f"all sets of {size} columns would take about {expected:.2g} s more")
                return
            prepare(self.U, size)
            start = perf_counter()
            chosen = search_size(self.U, size, self.bar, self.budget)
            took = perf_counter() - start
            slower = max(1.0, took / sizes_seconds(n, size, size + 1)) if took > 0.2 else 1.0
            if chosen is not None:
                self.take(chosen, ALL_SETS)
            elif self.budget.stopped:
                return
            self.raise_to(size if chosen is not None else size + 1, ALL_SETS)
            size = int(self.lower)

    def _by_reweighting(self) -> None:
        share = Budget(self.budget.left() / 4) if np.isfinite(self.budget.left()) else self.budget
        for chosen in by_reweighting(self.U, self.bar, share):
            self.take(chosen, "null vectors of small l1 norm")
            if self.done:
                return
