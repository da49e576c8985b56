"""What is said of one support and its signs is what dense formulas and plain programs say, and what solving l1 shows."""

from __future__ import annotations

import itertools

import naive_certificates as naive
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream
from sparsecs.geometry._on_support import framed
from sparsecs.geometry._smallest_dual import Search
from sparsecs.geometry.dual_certificate import DualCertificate, dual_certificate
from sparsecs.geometry.exact_recovery_coefficient import exact_recovery_coefficient
from sparsecs.geometry.irrepresentable import irrepresentable
from sparsecs.geometry.is_recoverable import is_recoverable
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network

DOORS = [np.asarray, scipy.sparse.csr_array, aslinearoperator]
SIZES = [1e-200, 1e-100, 1e100, 1e200]

Case = tuple[np.ndarray, np.ndarray, np.ndarray]


@st.composite
def cases(draw: st.DrawFn, complex_data: bool | None = None) -> Case:
    """A matrix of small whole numbers with zero and parallel columns, a support in any order, and signs."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    entries = st.lists(st.integers(-3, 3), min_size=m * n, max_size=m * n)
    A = np.array(draw(entries), dtype=float).reshape(m, n)
    turned = draw(st.booleans()) if complex_data is None else complex_data
    if turned:
        A = A + 1j * np.array(draw(entries)).reshape(m, n)
    for _ in range(draw(st.integers(0, 2))):
        A[:, draw(st.integers(0, n - 1))] = A[:, draw(st.integers(0, n - 1))] * draw(st.sampled_from([0, 1, -1, -3]))
    support = np.array(draw(st.permutations(range(n)))[: draw(st.integers(0, n))], dtype=int)
    values = [1, -1, 1j, (3 - 4j) / 5] if turned else [1.0, -1.0]
    signs = draw(st.lists(st.sampled_from(values), min_size=support.size, max_size=support.size))
    return A, support, np.array(signs, dtype=A.dtype)


def gaussian(m: int, n: int, k: int, number: int = 0, complex_data: bool = False) -> Case:
    rng = stream(number, "certificates", m, n, k)
    A, signs = rng.standard_normal((m, n)), rng.choice([-1.0, 1.0], k)
    if complex_data:
        A = A + 1j * rng.standard_normal((m, n))
        signs = np.exp(2j * np.pi * rng.random(k))
    return A, rng.choice(n, k, replace=False), signs


def check(A: np.ndarray, support: np.ndarray, signs: np.ndarray, found: DualCertificate) -> None:
    """What a certificate claims, by its own witnesses."""
    rest = np.setdiff1d(np.arange(A.shape[1]), support)
    if np.isfinite(found.value):
        assert np.abs(A[:, support].conj().T @ found.point - signs).max(initial=0) <= 1e-9
        products = np.abs(A.conj().T @ found.point)
        assert found.value == pytest.approx(products[rest].max(initial=0), rel=1e-12, abs=1e-12)
        if found.worst is not None:
            assert products[found.worst] == pytest.approx(found.value, rel=1e-12, abs=1e-12)
    assert found.lower <= found.value * (1 + 1e-9)
    assert not (found.holds and found.direction is not None)
    if found.direction is not None:
        h = found.direction
        assert h.any()
        assert np.abs(A @ h).max() <= 1e-11 * (np.abs(A) @ np.abs(h)).max()
        slope = np.vdot(signs, h[support]).real + np.abs(h[rest]).sum()
        assert slope <= 2e-9 * np.abs(h).sum()
        if not np.iscomplexobj(A) and not np.iscomplexobj(signs):
            x = np.zeros(A.shape[1])
            x[support] = signs
            step = 0.5 / np.abs(h).max()
            assert np.abs(x + step * h).sum() <= np.abs(x).sum() * (1 + 1e-9)


@given(cases(), st.lists(st.integers(-5, 5), min_size=7, max_size=7))
def test_coefficients_are_those_of_dense_formulas(case: Case, decades: list[int]) -> None:
    A, support, signs = case
    A = A * 10.0 ** np.array(decades[: A.shape[1]])
    expected = naive.irrepresentable(A, support, signs)
    assert irrepresentable(A, support, signs) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    for normalize in (False, True):
        expected = naive.exact_recovery_coefficient(A, support, normalize)
        found = exact_recovery_coefficient(A, support, normalize)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(cases(complex_data=False))
def test_certificates_and_verdicts_are_those_of_plain_linear_programs(case: Case) -> None:
    A, support, signs = case
    found = dual_certificate(A, support, signs)
    check(A, support, signs, found)
    assert found.holds == naive.is_only_solution(A, support, signs)
    assert is_recoverable(A, support, signs) == found.holds
    assert found.holds or found.direction is not None
    if support.size < A.shape[1] and not naive.singular(A, support):
        least = naive.least_value(A, support, signs)
        assert found.lower <= least + 1e-6 <= found.value + 2e-6
        if found.method != "least squares":
            assert found.exact
            assert found.value == pytest.approx(least, abs=1e-6)


@settings(max_examples=15)
@given(cases(complex_data=True))
def test_complex_certificates_are_those_of_a_cone_program(case: Case) -> None:
    A, support, signs = case
    found = dual_certificate(A, support, signs)
    check(A, support, signs, found)
    assert is_recoverable(A, support, signs) == found.holds
    if support.size and not naive.singular(A, support):
        least = naive.least_value(A, support, signs)
        assert found.lower <= least + 1e-6 <= found.value + 2e-6
        if found.method != "least squares":
            assert found.exact


@given(cases())
def test_exact_recovery_is_the_worst_of_all_signs_and_suffices_for_them(case: Case) -> None:
    A, support, _ = case
    if support.size > 4 or naive.singular(A, support):
        return
    coefficient = exact_recovery_coefficient(A, support)
    if not np.iscomplexobj(A):
        patterns = [np.array(signs) for signs in itertools.product([1.0, -1.0], repeat=support.size)]
        values = [irrepresentable(A, support, signs) for signs in patterns]
        assert max(values) == pytest.approx(coefficient, rel=1e-9, abs=1e-12)
        assert all(is_recoverable(A, support, signs) for signs in patterns) or coefficient >= 1 - 1e-9
        return
    rows = naive.pseudo_inverse(A, support) @ A[:, naive.outside(A, support)]
    if rows.size:
        worst = rows[:, np.abs(rows).sum(axis=0).argmax()]
        signs = np.where(worst == 0, 1, worst / np.where(worst == 0, 1, np.abs(worst)))
        assert irrepresentable(A, support, signs) == pytest.approx(coefficient, rel=1e-9, abs=1e-12)
        assert is_recoverable(A, support, signs) or coefficient >= 1 - 1e-9


@pytest.mark.parametrize("k", [2, 5, 8, 11])
def test_the_verdict_is_what_basis_pursuit_does(k: int) -> None:
    outcomes = []
    for number in range(8):
        A, support, signs = gaussian(20, 40, k, number)
        x = np.zeros(40)
        x[support] = signs * stream(number, "amplitudes").uniform(0.5, 2, k)
        error = np.abs(naive.basis_pursuit(A, A @ x) - x).max()
        assert is_recoverable(A, support, signs) == (error < 1e-7), (number, error)
        outcomes.append(error < 1e-7)
    assert all(outcomes) or k > 2
    assert k < 11 or not all(outcomes)


@pytest.mark.parametrize("complex_data", [False, True])
@pytest.mark.parametrize("k", [5, 16, 20, 24])
def test_random_certificates_hold_what_they_claim(k: int, complex_data: bool) -> None:
    for number in range(3):
        A, support, signs = gaussian(50, 120, k, number, complex_data)
        found = dual_certificate(A, support, signs)
        check(A, support, signs, found)
        assert found.exact or (found.holds and found.method == "least squares")
        assert found.holds or found.direction is not None
        assert is_recoverable(A, support, signs) == found.holds


def test_columns_that_take_part_later_change_nothing() -> None:
    A, support, signs = gaussian(20, 3000, 3)
    found = dual_certificate(A, support, signs)
    check(A, support, signs, found)
    assert found.method == "linear program"
    assert found.value == pytest.approx(naive.least_value(A, support, signs), abs=1e-7)
    assert found.exact


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("k", [4, 9])
def test_units_and_rotations_change_nothing(size: float, k: int) -> None:
    A, support, signs = gaussian(20, 40, k)
    turn = np.linalg.qr(stream(0, "turn").standard_normal((20, 20)))[0]
    one = dual_certificate(A, support, signs)
    for other in (A * size, turn @ A, -A, A @ np.diag(np.where(np.isin(np.arange(40), support), 1, -1))):
        found = dual_certificate(other, support, signs)
        assert found.value == pytest.approx(one.value, rel=1e-8)
        assert found.holds == one.holds
        assert irrepresentable(other, support, signs) == pytest.approx(irrepresentable(A, support, signs), rel=1e-11)
        expected = exact_recovery_coefficient(A, support)
        assert exact_recovery_coefficient(other, support) == pytest.approx(expected, rel=1e-11)
    found = dual_certificate(A * size, support, signs)
    np.testing.assert_allclose(found.point * size, one.point, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("complex_data", [False, True])
def test_columns_of_the_support_ten_decades_apart_are_no_reason_to_give_up(complex_data: bool) -> None:
    A, support, signs = gaussian(20, 40, 7, 0, complex_data)
    decades = 10.0 ** np.array([0, 1, 2, 4, 5, 9, 10])
    scaled = A.copy()
    scaled[:, support] *= decades
    expected = naive.irrepresentable(scaled, support, signs)
    assert irrepresentable(scaled, support, signs) == pytest.approx(expected, rel=1e-9)
    expected = naive.exact_recovery_coefficient(scaled, support)
    assert exact_recovery_coefficient(scaled, support) == pytest.approx(expected, rel=1e-9)
    least = naive.least_value(A, support, signs / decades)  # the same nu
    found = dual_certificate(scaled * 1e-5, support, signs)
    assert found.value >= least - 1e-7
    assert found.lower <= least + 1e-7
    assert found.holds
    rest = np.ones(40)
    rest[naive.outside(A, support)] = 1.01 / least
    found = dual_certificate(scaled * rest, support, signs)
    assert found.value == pytest.approx(1.01, abs=1e-6)
    assert found.exact
    assert found.direction is not None
    assert not is_recoverable(scaled * rest, support, signs)
    rest[naive.outside(A, support)] = 0.99 / least
    assert is_recoverable(scaled * rest, support, signs)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_leads_to_one_answer(door: type) -> None:
    for complex_data in (False, True):
        for k in (3, 8):
            A, support, signs = gaussian(20, 40, k, 0, complex_data)
            found, one = dual_certificate(door(A), support, signs), dual_certificate(A, support, signs)
            assert found.value == pytest.approx(one.value, rel=1e-8)
            assert found.holds == one.holds == is_recoverable(door(A), support, signs)
            expected = irrepresentable(A, support, signs)
            assert irrepresentable(door(A), support, signs) == pytest.approx(expected, rel=1e-12)
            expected = exact_recovery_coefficient(A, support, True)
            assert exact_recovery_coefficient(door(A), support, True) == pytest.approx(expected, rel=1e-12)


def test_a_jacobian_and_a_matrix_in_single_precision_are_taken_as_they_are() -> None:
    network = Network((6,), (Linear(5), Tanh(), Linear(3)))
    J = linearize(network, network.init(stream(0, "theta")), stream(0, "inputs").standard_normal((10, 6)))
    for number in range(6):
        rng = stream(number, "support")
        support, signs = rng.choice(J.shape[1], 3, replace=False), rng.choice([-1.0, 1.0], 3)
        found, dense = dual_certificate(J, support, signs), J.dense()
        check(dense, support, signs, found)
        assert found.holds == dual_certificate(dense, support, signs).holds == is_recoverable(J, support, signs)
        single = dense.astype(np.float32)
        expected = naive.irrepresentable(single.astype(float), support, signs)
        assert irrepresentable(single, support, signs) == pytest.approx(expected, rel=1e-9)


def test_a_real_matrix_and_complex_signs_ask_for_recovery_among_complex_vectors() -> None:
    A, support, _ = gaussian(20, 40, 4)
    signs = np.exp(1j * np.arange(4))
    for matrix in (A, aslinearoperator(A)):
        found = dual_certificate(matrix, support, signs)
        check(A, support, signs, found)
        assert found.value == pytest.approx(dual_certificate(A + 0j, support, signs).value, rel=1e-9)
    real = dual_certificate(A, support, np.ones(4) + 0j)
    assert not np.iscomplexobj(real.point)


def test_complex_columns_that_depend_on_each_other_may_still_be_recovered() -> None:
    A = np.array([[1, 1, 1], [0, 1, 1j]])
    assert irrepresentable(A, [0, 1, 2], np.ones(3)) == np.inf
    found = dual_certificate(A, [0, 1, 2], np.ones(3))
    assert found.holds
    assert found.value == 0
    h = np.array([1j - 1, -1j, 1])
    assert np.abs(A @ h).max() == 0
    grid = [t * np.exp(1j * a) for t in (1e-3, 1e-2, 0.1, 1, 3) for a in np.linspace(0, 2 * np.pi, 60)]
    assert min(np.abs(1 + c * h).sum() for c in grid) > 3
    real = np.array([[1.0, 1, 1], [0, 1, 2]])
    assert not dual_certificate(real, [0, 1, 2], np.ones(3)).holds
    assert not dual_certificate(real + 0j, [0, 1, 2], np.ones(3)).holds


def test_the_edges_of_supports() -> None:
    A, _, _ = gaussian(5, 8, 0)
    none = dual_certificate(A, [], [])
    assert none.holds
    assert none.value == irrepresentable(A, [], []) == exact_recovery_coefficient(A, []) == 0
    square = A[:, :5]
    whole = dual_certificate(square, np.ones(5, dtype=bool), np.ones(5))
    assert (whole.holds, whole.value, whole.worst) == (True, 0.0, None)
    assert irrepresentable(square, range(5), np.ones(5)) == exact_recovery_coefficient(square, range(5)) == 0
    more = dual_certificate(A, range(6), [1, 1, 1, -1, 1, 1])
    check(A, np.arange(6), np.array([1.0, 1, 1, -1, 1, 1]), more)
    assert not more.holds
    assert not is_recoverable(A, range(6), np.ones(6))
    assert irrepresentable(A, range(6), np.ones(6)) == exact_recovery_coefficient(A, range(6)) == np.inf
    assert is_recoverable([[2.0]], [0], [1])
    assert not is_recoverable([[0.0]], [0], [1])


def test_zero_and_double_columns() -> None:
    A, support, signs = gaussian(20, 40, 3)
    A[:, np.setdiff1d(np.arange(40), support)[4]] = 0
    assert is_recoverable(A, support, signs)
    double = np.hstack([A, A[:, support[:1]]])
    found = dual_certificate(double, support, signs)
    assert not found.holds
    assert (found.value, found.lower) == (pytest.approx(1, abs=1e-9), pytest.approx(1, abs=1e-9))
    check(double, support, signs, found)
    assert not is_recoverable(double, support, signs)
    within = dual_certificate(double, [*support, 40], [*signs, signs[0]])
    assert not within.holds
    assert within.direction is not None
    A[:, support[1]] = 0
    found = dual_certificate(A, support, signs)
    assert (found.holds, found.value) == (False, np.inf)
    check(A, support, signs, found)


def test_a_mask_stands_for_its_positions() -> None:
    A, support, _ = gaussian(20, 40, 5)
    mask = np.isin(np.arange(40), support)
    signs = np.array([1, -1, 1, 1, -1])
    assert irrepresentable(A, mask, signs) == irrepresentable(A, np.sort(support), signs)


def test_a_search_that_runs_out_of_time_says_so_and_keeps_what_it_knows() -> None:
    A, support, signs = gaussian(50, 120, 16)
    found = dual_certificate(A, support, signs, seconds=0)
    assert "is spent" in found.stopped
    assert "stopped early" in repr(found)
    check(A, support, signs, found)
    assert found.value == pytest.approx(irrepresentable(A, support, signs), rel=1e-12)


def test_deciding_stops_before_the_least_value_is_known() -> None:
    A, support, signs = gaussian(50, 120, 20)
    frame, wanted = framed(A, support, signs)
    search = Search(frame, wanted, frame.shortest_dual(wanted), True, Budget(None))
    search.run()
    assert search.value < 1 or search.lower >= 1
    assert search.value - search.lower > 1e-6


@pytest.mark.parametrize(
    ("support", "signs", "error", "message"),
    [
        ([0, 1], [1.0], ValueError, "2 columns"),
        ([0, 1], [1.0, 0.0], ValueError, "entry 1 is 0"),
        ([0, 1], [1.0, 2.0], ValueError, "modulus one"),
        ([0, 1], [1.0, np.nan], ValueError, "finite"),
        ([0, 0], [1.0, 1.0], ValueError, "names column 0 2 times"),
        ([0, 9], [1.0, 1.0], ValueError, "between 0 and 3"),
        ([0.5], [1.0], TypeError, "whole numbers"),
        ([0], ["a"], TypeError, "numbers"),
    ],
)
def test_what_cannot_be_understood_is_refused(support: list, signs: list, error: type, message: str) -> None:
    A = np.arange(8.0).reshape(2, 4)
    for verb in (irrepresentable, dual_certificate, is_recoverable):
        with pytest.raises(error, match=message):
            verb(A, support, signs)


def test_an_operator_that_gives_nan_is_told_so() -> None:
    A = np.ones((2, 3))
    A[1, 2] = np.nan
    with pytest.raises(ValueError, match="finite"):
        irrepresentable(aslinearoperator(A), [0], [1])
    with pytest.raises(ValueError, match="finite"):
        exact_recovery_coefficient(aslinearoperator(A), [0])
