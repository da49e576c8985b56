"""What can be said of a matrix before anything is solved: its geometry, a figure at a time, each with what it is.

Cheap and exact figures come first, searches later. Each search gets its share of the time that is left, so the whole ends on
time; what is not known by then is told as bounds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sparsecs.core.budget import Budget
from sparsecs.core.checks import whole_number
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.coherence import babel, coherent_pair
from sparsecs.geometry.coherence_profile import coherence_profile
from sparsecs.geometry.identifiability import collinear_columns, dead_columns
from sparsecs.geometry.isometry_bounds import IsometryBounds
from sparsecs.geometry.null_space_constant import null_space_constant
from sparsecs.geometry.restricted_isometry import restricted_isometry
from sparsecs.geometry.spark import spark
from sparsecs.geometry.spectrum import numerical_rank, spectral_norm
from sparsecs.geometry.welch_bound import welch_bound
from sparsecs.operators.base import Operator
from sparsecs.operators.door import as_operator


@dataclass(frozen=True, eq=False)
class Finding:
    """One figure of a matrix, in words.

    Parameters
    ----------
    name, value : str
    standing : str
        What the figure is: exact, or between bounds; and why a search ended early.
    seconds : float
        How long it took.
    order : int
        Of an isometry or null space constant.
    figure : IsometryBounds or Bounds, optional
        Where a search found it.
    """

    name: str
    value: str
    standing: str
    seconds: float = 0.0
    order: int = 0
    figure: IsometryBounds | Bounds | None = None

    @property
    def interrupted(self) -> bool:
        """Whether somebody pressed Ctrl-C while it was looked for."""
        figures = (self.figure.L, self.figure.U) if isinstance(self.figure, IsometryBounds) else (self.figure,)
        return any(figure is not None and "keyboard" in figure.stopped for figure in figures)


def inspected(A: Any, seconds: float | None = 30.0, orders: int = 4) -> Iterator[tuple[int, int, list[Finding]]]:
    """Findings as they come: how many steps are done, of how many, and what the last one found.

    Ctrl-C in a search ends it, and the inspection with it; the bounds that it had by then are still a finding.

    Parameters
    ----------
    A : anything that ``as_operator`` takes
    seconds : float or None
        For all searches together.
    orders : int
        Isometry and null space constants are looked for up to this order.

    Examples
    --------
    >>> import numpy as np
    >>> from sparsecs.inspection import inspected
    >>> for done, steps, findings in inspected(np.hstack([np.eye(4), np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2])):
    ...     for found in findings:
    ...         if found.name == "spark":
    ...             print(found.value, found.standing)
    4 exact
    """
    operator, budget = as_operator(A), Budget(seconds)
    n = operator.shape[1]
    whole_number(orders, "orders", 1)
    most = min(orders, n)
    quick: list[Callable[[Operator], list[Finding]]] = [_size, _columns, _spectrum, _alike]
    searches: list[Callable[[Operator, float | None], list[Finding]]] = [_spark]
    searches += [_isometry(k) for k in range(2, most + 1)]
    searches += [_null_space(k) for k in range(1, most + 1)]
    steps, done = len(quick) + len(searches), 0
    for step in quick:
        yield done + 1, steps, _timed(step, operator)
        done += 1
    for search in searches:
        share = None if seconds is None else budget.left() / (steps - done)
        found = _timed(search, operator, share)
        yield done + 1, steps, found
        done += 1
        if any(one.interrupted for one in found):
            return


def _timed(step: Callable[..., list[Finding]], *given: Any) -> list[Finding]:
    start = time.perf_counter()
    found = step(*given)
    took = time.perf_counter() - start
    return [replace(one, seconds=took / len(found)) for one in found]


def _size(operator: Operator) -> list[Finding]:
    m, n = operator.shape
    kind = f"{type(operator).__name__}, {operator.dtype}, {operator.nbytes / 1e6:.3g} MB"
    return [Finding("rows × columns (m × n)", f"{m} × {n}", kind)]


def _columns(operator: Operator) -> list[Finding]:
    norms = operator.column_norms()
    dead, classes = dead_columns(operator), collinear_columns(operator)
    live = norms[norms > 0]
    span = f"{live.min():.4g} to {live.max():.4g}" if live.size else "all zero"
    return [
        Finding("column norms", span, "exact"),
        Finding("zero columns", _listed(dead), "exact"),
        Finding("classes of parallel columns", _listed([_listed(found) for found in classes]), "to rounding"),
    ]


def _spectrum(operator: Operator) -> list[Finding]:
    rank, norm = numerical_rank(operator), spectral_norm(operator)
    return [
        Finding("numerical rank", str(rank), "to rounding"),
        Finding("largest singular value", f"{norm:.6g}", "exact" if min(operator.shape) <= 24 else "lower bound"),
    ]


def _alike(operator: Operator) -> list[Finding]:
    live = int(np.count_nonzero(operator.column_norms() > 0))
    if live < 2:
        return [Finding("coherence", "none", f"{live} of the columns are not zero; it compares two")]
    profile, (i, j) = coherence_profile(operator), coherent_pair(operator)
    curve = babel(operator, range(1, min(live - 1, 5) + 1))
    welch = welch_bound(operator.shape[0], live)
    spread = ", ".join(f"{level:.0%}: {value:.3f}" for level, value in profile.quantiles.items())
    return [
        Finding("coherence μ", f"{profile.largest:.6f}", f"exact, columns {i} and {j}; Welch bound {welch:.6f}"),
        Finding("mean and rms of |cos|", f"{profile.mean:.4f}, {profile.rms:.4f}", f"exact; quantiles {spread}"),
        Finding("Babel function μ₁(1), μ₁(2), …", ", ".join(f"{value:.4f}" for value in curve), "exact"),
    ]


def _spark(operator: Operator, seconds: float | None) -> list[Finding]:
    found = spark(operator, seconds=seconds)
    return [Finding("spark", _between(found, ".0f"), _standing(found), figure=found)]


def _isometry(k: int) -> Callable[[Operator, float | None], list[Finding]]:
    def step(operator: Operator, seconds: float | None) -> list[Finding]:
        found = restricted_isometry(operator, k, normalize=True, seconds=seconds)
        names = ("L", found.L), ("U", found.U), ("δ", found.delta)
        return [
            Finding(f"{name}, order {k}, unit columns", _between(one), _standing(one), order=k, figure=found)
            for name, one in names
        ]

    return step


def _null_space(k: int) -> Callable[[Operator, float | None], list[Finding]]:
    def step(operator: Operator, seconds: float | None) -> list[Finding]:
        found = null_space_constant(operator, k, seconds=seconds)
        return [Finding(f"null space constant α, k = {k}", _between(found), _standing(found), order=k, figure=found)]

    return step


def _between(found: Bounds, digits: str = ".6f") -> str:
    if found.exact:
        return format(found.upper, digits)
    return f"{found.lower:{digits}} to {found.upper:{digits}}"


def _standing(found: Bounds) -> str:
    kind = "exact" if found.exact else "bounds"
    return f"{kind}; stopped early: {found.stopped}" if found.stopped and not found.exact else kind


def _listed(values: Any, most: int = 6) -> str:
    words = [str(value) for value in values]
    if not words:
        return "none"
    shown = ", ".join(words[:most]) + (", …" if len(words) > most else "")
    return f"{len(words)}: {shown}"
