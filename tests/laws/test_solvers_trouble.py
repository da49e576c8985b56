"""What is normal in Jacobians is no trouble: zero and twin columns, lost rank, ten decades of norms, y = 0."""

from __future__ import annotations

import numpy as np
import pylops
import pytest
from laws.solver_cases import CASES, CONVEX, Case, distance, over, planted
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.problems.problem import Problem
from sparsecs.solvers._penalized import Penalized
from sparsecs.solvers.iht import IHT
from sparsecs.solvers.omp import OMP
from sparsecs.solvers.result import Result, Status
from sparsecs.solvers.solve import solve


def sound(result: Result, A: np.ndarray, y: np.ndarray) -> bool:
    """Finite, with a status that is true and the residual that belongs to the answer."""
    assert np.isfinite(result.x).all()
    assert np.isfinite(result.residual).all()
    assert isinstance(result.status, Status)
    scale = np.abs(y).max() + (np.abs(A) @ np.abs(result.x)).max()
    assert np.abs(y - A @ result.x - result.residual).max() <= 1e-12 * scale
    if result.status in (Status.SOLVED, Status.STALLED, Status.ALL_CHOSEN, Status.DEPENDENT):
        assert np.abs(result.residual).max() <= 1e3 * np.abs(y).max(), "an answer that ran away is no fixed point"
    if result.status is Status.SOLVED:
        assert np.linalg.norm(result.residual) <= 1e-7 * np.linalg.norm(y)
    if result.status is Status.OPTIMAL:
        assert result.certificate is not None
        assert result.certificate.relative_gap <= 1e-7
    return True


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@over(CASES)
def test_y_of_zeros_gives_x_of_zeros(case: Case, dtype: type) -> None:
    A, _, y = planted(dtype=dtype)
    for door in (A, aslinearoperator(A)):
        result = case.ask(door, 0 * y, 4)
        assert result.status is Status.ZERO
        assert not result.x.any()
        assert not result.residual.any()
        assert result.support.size == 0
        assert result.x.dtype == result.residual.dtype == dtype
        if case.convex:
            assert result.certificate.primal == result.certificate.dual == 0
            assert result.certificate.relative_gap == 0


@over(CASES)
def test_a_matrix_of_zeros_gives_x_of_zeros(case: Case) -> None:
    _, _, y = planted()
    result = case.ask(np.zeros((70, 80)), y, 4)
    assert not result.x.any()
    assert np.array_equal(result.residual, y)
    assert result.status in (Status.ZERO, Status.STALLED, Status.INFEASIBLE)


def test_omp_never_chooses_a_column_that_depends_on_others() -> None:
    A = stream(0, "A").standard_normal((20, 5)) @ stream(0, "B").standard_normal((5, 30))
    result = solve(A, stream(0, "y").standard_normal(20), OMP(), sparsity=15)
    assert result.status is Status.DEPENDENT
    assert result.support.size == 5
    assert np.abs(A.T @ result.residual).max() <= 1e-12 * np.abs(A).max() * 20


@over(CASES)
@pytest.mark.parametrize("k", [1, 70])
def test_the_smallest_and_the_largest_sparsity_are_answered(case: Case, k: int) -> None:
    A, _, y = planted()
    y = y + stream(0, "noise").standard_normal(70)
    result = case.limited(2000).ask(A, y, k)
    assert sound(result, A, y)
    if case.solver.needs_sparsity:
        assert 1 <= result.support.size <= k


@over(CASES)
@pytest.mark.parametrize("m", [100, 80, 30])
def test_tall_square_and_flat_matrices_are_answered(case: Case, m: int) -> None:
    A, _, y = planted(m)
    assert sound(case.limited(2000).ask(A, y, 4), A, y)


@over(CASES)
def test_an_operator_that_gives_its_input_back_is_no_trap(case: Case) -> None:
    y = np.zeros(6)
    y[[1, 4]] = 3.0, -2.0
    before = y.copy()
    result = case.ask(pylops.Identity(6), y, 2)
    assert np.array_equal(y, before)
    assert distance(result.x, case.ask(np.eye(6), y, 2).x) <= 1e-12


@over(CASES)
def test_a_y_that_the_precision_of_a_cannot_hold_is_refused(case: Case) -> None:
    with pytest.raises(ValueError, match="y "):
        case.ask(np.eye(4, dtype=np.float32), np.array([1e300, 0, 0, 1]), 1)


def test_a_group_without_members_is_refused_or_means_nothing() -> None:
    A, _, y = planted(20, 6, 2)
    for case in [case for case in CASES if case.groups]:
        expected = case.ask(A, y, 2, [[0, 1], [2, 3], [4, 5]]).x
        assert distance(case.ask(A, y, 2, [[0, 1], [], [2, 3], [4, 5]]).x, expected) <= 1e-12


def test_groups_that_overlap_or_leave_columns_out_are_refused() -> None:
    for groups, words in (
        ([[0, 1], [1, 2]], "twice|another"),
        ([[0, 0], [1, 2]], "twice"),
        ([[0], [1]], "Column 2 is in no group"),
        ([0, 1], "label each of the 3"),
        ([0.5, 1, 2], "whole number"),
        ([[0, 1], [2, 3]], "between 0 and 2"),
    ):
        with pytest.raises(ValueError, match=words):
            Problem(np.eye(3), np.ones(3), groups=groups)


@over(CONVEX)
def test_a_y_outside_the_range_of_a_is_named_or_fitted(case: Case) -> None:
    A = stream(0, "A").standard_normal((20, 6))
    y = stream(0, "y").standard_normal(20)
    result = case.ask(A, y, 3)
    if case.fits:
        assert result.status is Status.INFEASIBLE
        assert not result.status.reached
        assert result.certificate is not None
        assert result.certificate.infeasibility > 0.1
        assert distance(A @ result.x, A @ np.linalg.lstsq(A, y, rcond=None)[0]) <= 1e-6
    elif isinstance(case.solver, Penalized):
        assert result.status is Status.OPTIMAL
    else:  # a misfit is allowed, and may be too small for this y
        assert result.status in (Status.OPTIMAL, Status.INFEASIBLE)


def test_a_step_that_is_too_long_is_named_and_leaves_a_finite_answer() -> None:
    A, _, y = planted()
    result = solve(A + 10, y, IHT(step=100), sparsity=4)
    assert sound(result, A + 10, y)
    assert result.status is Status.DIVERGED
    assert "NormalizedIHT" in result.status.value
