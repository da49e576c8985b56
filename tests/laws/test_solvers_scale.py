"""Units, signs and the order of columns mean nothing to any solver."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import scipy.sparse
from laws.solver_cases import CASES, FITTING, PENALIZED, Case, distance, over, planted
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.solvers.omp import OMP
from sparsecs.solvers.result import Status
from sparsecs.solvers.solve import solve

EVERYDAY, EXTREME = (1e-8, 1e8, -3.0), (1e-290, 1e-160, 1e160, 1e290)
SINGLE = (1e-36, 1e-20, 1e20, 1e36)
SAME = 1e-9  # the units change the last digits of the numbers, and nothing else
DOORS = {"array": np.asarray, "sparse": scipy.sparse.csc_array, "foreign": aslinearoperator}
doors = pytest.mark.parametrize("door", DOORS.values(), ids=list(DOORS))


@over(CASES)
def test_numbers_at_the_edge_of_the_range_are_answered(case: Case) -> None:
    A, y = np.eye(4), np.array([1.0, 1.0, 0.0, 0.0])
    first = case.ask(A, y, 2)
    edge = 4e307 if case.convex else 1.7e308  # an objective adds coefficients up
    for size in (edge, -edge, 1e-307):
        by_y, by_matrix = case.ask(A, size * y, 2), case.ask(size * A, y, 2)
        assert by_y.status == by_matrix.status == first.status
        assert distance(by_y.x / size, first.x) <= SAME
        assert distance(by_matrix.x * size, first.x) <= SAME


@over(CASES)
@pytest.mark.parametrize("sizes", [(1e200, 1e-200), (1e-200, 1e200)], ids=["below the range", "above the range"])
def test_an_answer_that_no_number_can_hold_is_rounded_or_refused_in_words(
    case: Case, sizes: tuple[float, float]
) -> None:
    A, _, y = planted()
    words = "An answer came back."
    try:
        assert not np.isnan(case.ask(sizes[0] * A, sizes[1] * y, 4).x).any()
    except ValueError as refusal:
        words = str(refusal)
    assert words.endswith(".")


@over([case for case in CASES if case.groups])
def test_the_names_of_groups_mean_nothing(case: Case) -> None:
    A, _, y = planted()
    first = case.ask(A, y, 4)
    for groups in (1000 - np.arange(80) // 2, [[j, j + 1] for j in range(0, 80, 2)]):
        assert distance(case.ask(A, y, 4, groups).x, first.x) <= SAME


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("decades", [0, 5, 10])
def test_columns_of_any_norm_compete_on_equal_terms_in_omp(dtype: type, decades: int) -> None:
    A, x, y = planted(k=6, dtype=dtype)
    lengths = 10.0 ** stream(0, "lengths").permutation(np.linspace(-decades / 2, decades / 2, 80))
    result = solve((A * lengths).astype(dtype), y, OMP(), sparsity=6)
    assert result.status is Status.SOLVED
    assert distance(result.x * lengths, x) <= 1e3 * np.finfo(dtype).eps


@pytest.mark.parametrize(("dtype", "small"), [(np.float64, 1e-10), (np.float32, 1e-7)])
def test_a_huge_coefficient_does_not_make_omp_stop_early(dtype: type, small: float) -> None:
    A, y = np.diag([small, 1, 1]).astype(dtype), np.array([100, 2, 1], dtype=dtype)
    result = solve(A, y, OMP(), sparsity=3)
    assert result.status is Status.SOLVED
    assert np.allclose(result.x, [100 / small, 2, 1], rtol=1e-6)


@over(PENALIZED)
@pytest.mark.parametrize("c", EVERYDAY[:2] + EXTREME)
def test_a_weight_has_the_units_of_a_times_y(case: Case, c: float) -> None:
    A, _, y = planted()
    weighted = Case(dataclasses.replace(case.solver, weight=0.25))
    degree = case.solver.penalty.degree  # that of P in x; the objective grows with the square of y
    if degree == 0 and c in EXTREME:
        c = c**0.5  # such a weight is in units of y squared
    by_y, by_matrix = (Case(dataclasses.replace(case.solver, weight=0.25 * c**p)) for p in (2 - degree, degree))
    first = weighted.ask(A, y, 4)
    assert first.x.any()
    assert distance(by_y.ask(A, c * y, 4).x / c, first.x) <= SAME
    assert distance(by_matrix.ask(c * A, y, 4).x * c, first.x) <= SAME


@over(PENALIZED)
def test_a_weight_far_above_the_problem_gives_zero_and_one_far_below_a_sound_answer(case: Case) -> None:
    A, _, y = planted()
    weighted = Case(dataclasses.replace(case.solver, weight=1.0)).limited(50)
    above = weighted.ask(1e-200 * A, 1e-200 * y, 4)
    assert above.status is Status.ZERO
    assert not above.x.any()
    below = weighted.ask(1e150 * A, 1e200 * y, 4)
    assert np.isfinite(below.x).all()


@over(FITTING)
def test_a_matrix_of_whole_numbers_is_answered_like_one_of_floats(case: Case) -> None:
    A = stream(0, "whole").integers(-3, 4, (70, 80))
    x = np.zeros(80, dtype=int)
    x[[3, 8]] = 2, -1
    assert np.array_equal(case.ask(A, A @ x, 2).x, case.ask(A.astype(float), (A @ x).astype(float), 2).x)
