"""Laws of scale and order: units, signs and the order of columns and rows mean nothing to a solver."""

from __future__ import annotations

from typing import Any

import numpy as np

from sparsecs.core.randomness import stream
from sparsecs.testing._asked import SAME, Asked, demand_same, distance
from sparsecs.testing._laws import Law, demand

EVERYDAY, EXTREME = (1e-8, 1e8, -3.0), (1e-290, 1e-160, 1e160, 1e290)
TOGETHER = (1e-300, 1e-150, 1e150, 1e300)
SINGLE = (1e-36, 1e-20, 1e20, 1e36)


def c_times_y(asked: Asked) -> None:
    """c y is answered by c x, for every c that a number can hold."""
    if not asked.solver.scales:
        return
    A, _, y = asked.easy()
    first = asked.ask(A, y)
    for c in EVERYDAY + EXTREME:
        scaled = asked.ask(A, c * y)
        demand_same(scaled, first, scaled.x / c, f"for {c:g} y, divided by {c:g},")
        if asked.fits_squares:
            gap = float(np.abs(scaled.residual / c - (y - A @ (scaled.x / c))).max())
            demand(gap <= 1e-13 * np.abs(y).max(), f"for {c:g} y the residual is not y - A x: {gap:.2g} apart.")


def iterates_of_c_times_y(asked: Asked) -> None:
    """Who steps by hand sees no units either: the iterates for c y are c times those for y. No tolerance is absolute."""
    if not asked.solver.scales:
        return
    A, _, y = asked.easy()
    first = asked.steps(A, y)
    for c in EVERYDAY:
        scaled = [x / c for x in asked.steps(A, c * y)]
        demand(len(scaled) == len(first), f"for {c:g} y there are {len(scaled)} of {len(first)} iterates.")
        for number, (one, other) in enumerate(zip(scaled, first, strict=True)):
            apart = distance(one, other)
            demand(apart <= SAME, f"for {c:g} y iterate {number}, divided by {c:g}, is another: {apart:.2g} apart.")


def c_times_A(asked: Asked) -> None:
    """c A is answered by x / c, for every c that a number can hold, as an array, a sparse matrix and an operator."""
    import scipy.sparse
    from scipy.sparse.linalg import aslinearoperator

    A, _, y = asked.easy()
    first = asked.ask(A, y)
    doors: dict[str, Any] = {"array": np.asarray, "sparse": scipy.sparse.csc_array, "operator": aslinearoperator}
    for c in EVERYDAY + EXTREME:
        for name, door in doors.items():
            scaled = asked.ask(door(c * A), y)
            demand_same(scaled, first, scaled.x * c, f"for {c:g} A ({name}), multiplied by {c:g},")


def c_times_both(asked: Asked) -> None:
    """c A and c y are answered by the same x."""
    if not asked.solver.scales:
        return
    A, _, y = asked.easy()
    first = asked.ask(A, y)
    for c in TOGETHER:
        scaled = asked.ask(c * A, c * y)
        demand_same(scaled, first, scaled.x, f"for {c:g} A and {c:g} y")


def c_in_single_precision(asked: Asked) -> None:
    """In single precision c y is answered by c x too, and c A by x / c."""
    if not asked.solver.scales:
        return
    A, _, y = asked.easy()
    A, y = A.astype(np.float32), y.astype(np.float32)
    first = asked.ask(A, y)
    for c in SINGLE:
        by_y, by_matrix = asked.ask(A, np.float32(c) * y), asked.ask(np.float32(c) * A, y)
        for scaled, factor, what in ((by_y, 1 / c, "y"), (by_matrix, c, "A")):
            demand(scaled.x.dtype == np.float32, f"for {c:g} {what} in float32 x is {scaled.x.dtype}.")
            apart = distance(scaled.x.astype(float) * factor, first.x)
            demand(apart <= 2e-4, f"for {c:g} {what} in float32 x is another: {apart:.2g} apart.")


def order_of_columns(asked: Asked) -> None:
    """The columns in another order have the same coefficients in that order."""
    A, _, y = asked.easy()
    n = A.shape[1]
    order, labels = stream(0, "order").permutation(n), np.arange(n) // 2
    first, other = asked.ask(A, y, labels=labels), asked.ask(A[:, order], y, labels=labels[order])
    back = np.empty_like(other.x)
    back[order] = other.x
    demand_same(other, first, back, "for the columns in another order")


def order_of_rows(asked: Asked) -> None:
    """The order of the measurements means nothing."""
    A, _, y = asked.easy()
    order = stream(0, "order").permutation(y.size)
    apart = distance(asked.ask(A[order], y[order]).x, asked.ask(A, y).x)
    demand(apart <= SAME, f"for the rows in another order x is another: {apart:.2g} apart.")


def signs_of_columns(asked: Asked) -> None:
    """Columns with other signs have coefficients with other signs."""
    A, _, y = asked.easy()
    signs = stream(0, "signs").choice([-1.0, 1.0], A.shape[1])
    first, other = asked.ask(A, y), asked.ask(A * signs, y)
    demand_same(other, first, other.x * signs, "for columns with other signs, with these signs,")


LAWS: tuple[Law, ...] = (
    c_times_y,
    iterates_of_c_times_y,
    c_times_A,
    c_times_both,
    c_in_single_precision,
    order_of_columns,
    order_of_rows,
    signs_of_columns,
)
