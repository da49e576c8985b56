"""What is claimed of an answer where there are limits, uneven columns or nearly parallel ones, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import lsq_linear

from sparsecs import (
    IRLS,
    L1,
    BasisPursuit,
    BasisPursuitDenoising,
    DantzigSelector,
    Lasso,
    Reference,
    ReweightedL1,
    Solver,
    SquareRootLasso,
    Status,
    solve,
)

LIMITED: list[Callable[..., Any]] = [Lasso, BasisPursuit, BasisPursuitDenoising, SquareRootLasso]
SINGLE = np.eye(2, dtype=np.float32)


@pytest.mark.parametrize(
    ("solver", "first"),
    [
        (Lasso(weight=0.001, upper=0.1), 0.11),
        (BasisPursuit(upper=0.1), 0.1),
        (SquareRootLasso(upper=0.1), 0.11),
        (BasisPursuitDenoising(upper=0.1), 0.11),
    ],
    ids=repr,
)
@pytest.mark.parametrize("sign", [1, -1])
def test_single_precision_keeps_to_limits_that_it_cannot_hold(solver: Any, first: float, sign: int) -> None:
    if sign < 0:
        solver = type(solver)(**({"weight": solver.weight} if isinstance(solver, Lasso) else {}), lower=-0.1)
    out = solve(SINGLE, sign * np.array([first, 0.05], np.float32), solver)
    assert out.x.dtype == np.float32
    assert (np.abs(out.x.astype(np.float64)) <= 0.1).all()
    assert out.status is Status.OPTIMAL
    assert np.isfinite(out.certificate.primal)
    assert abs(out.certificate.relative_gap) <= 128 * np.finfo(np.float32).eps


@pytest.mark.parametrize("limit", [1e-50, 1e300])
def test_limits_out_of_the_range_of_single_precision(limit: float) -> None:
    x = L1(upper=limit).prox(np.array([2, -3], np.float32), 1.0)
    assert np.isfinite(x).all()
    assert (x.astype(np.float64) <= limit).all()


@pytest.mark.parametrize("seed", [3, 17, 64, 101])
def test_nonnegative_pursuit_does_not_deny_an_x_that_there_is(seed: int) -> None:
    rng = np.random.default_rng(seed)
    A = rng.standard_normal((4, 5)).astype(np.float32)
    out = solve(A, A @ np.array([1, 2, 0, 0, 0], np.float32), BasisPursuit(lower=0))
    assert out.status is not Status.INFEASIBLE
    assert (out.x >= 0).all()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("make", [BasisPursuit, BasisPursuitDenoising])
def test_where_no_x_within_limits_will_do_the_closest_is_given(make: Callable[..., Solver], seed: int) -> None:
    rng = np.random.default_rng(seed)
    A, y = rng.standard_normal((8, 12)) * np.logspace(0, 3, 12), rng.standard_normal(8)
    out = solve(A, y, make(lower=-1e-4, upper=1e-4))
    x = lsq_linear(A, y, (-1e-4, 1e-4), method="bvls").x
    assert out.status is Status.INFEASIBLE
    assert np.abs(out.x).max() <= 1e-4
    assert np.linalg.norm(y - A @ out.x) <= (1 + 1e-10) * np.linalg.norm(y - A @ x)


@pytest.mark.parametrize("p", [0.5, 1.0])
def test_short_columns_count_for_the_rank(p: float) -> None:
    out = solve(np.diag([1e7, 1]).astype(np.float32), np.array([1, 1], np.float32), IRLS(p=p))
    assert out.status.reached
    assert np.allclose(out.x, [1e-7, 1], rtol=1e-6, atol=0)


@pytest.mark.parametrize(
    "solver",
    [BasisPursuit(), IRLS(), IRLS(p=1), ReweightedL1(), *(BasisPursuitDenoising(sigma=s) for s in (0.0, 1e-12))],
    ids=repr,
)
@pytest.mark.parametrize("apart", [1e-9, 1e-11])
def test_nearly_parallel_columns_are_no_proof_that_nothing_fits(solver: Solver, apart: float) -> None:
    out = solve([[1, 1], [0, apart]], [1.0, 1.0], solver)
    assert out.status is not Status.INFEASIBLE
    assert out.status is not Status.DIVERGED


@pytest.mark.parametrize("p", [0.5, 1.0])
def test_what_least_squares_explain_is_not_denied(p: float) -> None:
    assert solve(np.diag([1.0, 1e-12]), [1.0, 1.0], IRLS(p=p)).status is not Status.INFEASIBLE
    assert solve(np.ones((2, 1)), [1.0, 2.0], IRLS(p=p)).status is Status.INFEASIBLE


def test_zero_within_limits_is_proven() -> None:
    rng = np.random.default_rng(1)
    A, y = rng.standard_normal((8, 12)), rng.standard_normal(8)
    for limits in ({"upper": 0.5}, {"lower": -0.5, "upper": 0.5}):
        for scale in (1e-3, 1.0, 1e3):
            out = solve(A, scale * y, SquareRootLasso(weight=1.5 * float(np.abs(A.T @ y).max()), **limits))
            assert out.status is Status.ZERO
            assert out.certificate.relative_gap <= 1e-12


@pytest.mark.parametrize("make", [*LIMITED, L1])
def test_limits_that_make_no_sense_are_refused_in_words(make: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="lower < upper"):
        make(lower=0, upper=0)
    for wrong in (np.zeros(12), [0], "0"):
        with pytest.raises(TypeError, match="lower must be one number, or None"):
            make(lower=wrong)
        with pytest.raises(TypeError, match="upper must be one number, or None"):
            make(upper=wrong)


@pytest.mark.parametrize("make", LIMITED)
@pytest.mark.filterwarnings("ignore:overflow")  # the norm of such a residual
def test_limits_may_underflow_in_the_units_of_the_problem(make: Callable[..., Solver]) -> None:
    rng = np.random.default_rng(1)
    A, y = rng.standard_normal((8, 12)), rng.standard_normal(8)
    out = solve(A * 1e-100, y * 1e200, make(lower=0, upper=1e-300))
    assert (out.x >= 0).all()
    assert (out.x <= 1e-300).all()


@pytest.mark.parametrize("solver", [DantzigSelector(), BasisPursuitDenoising(), BasisPursuit(), SquareRootLasso()])
def test_reference_where_no_column_may_be_used(solver: Solver) -> None:
    rng = np.random.default_rng(1)
    out = solve(rng.standard_normal((8, 12)), rng.standard_normal(8), Reference(solver), weights=np.full(12, np.inf))
    impossible = isinstance(solver, (BasisPursuit, BasisPursuitDenoising))
    assert not out.x.any()
    assert (out.status is Status.INFEASIBLE) == impossible
    assert out.status.reached != impossible
