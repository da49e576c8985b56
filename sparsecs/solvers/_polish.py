r"""From an answer of eight digits to one that is exact: on its support, or by a few more steps of a method that converges there.

An interior-point method leaves no entry zero. With the l1 norm the support and the signs fix the answer in closed form; with
any other penalty accelerated proximal gradient steps make the zeros exact and square away the error.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sparsecs.geometry.spectrum import spectral_norm
from sparsecs.problems.problem import Problem
from sparsecs.solvers._few_rows import polished
from sparsecs.solvers._penalized import Terms, proof
from sparsecs.solvers._pieces import Pieces
from sparsecs.solvers._program import CORRELATIONS, MISFIT, Program
from sparsecs.solvers._root import of_misfit, of_ratio
from sparsecs.solvers._unit_columns import Columns

SMALL = (1e-6, 1e-8, 1e-4)  # what part of the largest entry is taken for zero; each is tried
STEPS = 3000

Pair = tuple[np.ndarray, np.ndarray | None]


def on_the_support(problem: Problem, program: Program, x: np.ndarray, direction: np.ndarray) -> Iterator[Pair]:
    """Pairs of x and a dual direction that agree with the support and the signs of x; real data only."""
    columns = Columns(problem, *program.penalty.bounds)
    norms = np.divide(1.0, columns.inverse, out=np.zeros(x.size), where=columns.live)
    u = x * norms
    if program.condition == CORRELATIONS:
        live = np.flatnonzero(columns.live)
        pair = u[live], (direction * norms)[live]
        u[live], mu = (
            polished(columns.part(live), columns.y, columns.v[live], program.level, *pair)[0],
            np.zeros(x.size),
        )
        mu[live] = polished(columns.part(live), columns.y, columns.v[live], program.level, *pair)[1]
        yield columns.plain(u), columns.plain(mu)
        return
    for small in SMALL:
        pieces = Pieces(columns)
        if not pieces.place(u, small):
            continue
        if program.condition == MISFIT and program.level == 0:
            yield pieces.coefficients(0.0), pieces.nearest(direction)
            continue
        lam = (of_misfit if program.condition == MISFIT else of_ratio)(pieces, program.level)
        if 0 < lam < np.inf:
            yield pieces.coefficients(lam), pieces.d + pieces.r0 / lam
        elif lam == 0:
            yield pieces.coefficients(0.0), pieces.nearest(direction)


def without_dust(problem: Problem, program: Program, x: np.ndarray, direction: np.ndarray) -> Iterator[Pair]:
    """x without its smallest entries, fitted anew where A x = y is asked for; for complex data too."""
    for small in SMALL:
        kept = np.abs(x) > small * np.abs(x).max(initial=0)
        cleared = np.where(kept, x, 0)
        if program.condition == MISFIT and program.level == 0 and kept.any():
            part = problem.operator.columns(np.flatnonzero(kept))
            cleared[kept] = np.linalg.lstsq(
                part.astype(direction.dtype), problem.y.astype(direction.dtype), rcond=None
            )[0]
        yield cleared, direction


def of_the_lasso(problem: Problem, terms: Terms, bounds: tuple[float, float], x: np.ndarray) -> Iterator[Pair]:
    """The LASSO's answer with the support and the signs of x; real data only."""
    columns = Columns(problem, *bounds)
    u = np.divide(x, columns.inverse, out=np.zeros(x.size), where=columns.live)
    for small in SMALL:
        pieces = Pieces(columns)
        if pieces.place(u, small):
            yield pieces.coefficients(terms.weight), terms.weight * pieces.d + pieces.r0


def by_steps(problem: Problem, terms: Terms, x: np.ndarray, tolerance: float) -> Iterator[Pair]:
    """Answers of accelerated proximal gradient steps from x on, with restarts, until the gap is within the tolerance."""
    A, y, (loss, penalty, weight) = problem.operator, problem.y, terms
    own = {"groups": problem.groups, "weights": problem.weights}
    L = 1.02 * loss.smoothness * spectral_norm(A, steps=30) ** 2
    if L == 0:
        return
    x, z, t = x.astype(y.dtype), x.astype(y.dtype), 1.0
    for step in range(STEPS):
        moved = penalty.prox(z - (A.H @ loss.gradient(A @ z, y)) / L, 1 / L, weight, **own).astype(y.dtype)
        if np.vdot(z - moved, moved - x).real > 0:
            t = 1.0
        grown = 0.5 * (1 + np.sqrt(1 + 4 * t * t))
        z, x, t = moved + ((t - 1) / grown) * (moved - x), moved, grown
        z = z.astype(y.dtype)
        if step % 10 == 9:
            direction = -loss.gradient(A @ x, y)
            yield x, direction
            if proof(problem, terms, x, A @ x, direction, A.H @ direction, "").relative_gap <= tolerance:
                return
