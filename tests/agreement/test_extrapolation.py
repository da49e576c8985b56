"""Dual points extrapolated from residuals prove more near the end of a descent, and never less."""

from __future__ import annotations

import numpy as np

from sparsecs import Lasso, Problem, ProximalGradient, Squared, solve, stream
from sparsecs.penalties.l1 import L1
from sparsecs.solvers._extrapolation import KEPT, Extrapolation
from sparsecs.solvers._penalized import Terms, proof


def test_it_sees_where_residuals_are_going_long_before_they_are_there() -> None:
    rng = stream(0, "extrapolation")
    A, y = rng.standard_normal((30, 60)), rng.standard_normal(30)
    weight = 0.2 * float(np.abs(A.T @ y).max())
    terms, problem = Terms(Squared(), L1(), weight), Problem(A, y)
    best = solve(A, y, Lasso(weight=weight, tolerance=1e-12)).x
    start = solve(A, y, ProximalGradient(weight=weight, accelerated=False, max_iterations=200)).x - best
    past, plain, extrapolated = Extrapolation(problem, terms), [], []
    for step in range(2 * KEPT):  # steps along a line, each half as long as the one before
        z = best + 0.5**step * 100 * start
        residual = y - A @ z
        image = A.T @ residual
        gap = proof(problem, terms, z, A @ z, residual, image, "").relative_gap
        found, direction = past.better(z, A @ z, residual, image, gap)
        plain.append(gap)
        extrapolated.append(found)
        assert found <= gap
        if found < gap:
            again = proof(problem, terms, z, A @ z, direction, A.T @ direction, "").relative_gap
            assert abs(again - found) <= 1e-9
    assert extrapolated[: KEPT - 1] == plain[: KEPT - 1]
    assert min(e / p for e, p in zip(extrapolated[KEPT:], plain[KEPT:], strict=True)) < 0.5
