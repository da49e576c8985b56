"""Restricted isometry constants are those of looking at every support, every bound holds, and witnesses attain what is said."""

from __future__ import annotations

import itertools

import naive_isometry as naive
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from sparsecs import IsometryBounds, restricted_isometry, stream
from sparsecs.geometry._isometry_methods import METHODS
from sparsecs.geometry._isometry_search import Proof

CHEAP = [name for name in METHODS if name != "semidefinite"]


@st.composite
def matrices(draw: st.DrawFn, decades: int = 1) -> np.ndarray:
    """Small matrices, real or complex, many of whole numbers, with zero, parallel and orthogonal columns."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    entries = st.lists(st.integers(-2, 2), min_size=m * n, max_size=m * n)
    A = np.array(draw(entries), dtype=float).reshape(m, n)
    if draw(st.booleans()):
        A = A + 1j * np.array(draw(entries)).reshape(m, n)
    if draw(st.booleans()):
        A = A + stream(draw(st.integers(0, 99)), "noise").standard_normal((m, n))
    for _ in range(draw(st.integers(0, 2))):
        A[:, draw(st.integers(0, n - 1))] = A[:, draw(st.integers(0, n - 1))] * draw(st.sampled_from([0, 1, -1, -2]))
    return A * 10.0 ** np.array(draw(st.lists(st.integers(-decades, decades), min_size=n, max_size=n)))


def room(A: np.ndarray) -> float:
    """Rounding that is allowed: 1e-9 of the largest eigenvalue, or of one."""
    return 1e-9 * max(1.0, float(np.linalg.norm(A, 2)) ** 2)


def assert_holds(found: IsometryBounds, A: np.ndarray, k: int) -> None:
    """The true constants lie between the bounds, and the witnesses attain the lower ones."""
    L, U = naive.isometry_constants(A, k)
    assert found.L.lower - room(A) <= L <= found.L.upper + room(A)
    assert found.U.lower - room(A) <= U <= found.U.upper + room(A)
    for bounds, value in ((found.L, lambda low, high: 1 - low), (found.U, lambda low, high: high - 1)):
        support = bounds.witness
        assert support.dtype.kind == "i"
        assert support.tolist() == sorted(set(support.tolist()))
        assert support.size == k
        assert value(*naive.extreme_eigenvalues(A, support)) == pytest.approx(bounds.lower, abs=room(A))


@given(matrices(), st.data())
def test_the_search_finds_what_looking_at_every_support_finds(A: np.ndarray, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, A.shape[1]))
    L, U = naive.isometry_constants(A, k)
    for method in ("auto", "exact"):
        found = restricted_isometry(A, k, method)
        assert_holds(found, A, k)
        assert found.L.upper - found.L.lower <= room(A)
        assert found.U.upper - found.U.lower <= room(A)
        assert found.L.stopped == found.U.stopped == ""
        assert found.delta.lower == pytest.approx(max(L, U), abs=room(A))


@given(matrices(decades=5), st.data())
def test_columns_over_ten_decades_are_normal_input(A: np.ndarray, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, A.shape[1]))
    found = restricted_isometry(A, k)
    assert_holds(found, A, k)
    assert found.U.upper - found.U.lower <= room(A)
    assert found.L.upper - found.L.lower <= room(A)


@given(matrices(), st.sampled_from(CHEAP), st.booleans(), st.data())
def test_every_method_gives_bounds_that_hold(A: np.ndarray, method: str, unit: bool, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, A.shape[1]))
    found = restricted_isometry(A, k, method, normalize=unit)
    assert_holds(found, naive.unit_columns(A) if unit else A, k)


@given(matrices(), st.data())
def test_bounds_hold_whenever_the_search_is_stopped(A: np.ndarray, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, A.shape[1]))
    assert_holds(restricted_isometry(A, k, seconds=data.draw(st.sampled_from([0, 1e-4, 1e-3]))), A, k)


@given(st.integers(2, 7), st.integers(0, 999), st.booleans(), st.floats(0.3, 3), st.data())
def test_a_proof_is_right_about_every_hermitian_matrix(
    n: int, seed: int, real: bool, t: float, data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, n))
    rng = stream(seed, "hermitian")
    H = rng.standard_normal((n, n)) + (0 if real else 1j) * rng.standard_normal((n, n))
    H = (H + H.conj().T) / 2
    proof = Proof(H, k, t, 1)
    assert list(proof.pieces()) == []
    assert (proof.found is None) == naive.definite_everywhere(t * np.eye(n) - H, k)
    if proof.found is not None:
        assert proof.found.size <= k
        assert np.linalg.eigvalsh(H[np.ix_(proof.found, proof.found)])[-1] >= t - 1e-12


@given(st.integers(0, 99), st.booleans(), st.sampled_from([2, 4, 5]))
def test_a_proof_that_is_stopped_has_a_ceiling_above_every_eigenvalue(seed: int, real: bool, k: int) -> None:
    rng = stream(seed, "columns")
    A = rng.standard_normal((4, 8)) + (0 if real else 1j) * rng.standard_normal((4, 8))
    G = A.conj().T @ A
    top = max(naive.extreme_eigenvalues(A, support)[1] for support in itertools.combinations(range(8), k))
    proof = Proof(G, k, top * 1.0001, 2)
    assert proof.ceiling() >= top
    for _ in proof.pieces():
        assert proof.ceiling() >= top
    assert proof.found is None
    assert proof.ceiling() == proof.t


@given(matrices(), st.data())
def test_nothing_depends_on_the_order_and_the_signs_of_columns(A: np.ndarray, data: st.DataObject) -> None:
    n = A.shape[1]
    k = data.draw(st.integers(1, n))
    order = np.array(data.draw(st.permutations(range(n))))
    signs = np.array(data.draw(st.lists(st.sampled_from([1, -1]), min_size=n, max_size=n)))
    one, other = restricted_isometry(A, k), restricted_isometry((A * signs)[:, order], k)
    assert one.L.lower == pytest.approx(other.L.lower, abs=room(A))
    assert one.U.lower == pytest.approx(other.U.lower, abs=room(A))


@given(matrices(), st.data())
def test_the_constants_grow_with_the_order(A: np.ndarray, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, A.shape[1]))
    if k > 1:
        fewer, more = restricted_isometry(A, k - 1), restricted_isometry(A, k)
        assert fewer.L.lower <= more.L.lower + room(A)
        assert fewer.U.lower <= more.U.lower + room(A)


@given(matrices(), st.data())
def test_the_best_scaling_is_the_best(A: np.ndarray, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, A.shape[1]))
    found = restricted_isometry(A, k, best_scaling=True)
    if not A.any():
        assert (found.scale, found.delta.upper) == (1, 1)
        return
    assert_holds(found, A * found.scale, k)
    low, high = (1 - found.L.lower) / found.scale**2, (1 + found.U.lower) / found.scale**2
    assert found.delta.lower == pytest.approx((high - low) / (high + low), abs=1e-8)
    for factor in (0.9, 1.1):
        L, U = naive.isometry_constants(A * found.scale * factor, k)
        assert max(L, U) >= found.delta.lower - 1e-8


def test_with_bounds_only_the_scaling_makes_the_proven_delta_least() -> None:
    A = stream(0, "A").standard_normal((8, 12))
    found = restricted_isometry(A, 2, "gershgorin", best_scaling=True)
    assert found.L.upper == pytest.approx(found.U.upper, abs=1e-12)
    assert_holds(found, A * found.scale, 2)


@pytest.mark.parametrize("size", [1e-200, 1e-100, 1e-9, 1e100, 1e150])
@pytest.mark.parametrize("k", [1, 3])
def test_units_mean_nothing_once_columns_or_the_matrix_are_scaled(size: float, k: int) -> None:
    A = stream(0, "A").standard_normal((5, 8))
    for options in ({"normalize": True}, {"best_scaling": True}):
        one, other = restricted_isometry(A, k, **options), restricted_isometry(A * size, k, **options)
        assert other.L.lower == pytest.approx(one.L.lower, abs=1e-9)
        assert other.U.upper == pytest.approx(one.U.upper, abs=1e-9)
        assert other.exact
    tiny = restricted_isometry(A * 1e-200, k)
    assert (tiny.L.lower, tiny.L.upper, tiny.U.lower, tiny.U.upper) == (1, 1, -1, -1)
    with pytest.raises(ValueError, match="overflow"):
        restricted_isometry(A * 1e200, k)
    large = restricted_isometry(A * 1e100, k)
    assert large.U.lower == pytest.approx(1e200 * (1 + restricted_isometry(A, k).U.lower), rel=1e-9)


@pytest.mark.parametrize("door", [scipy.sparse.csr_array, aslinearoperator, np.ndarray.tolist])
def test_every_door_leads_to_one_answer(door: object) -> None:
    A = stream(0, "A").standard_normal((5, 8))
    one, other = restricted_isometry(A, 3), restricted_isometry(door(A), 3)
    assert other.L.lower == pytest.approx(one.L.lower, abs=1e-12)
    assert other.U.lower == pytest.approx(one.U.lower, abs=1e-12)
    assert other.exact


def test_single_precision_is_no_less_exact() -> None:
    A = stream(0, "A").standard_normal((5, 8)).astype(np.float32)
    assert_holds(restricted_isometry(A, 3), A.astype(np.float64), 3)
    assert restricted_isometry(A, 3).exact


def test_dependent_columns_have_L_one_and_a_witness() -> None:
    A = stream(0, "A").standard_normal((3, 6))
    found = restricted_isometry(A, 4, "coherence")
    assert (found.L.lower, found.L.upper) == (1, 1)
    assert found.L.witness.size == 4
    A[:, 2] = 0
    assert restricted_isometry(A, 1, normalize=True).L.lower == 1
    assert restricted_isometry(A, 1, normalize=True).L.witness.tolist() == [2]
    twins = np.eye(5)[:, [0, 1, 2, 3, 1]]
    assert restricted_isometry(twins, 2).L.lower == pytest.approx(1, abs=1e-12)
    assert restricted_isometry(twins, 2).L.witness.tolist() == [1, 4]


def test_order_n_is_the_spectrum() -> None:
    A = stream(0, "A").standard_normal((9, 6)) / 3
    values = np.linalg.svd(A, compute_uv=False) ** 2
    found = restricted_isometry(A, 6)
    assert found.L.lower == pytest.approx(1 - values[-1], abs=1e-12)
    assert found.U.lower == pytest.approx(values[0] - 1, abs=1e-12)
    assert found.exact


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ((np.eye(3), 4), ValueError, "k must be between 1 and 3; got 4. A has 3 columns"),
        ((np.eye(3), 0), ValueError, "between 1"),
        ((np.eye(3), 1.5), TypeError, "whole number"),
        ((np.eye(3), 1, "magic"), ValueError, "one of 'auto', 'exact', 'greedy'"),
        ((np.eye(3), 1, ("exact", "magic")), ValueError, "one of 'auto'"),
        ((np.array([[np.nan, 1.0]]), 1), ValueError, "finite"),
        ((np.eye(3), 1, "auto", False, False, -1.0), ValueError, "seconds"),
        ((np.eye(3), 1, "auto", False, False, 1.0, 0), ValueError, "memory"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(arguments: tuple, error: type, words: str) -> None:
    with pytest.raises(error, match=words):
        restricted_isometry(*arguments)
