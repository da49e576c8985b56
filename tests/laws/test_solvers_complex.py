"""What holds for every solver of complex problems: phases pass through, and real numbers are complex ones."""

from __future__ import annotations

import numpy as np
import scipy.sparse
from laws.solver_cases import FITTING, PENALIZED, Case, over, planted
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.solvers.result import Status

COMPLEX = [case for case in FITTING if case.solver.complex_data]
DEFAULT = [case for case in PENALIZED if case.solver.complex_data and case.solver == type(case.solver)()]
SAME = 1e-9


def turned(seed: int = 0, dtype: type = np.complex128) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A, x and y = A x for an easy problem: columns of unit length, and coefficients of any phase."""
    _, x, _ = planted(seed=seed)
    rng = stream(seed, "turned")
    A = rng.standard_normal((70, 80)) + 1j * rng.standard_normal((70, 80))
    A /= np.linalg.norm(A, axis=0)
    x = x * phases(80, seed)
    return A.astype(dtype), x.astype(dtype), (A @ x).astype(dtype)


def phases(n: int, seed: int = 0) -> np.ndarray:
    return np.exp(2j * np.pi * stream(seed, "phases").random(n))


def gap(found: np.ndarray, expected: np.ndarray) -> float:
    """The relative distance of two complex vectors."""
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@over(COMPLEX)
def test_an_easy_complex_problem_is_solved(case: Case) -> None:
    for seed in range(5):
        A, x, y = turned(seed)
        result = case.ask(A, y, 4)
        assert result.status.reached
        assert gap(result.x, x) <= 10 * case.solver.tolerance
        assert np.array_equal(result.support, np.flatnonzero(x))


@over(COMPLEX)
def test_the_phase_of_y_is_the_phase_of_x(case: Case) -> None:
    A, _, y = turned()
    first = case.ask(A, y, 4)
    assert np.iscomplexobj(first.x)
    for c in (1j, -1.0, np.exp(1j), 1e-150 * np.exp(2j)):
        other = case.ask(A, c * y, 4)
        assert other.status == first.status
        assert gap(other.x / c, first.x) <= SAME


@over(COMPLEX)
def test_columns_may_be_turned(case: Case) -> None:
    A, _, y = turned()
    first, other = case.ask(A, y, 4), case.ask(A * phases(80, 1), y, 4)
    assert other.status == first.status
    assert gap(other.x * phases(80, 1), first.x) <= SAME


@over(COMPLEX)
def test_the_conjugate_problem_has_the_conjugate_answer(case: Case) -> None:
    A, _, y = turned()
    assert gap(case.ask(A.conj(), y.conj(), 4).x.conj(), case.ask(A, y, 4).x) <= SAME


@over(COMPLEX)
def test_a_unitary_mixture_of_measurements_means_nothing(case: Case) -> None:
    A, _, y = turned()
    rng = stream(0, "unitary")
    U = np.linalg.qr(rng.standard_normal((70, 70)) + 1j * rng.standard_normal((70, 70)))[0]
    assert gap(case.ask(U @ A, U @ y, 4).x, case.ask(A, y, 4).x) <= SAME


@over([*COMPLEX, *DEFAULT])
def test_a_real_problem_in_complex_numbers_has_its_real_answer(case: Case) -> None:
    A, _, y = planted()
    real = case.ask(A, y, 4)
    for matrix, measured in ((A + 0j, y), (A, y + 0j), (A + 0j, y + 0j)):
        result = case.ask(matrix, measured, 4)
        assert result.status == real.status
        assert result.x.dtype == np.complex128
        assert gap(result.x, real.x) <= SAME


@over(COMPLEX)
def test_complex_matrices_come_through_every_door(case: Case) -> None:
    A, _, y = turned()
    first = case.ask(A, y, 4)
    for door in (scipy.sparse.csr_array(A), scipy.sparse.csc_matrix(A), aslinearoperator(A), np.asfortranarray(A)):
        assert gap(case.ask(door, y, 4).x, first.x) <= SAME


@over(COMPLEX)
def test_single_complex_precision_stays_single(case: Case) -> None:
    A, _, y = turned(dtype=np.complex64)
    result = case.ask(A, y, 4)
    assert result.x.dtype == result.residual.dtype == np.complex64
    assert result.status.reached
    assert gap(result.x, case.ask(A.astype(complex), y.astype(complex), 4).x) <= 2e-4


@over(COMPLEX)
def test_trouble_in_complex_matrices_is_no_trouble(case: Case) -> None:
    A, _, y = turned()
    y = y + 0.1 * phases(70)
    A[:, ::7] = 0
    A[:, 1:80:14] = 1j * A[:, 2:80:14]  # the same column, turned
    for k in (1, 4, 30):
        result = case.limited(300).ask(A, y, k)
        assert np.isfinite(result.x).all()
        assert not result.x[::7].any()
        assert isinstance(result.status, Status)
        assert np.linalg.norm(y - A @ result.x - result.residual) <= 1e-11 * np.linalg.norm(y)


@over(COMPLEX)
def test_a_complex_y_of_zeros_gives_zeros(case: Case) -> None:
    A, _, y = turned()
    result = case.ask(A, 0 * y, 4)
    assert result.status is Status.ZERO
    assert not result.x.any()
    assert result.x.dtype == np.complex128
