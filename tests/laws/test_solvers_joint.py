"""What holds for every pursuit of several measurements at once: their signals share a support, and are otherwise free."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse
from laws.solver_cases import FITTING, Case, over, planted
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.solvers.base import Solver
from sparsecs.solvers.result import Status
from sparsecs.solvers.solve import solve

JOINT = [case for case in FITTING if case.solver.joint]
BOTH = [case for case in JOINT if case.solver.uses_groups]
SAME = 1e-9


def several(p: int = 3, seed: int = 0, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A, X and Y = A X: p signals with one support."""
    A, x, _ = planted(seed=seed)
    X = x[:, None] * stream(seed, "X").uniform(0.5, 1.5, (80, p)) * stream(seed, "signs").choice([-1, 1], (80, p))
    return A.astype(dtype), X.astype(dtype), (A @ X).astype(dtype)


def noisy() -> tuple[np.ndarray, np.ndarray]:
    """A and a Y that no sparse X explains."""
    A, _, Y = several()
    return A, Y + 0.3 * stream(0, "noise").standard_normal(Y.shape)


def gap(found: np.ndarray, expected: np.ndarray) -> float:
    """The relative distance of two arrays."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def limited(case: Case) -> Case:
    return case.limited(500)


@over(JOINT)
@pytest.mark.parametrize("p", [1, 3, 90])
def test_signals_with_one_support_are_found_together(case: Case, p: int) -> None:
    for seed in range(3):
        A, X, Y = several(p, seed)
        result = case.ask(A, Y, 4)
        assert result.status.reached
        assert (result.x.shape, result.residual.shape) == ((80, p), (70, p))
        assert np.array_equal(result.support, np.flatnonzero(X.any(axis=1)))
        assert gap(result.x, X) <= 10 * case.solver.tolerance


@over(JOINT)
def test_one_measurement_in_a_column_is_one_measurement(case: Case) -> None:
    A, Y = noisy()
    y = np.ascontiguousarray(Y[:, 0])
    plain, column = limited(case).ask(A, y, 5), limited(case).ask(A, y[:, None], 5)
    assert column.x.shape == (80, 1)
    assert (column.status, column.iterations) == (plain.status, plain.iterations)
    assert gap(column.x[:, 0], plain.x) <= 1e-12


@over(JOINT)
def test_no_more_rows_are_used_than_asked_for(case: Case) -> None:
    A, Y = noisy()
    for k in (1, 3, 10):
        result = limited(case).ask(A, Y, k)
        assert np.array_equal(result.support, np.flatnonzero(result.x.any(axis=1)))
        assert gap(result.residual, Y - A @ result.x) <= 1e-12
        if case.solver.needs_sparsity:
            assert 1 <= result.support.size <= k


@over(JOINT)
def test_an_orthogonal_mixture_of_the_measurements_mixes_the_signals(case: Case) -> None:
    A, Y = noisy()
    V = np.linalg.qr(stream(0, "V").standard_normal((3, 3)))[0]
    first, mixed = limited(case).ask(A, Y, 4), limited(case).ask(A, Y @ V, 4)
    assert mixed.status == first.status
    assert gap(mixed.x, first.x @ V) <= SAME


@over(JOINT)
def test_columns_of_zeros_in_y_change_nothing(case: Case) -> None:
    A, Y = noisy()
    wider = np.hstack([Y, np.zeros((70, 2))])
    result = limited(case).ask(A, wider, 4)
    assert not result.x[:, 3:].any()
    assert gap(result.x[:, :3], limited(case).ask(A, Y, 4).x) <= SAME


@over(JOINT)
def test_columns_of_a_may_change_places_and_signs(case: Case) -> None:
    A, Y = noisy()
    order, signs, pairs = stream(0, "order").permutation(80), stream(0, "s").choice([-1.0, 1.0], 80), np.arange(80) // 2
    first, other = (
        limited(case).ask(matrix, Y, 4, groups)
        for matrix, groups in ((A, pairs), ((A * signs)[:, order], pairs[order]))
    )
    assert other.status == first.status
    assert gap(other.x, (first.x * signs[:, None])[order]) <= SAME


@over(JOINT)
@pytest.mark.parametrize("c", [1e-290, -3.0, 1e160])
def test_several_measurements_have_no_units(case: Case, c: float) -> None:
    A, Y = noisy()
    first, more, less = (limited(case).ask(a * A, b * Y, 4) for a, b in ((1, 1), (1, c), (c, 1)))
    assert more.status == less.status == first.status
    assert gap(more.x / c, first.x) <= SAME
    assert gap(less.x * c, first.x) <= SAME


@over(JOINT)
def test_single_precision_stays_single(case: Case) -> None:
    A, X, Y = several(dtype=np.float32)
    result = case.ask(A, Y, 4)
    assert result.x.dtype == result.residual.dtype == np.float32
    assert gap(result.x, X) <= 1e-4


@over(JOINT)
def test_every_door_leads_to_one_answer(case: Case) -> None:
    A, Y = noisy()
    first = limited(case).ask(A, Y, 4)
    for door in (scipy.sparse.csr_array(A), aslinearoperator(A), np.asfortranarray(A)):
        assert gap(limited(case).ask(door, Y, 4).x, first.x) <= SAME


@over(JOINT)
def test_zero_and_twin_columns_are_no_trouble(case: Case) -> None:
    A, Y = noisy()
    A[:, ::7] = 0
    A[:, 1:80:14] = -2 * A[:, 2:80:14]
    for k in (1, 4, 30):
        result = limited(case).ask(A, Y, k)
        assert np.isfinite(result.x).all()
        assert not result.x[::7].any()
        assert isinstance(result.status, Status)
    assert limited(case).ask(A, 0 * Y, 4).status is Status.ZERO


@over(BOTH)
def test_groups_of_several_signals_are_found(case: Case) -> None:
    for seed in range(3):
        A, X, Y = several(3, seed)
        result = solve(A, Y, case.solver, sparsity=2, groups=np.arange(80) // 2)
        assert result.status is Status.SOLVED
        assert gap(result.x, X) <= 10 * case.solver.tolerance


def test_what_one_measurement_hides_several_show() -> None:
    # each signal alone has too many nonzeros; the rows of all together stand out (Tropp, Gilbert and Strauss 2006)
    rng = stream(0, "many")
    A, X = rng.standard_normal((40, 100)), np.zeros((100, 40))
    A /= np.linalg.norm(A, axis=0)
    X[rng.choice(100, 18, replace=False)] = rng.choice([-1.0, 1.0], (18, 40))
    for case in [case for case in BOTH if case.solver.needs_sparsity]:
        solver: Solver = case.solver
        assert gap(solve(A, A @ X, solver, sparsity=18).x, X) <= 1e-6, repr(solver)
        assert gap(solve(A, A @ X[:, 0], solver, sparsity=18).x, X[:, 0]) > 0.1, repr(solver)
