"""The roads to an answer of basis pursuit, one after the other, and what they share.

Inside, every column is divided by its weight, so that all weights are 1; zero columns and those of infinite weight are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, partial
from typing import Any

import numpy as np

from sparsecs.operators.base import DENSE_LIMIT
from sparsecs.problems.problem import Problem
from sparsecs.solvers._complex_pursuit import complex_pursuit, cone_program
from sparsecs.solvers._few_columns import few_columns
from sparsecs.solvers._interior_point import solved
from sparsecs.solvers._linear_program import closest, linear_program
from sparsecs.solvers._newton_equations import equations

ROUNDING = 16 * float(np.finfo(np.float64).eps)
FIRST, MOST = 3, 20  # columns for each row: to begin with, and before it is given up, where A is too large to be formed
PROVEN = 1e-10  # the gap and the misfit at which a road ends

Pair = tuple[np.ndarray, np.ndarray]


class Question:
    """What can be known of a problem before y is looked at.

    Parameters
    ----------
    problem : Problem
    caps : tuple of float
        How far an entry of x may rise above, and fall below, zero.
    """

    def __init__(self, problem: Problem, caps: tuple[float, float]) -> None:
        self.operator = A = problem.operator
        self.kind = np.result_type(A.dtype, problem.y, np.float64)
        norms = A.column_norms()
        live = norms >= np.finfo(norms.dtype).tiny
        if problem.weights is not None:
            live &= np.isfinite(problem.weights)
        self.live = np.flatnonzero(live)
        self.weights = None if problem.weights is None else problem.weights[self.live]
        self.free = caps == (np.inf, np.inf)
        self.caps: np.ndarray = np.multiply.outer(
            np.asarray(caps), np.ones(self.live.size) if self.weights is None else self.weights
        )

    @cached_property
    def matrix(self) -> np.ndarray | None:
        """The live columns in units of their weights, in double precision; None if that takes too much memory."""
        m, n = self.operator.shape
        if self.kind.itemsize * m * self.live.size > DENSE_LIMIT:
            return None
        held = self.operator.at_hand
        dense = self.operator.dense() if held is None else held
        part = (dense if self.live.size == n else dense[:, self.live]).astype(self.kind, copy=False)
        return part if self.weights is None else part / self.weights

    @cached_property
    def equations(self) -> Any:
        """What the interior-point method needs of A; None if the rows depend on each other, or nearly."""
        return None if self.matrix is None else equations(self.matrix)

    @cached_property
    def singular(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """U, s and V^T of the matrix, as many as its numerical rank."""
        if (A := self.matrix) is None:
            raise MemoryError("The matrix takes too much memory.")
        U, s, Vt = np.linalg.svd(A, full_matrices=False)
        rounding = max(A.shape) * float(np.finfo(self.operator.dtype).eps)
        rank = int(np.count_nonzero(s > rounding * s[0])) if s.size and s[0] > 0 else 0
        return U[:, :rank], s[:rank], Vt[:rank]

    def columns(self, chosen: np.ndarray) -> np.ndarray:
        """Some of the live columns, in units of their weights, in double precision."""
        part = self.operator.columns(self.live[chosen]).astype(self.kind, copy=False)
        return part if self.weights is None else part / self.weights[chosen]

    def correlations(self, nu: np.ndarray) -> np.ndarray:
        """Inner products with the live columns, in units of their weights."""
        found = self.operator.rmatvec(nu.astype(self.operator.dtype, copy=False)).astype(self.kind, copy=False)
        found = found if self.live.size == found.size else found[self.live]
        return found if self.weights is None else found / self.weights

    def whole(self, x: np.ndarray) -> np.ndarray:
        """x with an entry for every column of A, in its own units."""
        x = np.clip(x, -self.caps[1], self.caps[0]) if not self.free else x
        out = np.zeros(self.operator.shape[1], dtype=self.kind)
        out[self.live] = x if self.weights is None else x / self.weights
        return out

    def mending(self, y: np.ndarray, x: np.ndarray, residual: np.ndarray) -> float:
        """How much l1 norm it could cost to mend A x = y; none if no other y of this precision is closer to A x.

        Small residuals matter where rows of A almost depend on each other.
        """
        used = np.flatnonzero(x)
        sizes = np.abs(self.operator.columns(used)) @ np.abs(x[used]) + np.abs(y)
        if (np.abs(residual) <= ROUNDING * sizes).all() or self.matrix is None:
            return 0.0
        U, s, Vt = self.singular
        return float(np.abs(((residual @ U.conj()) / s) @ Vt.conj()).sum())


def proven(A: np.ndarray, y: np.ndarray, caps: np.ndarray, x: np.ndarray, nu: np.ndarray) -> bool:
    """Whether a pair, in inner units, is optimal with room to spare."""
    size, free = float(np.abs(x).sum()), bool(np.isinf(caps).all())
    if not free:
        inside = np.clip(x, -caps[1], caps[0])
        if np.abs(inside - x).max() > PROVEN * size:
            return False
        x = inside
    if not np.linalg.norm(A @ x - y) <= PROVEN * np.linalg.norm(y):
        return False
    slopes, gain = (nu.conj() @ A).conj(), float(np.vdot(nu, y).real)
    multiple, loss = best_multiple(slopes, gain, None if free else caps)
    return abs(size - multiple * gain + loss) <= PROVEN * size


def best_multiple(slopes: np.ndarray, gain: float, caps: np.ndarray | None) -> tuple[float, float]:
    """The t >= 0 for which t nu proves the most, and what the limits on x take from t <y, nu>.

    Parameters
    ----------
    slopes : (n,) array
        a_i^H nu / w_i.
    gain : float
        <y, nu>.
    caps : (2, n) array, optional
        w_i times how far x_i may rise above, and fall below, zero.
    """
    sizes = np.abs(slopes)
    if caps is None:
        top = float(sizes.max(initial=0))
        return (1 / top if top > 0 else 0.0), 0.0
    prices = np.where(slopes > 0, caps[0], caps[1])
    order = np.flatnonzero((sizes > 0) & (prices > 0))
    order = order[np.argsort(-sizes[order], kind="stable")]
    sizes, prices = sizes[order], prices[order]
    falls = np.cumsum(prices * sizes) >= gain
    if not gain > 0 or not falls.any():
        return 0.0, 0.0
    last = int(np.argmax(falls))
    multiple = 1 / float(sizes[last])
    return multiple, float((prices[:last] * (multiple * sizes[:last] - 1)).sum())


def roads(question: Question, y: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, str]]:
    """Pairs x, nu and how they were found, until the caller has what he wants."""
    y = y.astype(question.kind, copy=False)
    if question.live.size == 0:
        yield question.whole(np.zeros(0)), np.zeros_like(y), "no column can be used"
        return
    for find, name in ((_short, "homotopy on few columns"), (_plain, "interior point"), (_growing, "growing columns")):
        pair = find(question, y)
        if pair is not None:
            yield question.whole(pair[0]), pair[1], name
    A = question.matrix
    if A is None:
        return
    U, s, Vt = question.singular
    back, values = U / s, (y @ U.conj()) / s
    inside = U @ (values * s)

    def accept(x: np.ndarray, nu: np.ndarray) -> bool:
        return A is not None and proven(A, inside, question.caps, x, back @ nu)

    pair = interior(equations(Vt), Vt, values, question.caps, accept)
    if pair is not None:
        yield question.whole(pair[0]), back @ pair[1], "interior point on orthonormal rows"
    program = cone_program if question.kind.kind == "c" else linear_program
    for rows, right, name in ((A, y, ""), (Vt, values, " on orthonormal rows")):
        pair = program(rows, right, question.caps)
        if pair is not None:
            nu = back @ pair[1] if name else pair[1]
            yield question.whole(pair[0]), nu, ("HiGHS" if program is linear_program else "Clarabel") + name
    if not question.free:
        yield question.whole(closest(A, y, question.caps)), np.zeros_like(y), "least squares in the limits"


def _short(question: Question, y: np.ndarray) -> Pair | None:
    return few_columns(question, y) if question.free and question.kind.kind == "f" else None


def _plain(question: Question, y: np.ndarray) -> Pair | None:
    A = question.matrix
    if A is None:
        return None
    return interior(question.equations, A, y, question.caps, partial(proven, A, y, question.caps))


def _growing(question: Question, y: np.ndarray) -> Pair | None:
    """Where the matrix is too large to be formed: the answer on some of its columns, until no other is missing."""
    if question.matrix is not None:
        return None
    scores = np.abs(question.correlations(y))
    chosen = np.argsort(-scores, kind="stable")[: FIRST * y.size]
    while chosen.size <= MOST * y.size:
        part, caps = question.columns(chosen), question.caps[:, chosen]
        pair = interior(equations(part), part, y, caps, partial(proven, part, y, caps))
        if pair is None:
            return None
        scores = np.abs(question.correlations(pair[1]))
        scores[chosen] = 0
        wrong = np.flatnonzero(scores > 1 + PROVEN)
        if wrong.size == 0:
            x = np.zeros(question.live.size, dtype=question.kind)
            x[chosen] = pair[0]
            return x, pair[1]
        chosen = np.concatenate([chosen, wrong[np.argsort(-scores[wrong], kind="stable")][: y.size]])
    return None


def interior(form: Any, A: np.ndarray, y: np.ndarray, caps: np.ndarray, accept: Any) -> Pair | None:
    """A pair by the interior-point method for the kind of numbers that there are."""
    if np.iscomplexobj(A):
        return complex_pursuit(A, y, accept)
    return solved(form, A, y, caps, accept)
