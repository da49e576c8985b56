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

from sparsecs.core.randomness import stream
from sparsecs.geometry import _on_support
from sparsecs.geometry.dual_certificate import dual_certificate
from sparsecs.geometry.exact_recovery_coefficient import exact_recovery_coefficient
from sparsecs.geometry.irrepresentable import irrepresentable
from sparsecs.geometry.is_recoverable import is_recoverable
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network

DOORS = [np.asarray, scipy.sparse.csr_array, aslinearoperator]
SIZES = [1e-200, 1e-100, 1e100, 1e200]


@st.composite
def cases(draw: st.DrawFn, complex_data: bool | None = None) -> naive.Case:
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


@given(cases(), st.lists(st.integers(-5, 5), min_size=7, max_size=7))
def test_coefficients_are_those_of_dense_formulas(case: naive.Case, decades: list[int]) -> None:
    A, support, signs = case
    A = A * 10.0 ** np.array(decades[: A.shape[1]])
    expected = naive.irrepresentable(A, support, signs)
    assert irrepresentable(A, support, signs) == pytest.approx(expected, rel=1e-9, abs=1e-9)
    for normalize in (False, True):
        expected = naive.exact_recovery_coefficient(A, support, normalize)
        found = exact_recovery_coefficient(A, support, normalize)
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_coefficient_is_summed_over_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    A, support, _ = naive.gaussian(20, 40, 7)
    expected = naive.exact_recovery_coefficient(A, support)
    for entries in (1, 80, 120, 10**6):
        monkeypatch.setattr(_on_support, "TILE", entries)
        assert exact_recovery_coefficient(A, support) == pytest.approx(expected, rel=1e-12)


@given(cases(complex_data=False))
def test_certificates_and_verdicts_are_those_of_plain_linear_programs(case: naive.Case) -> None:
    A, support, signs = case
    found = dual_certificate(A, support, signs)
    naive.check(A, support, signs, found)
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
def test_complex_certificates_are_those_of_a_cone_program(case: naive.Case) -> None:
    A, support, signs = case
    found = dual_certificate(A, support, signs)
    naive.check(A, support, signs, found)
    assert is_recoverable(A, support, signs) == found.holds
    if support.size and not naive.singular(A, support):
        least = naive.least_value(A, support, signs)
        assert found.lower <= least + 1e-6 <= found.value + 2e-6
        if found.method != "least squares":
            assert found.exact


@given(cases())
def test_exact_recovery_is_the_worst_of_all_signs_and_suffices_for_them(case: naive.Case) -> None:
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
        A, support, signs = naive.gaussian(20, 40, k, number)
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
        A, support, signs = naive.gaussian(50, 120, k, number, complex_data)
        found = dual_certificate(A, support, signs)
        naive.check(A, support, signs, found)
        assert found.exact or (found.holds and found.method == "least squares")
        assert found.holds or found.direction is not None
        assert is_recoverable(A, support, signs) == found.holds


def test_columns_that_take_part_later_change_nothing() -> None:
    A, support, signs = naive.gaussian(20, 3000, 3)
    found = dual_certificate(A, support, signs)
    naive.check(A, support, signs, found)
    assert found.method == "linear program"
    assert found.value == pytest.approx(naive.least_value(A, support, signs), abs=1e-7)
    assert found.exact


def test_columns_that_were_left_out_are_called_in_until_the_bounds_meet() -> None:
    A, support, signs = naive.gaussian(100, 1500, 9)
    found = dual_certificate(A, support, signs)
    naive.check(A, support, signs, found)
    assert found.method == "linear program"
    assert found.exact
    assert is_recoverable(A, support, signs) == found.holds


def test_a_correlation_that_no_dual_vector_can_change_is_left_as_it_is() -> None:
    A, support, signs = naive.gaussian(10, 6, 3)
    rest = naive.outside(A, support)
    A[:, rest] += 2 * A[:, support] * signs  # so that the shortest dual vector will not do
    A = np.column_stack([A, 0.5 * A[:, support[0]], A[:, support] @ signs / 4])
    assert irrepresentable(A, support, signs) > 1
    found = dual_certificate(A, support, signs)
    naive.check(A, support, signs, found)
    assert found.value == pytest.approx(0.75, abs=1e-9)
    assert found.exact
    assert np.linalg.norm(found.point) < 100


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("k", [4, 9])
def test_units_and_rotations_change_nothing(size: float, k: int) -> None:
    A, support, signs = naive.gaussian(20, 40, k)
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
    A, support, signs = naive.gaussian(20, 40, 7, 0, complex_data)
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
            A, support, signs = naive.gaussian(20, 40, k, 0, complex_data)
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
        naive.check(dense, support, signs, found)
        assert found.holds == dual_certificate(dense, support, signs).holds == is_recoverable(J, support, signs)
        single = dense.astype(np.float32)
        expected = naive.irrepresentable(single.astype(float), support, signs)
        assert irrepresentable(single, support, signs) == pytest.approx(expected, rel=1e-9)


def test_a_real_matrix_and_complex_signs_ask_for_recovery_among_complex_vectors() -> None:
    A, support, _ = naive.gaussian(20, 40, 4)
    signs = np.exp(1j * np.arange(4))
    for matrix in (A, aslinearoperator(A)):
        found = dual_certificate(matrix, support, signs)
        naive.check(A, support, signs, found)
        assert found.value == pytest.approx(dual_certificate(A + 0j, support, signs).value, rel=1e-9)
    real = dual_certificate(A, support, np.ones(4) + 0j)
    assert not np.iscomplexobj(real.point)
