"""The restricted eigenvalue and the compatibility constant are those of trying everything, and of cases that are known."""

from __future__ import annotations

import naive_null_space as naive
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.geometry._restricted_bounds import at_once, in_cone, ratio
from sparsecs.geometry._restricted_search import ConeSearch
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.null_space_constant import null_space_constant
from sparsecs.geometry.restricted_eigenvalue import compatibility_constant, restricted_eigenvalue
from sparsecs.kernels.nearest_point import nearest_point

BOTH = pytest.mark.parametrize(("constant", "power"), [(restricted_eigenvalue, 2), (compatibility_constant, 1)])


def gaussian(m: int, n: int, *name: int) -> np.ndarray:
    return stream(0, "restricted", m, n, *name).standard_normal((m, n))


def attained(A: np.ndarray, k: int, c: float, power: int, found: Bounds) -> None:
    """The witness lies in the cone and attains the upper bound."""
    x = found.witness
    sizes = np.sort(np.abs(x))[::-1]
    assert sizes[k:].sum() <= c * sizes[:k].sum() * (1 + 1e-9)
    assert np.linalg.norm(sizes[:k], power) == pytest.approx(k**0.5 if power == 1 else 1, rel=1e-12)
    assert np.linalg.norm(A @ x) == pytest.approx(found.upper, rel=1e-9, abs=1e-12 * np.linalg.norm(A, axis=0).max())


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Small matrices of any shape, with columns of different lengths and now and then parallel or zero."""
    m, n = draw(st.integers(2, 6)), draw(st.integers(2, 5))
    A = gaussian(m, n, draw(st.integers(0, 99)))
    if draw(st.integers(0, 3)) == 0:
        A[:, 0] = A[:, n - 1] * draw(st.sampled_from([0.0, 1.0, -2.0]))
    return A * 2.0 ** np.array(draw(st.lists(st.integers(-2, 2), min_size=n, max_size=n)))


@BOTH
def test_orthonormal_columns_have_constant_one(constant: object, power: int) -> None:
    for k in (1, 2, 3, 5):
        found = constant(np.eye(4)[:, :3], k, c=2.0)
        assert found.exact
        assert found.lower == pytest.approx(1, abs=1e-9)
        attained(np.eye(4)[:, :3], min(k, 3), 2.0, power, found)


@pytest.mark.parametrize("rho", [-0.9, -0.3, 0.6])
@pytest.mark.parametrize("c", [0.5, 1.0, 3.0])
def test_two_columns_at_an_angle(rho: float, c: float) -> None:
    A = np.array([[1.0, rho], [0.0, (1 - rho**2) ** 0.5]])
    u = min(c, abs(rho))
    one = (1 - 2 * u * abs(rho) + u * u) ** 0.5
    assert restricted_eigenvalue(A, 1, c).lower == pytest.approx(one, abs=1e-9)
    assert compatibility_constant(A, 1, c).lower == pytest.approx(one, abs=1e-9)
    assert restricted_eigenvalue(A, 2, c).lower == pytest.approx((1 - abs(rho)) ** 0.5, abs=1e-9)
    assert compatibility_constant(A, 2, c).lower == pytest.approx((1 - abs(rho)) ** 0.5, abs=1e-9)


@settings(max_examples=20)
@given(matrices(), st.integers(1, 3), st.sampled_from([0.5, 1.0, 3.0]))
def test_the_compatibility_constant_is_that_of_trying_all_supports_and_signs(A: np.ndarray, k: int, c: float) -> None:
    k = min(k, A.shape[1])
    found = compatibility_constant(A, k, c)
    assert found.exact
    attained(A, k, c, 1, found)
    assert found.upper == pytest.approx(naive.compatibility_constant(A, k, c), abs=1e-4 * np.abs(A).max())


@settings(max_examples=20)
@given(matrices(), st.integers(1, 2), st.sampled_from([0.5, 1.0, 3.0]))
def test_the_restricted_eigenvalue_is_that_of_trying_all_directions(A: np.ndarray, k: int, c: float) -> None:
    found = restricted_eigenvalue(A, k, c)
    assert found.exact
    attained(A, k, c, 2, found)
    tried, size = naive.restricted_eigenvalue(A, k, c), np.linalg.norm(A, 2)
    step = np.pi / 60 if k == 2 else 0.0
    assert found.lower <= tried + 1e-4 * np.abs(A).max()
    assert tried <= found.upper + 1e-4 * np.abs(A).max() + 2 * (1 + 2 * c) * size * step


@settings(max_examples=20)
@given(matrices(), st.integers(1, 3), st.sampled_from([0.5, 1.0, 3.0]), st.integers(0, 99))
def test_no_vector_of_the_cone_has_a_smaller_ratio_and_all_bounds_agree(
    A: np.ndarray, k: int, c: float, number: int
) -> None:
    k = min(k, A.shape[1])
    kappa, phi = restricted_eigenvalue(A, k, c), compatibility_constant(A, k, c)
    unit = 1e-9 * np.abs(A).max()
    assert kappa.lower <= phi.upper + unit
    assert phi.lower <= kappa.upper * k**0.5 + unit
    rank, alpha = np.linalg.matrix_rank(A), null_space_constant(A, k)
    if A.any(axis=0).all():
        assert at_once(A, k, c, 2, rank, alpha.upper)[0] <= kappa.upper + unit
        assert at_once(A, k, c, 1, rank, alpha.upper)[0] * k**0.5 <= phi.upper + unit
        assert (kappa.upper < 1e-9 * np.linalg.norm(A, axis=0).min()) == (alpha.lower >= 1 / (1 + c) - 1e-9)
    for x in stream(number, "directions").standard_normal((20, A.shape[1])) ** 3:
        inside = in_cone(x, k, c)
        assert ratio(A, inside, k, 2) >= kappa.lower - unit
        assert ratio(A, inside, k, 1) * k**0.5 >= phi.lower - unit


@given(matrices(), st.integers(1, 3), st.sampled_from([0.5, 1.0, 3.0]), st.integers(0, 99))
def test_the_nearest_point_is_that_of_all_corners(A: np.ndarray, k: int, c: float, number: int) -> None:
    k, rng = min(k, A.shape[1]), stream(number, "cones")
    S, signs, V = rng.permutation(A.shape[1])[:k], rng.choice([-1.0, 1.0], k), rng.random((2, k))
    lower, upper, x = nearest_point(np.ascontiguousarray(A.T), S, signs, V, c, np.inf)
    assert lower <= upper
    assert upper == pytest.approx(
        naive.distance(naive.corners(A, list(S), (V * signs).T, c)), abs=1e-5 * np.abs(A).max()
    )
    assert upper - lower <= 1e-9 * np.abs(A).max()
    assert np.linalg.norm(A @ x) == pytest.approx(upper, abs=1e-12 * np.abs(A).max())
    assert (x[S] * signs >= 0).all()
    assert np.abs(np.delete(x, S)).sum() <= c * np.abs(x[S]).sum() * (1 + 1e-12)
    early = nearest_point(np.ascontiguousarray(A.T), S, signs, V, c, upper / 2)
    assert early[0] <= upper * (1 + 1e-12)
    assert early[1] >= lower


@pytest.mark.parametrize(("t", "c"), [(0.5, 0.1), (0.9, 0.5), (0.2, 0.19)])
def test_the_bound_by_the_null_space_constant_can_be_attained(t: float, c: float) -> None:
    A = np.array([[1.0, -t]])  # the null vector (t, 1); at x_2 = 1 and x_1 = c, A x = c - t
    assert at_once(A, 1, c, 2, 1, 1 / (1 + t)) == (pytest.approx(t - c, abs=1e-12), "null space constant")
    assert restricted_eigenvalue(A, 1, c).lower == pytest.approx(t - c, abs=1e-12)


def test_the_search_finds_the_smallest_ratio_without_help(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [(gaussian(12, 8, number), 2 + number % 2) for number in range(4)]
    helped = [restricted_eigenvalue(A, k) for A, k in cases]
    monkeypatch.setattr(ConeSearch, "descend", lambda self, x: None)
    for (A, k), found in zip(cases, helped, strict=True):
        alone = restricted_eigenvalue(A, k)
        assert alone.exact
        assert alone.upper == pytest.approx(found.upper, rel=1e-9)


@BOTH
def test_a_wider_cone_and_a_larger_support_have_smaller_constants(constant: object, power: int) -> None:
    A = gaussian(12, 8)
    root = 0.5 if power == 1 else 0.0  # phi itself may rise with k
    values = np.array([[constant(A, k, c).lower / k**root for c in (0.5, 1.0, 3.0)] for k in (1, 2, 3)])
    assert (np.diff(values, axis=0) <= 1e-9).all()
    assert (np.diff(values, axis=1) <= 1e-9).all()
    assert values[0, 0] > values[2, 2] > 0


@BOTH
def test_order_signs_and_rotations_mean_nothing_and_units_are_those_of_the_matrix(constant: object, power: int) -> None:
    A = gaussian(6, 9)
    found = constant(A, 2, 0.5)
    order, signs = stream(0, "order").permutation(9), np.where(np.arange(9) % 2, 1.0, -1.0)
    turned = np.linalg.qr(gaussian(8, 8))[0][:, :6] @ A
    assert found.lower > 0.01
    for size in (1e-200, 1.0, 1e200):
        other = constant(turned[:, order] * signs * size, 2, 0.5)
        assert other.exact
        assert other.lower / size == pytest.approx(found.lower, abs=1e-9 * found.unit)


def test_columns_of_many_lengths_still_have_bounds_that_bracket() -> None:
    A = gaussian(7, 6) * np.logspace(-5, 5, 6)
    found = restricted_eigenvalue(A, 2, seconds=1)
    attained(A, 2, 1.0, 2, found)
    assert 0 <= found.lower <= found.upper <= found.unit * (1 + 1e-9)


@BOTH
def test_a_search_that_is_cut_short_says_so_and_brackets(constant: object, power: int) -> None:
    A = gaussian(30, 36)
    found = constant(A, 2, seconds=0)
    assert "0 s" in found.stopped
    exact = constant(A, 2)
    assert exact.exact
    assert found.lower <= exact.lower <= exact.upper <= found.upper * (1 + 1e-12)
    wide = constant(gaussian(200, 150), 6, seconds=1)
    assert "would have to be looked at" in wide.stopped or "1 s" in wide.stopped
    assert 0 < wide.lower < wide.upper


@BOTH
def test_zero_columns_and_short_matrices_have_constant_zero(constant: object, power: int) -> None:
    for A in (np.eye(3) * [1, 0, 1], np.zeros((2, 2)), np.ones((1, 3)), np.ones((4, 2))):
        found = constant(A, 1)
        assert found.exact
        assert found.upper == pytest.approx(0, abs=1e-12)
        attained(A, 1, 1.0, power, found)


@BOTH
def test_complex_matrices_have_bounds(constant: object, power: int) -> None:
    A = np.linalg.qr(gaussian(8, 5) + 1j * gaussian(8, 5, 1))[0]
    found = constant(A, 1)
    assert found.exact
    assert found.lower == pytest.approx(1, abs=1e-9)
    assert constant(A, 2).lower == pytest.approx(1, abs=1e-9)
    short = gaussian(5, 6) + 1j * gaussian(5, 6, 1)
    found = constant(short, 1)
    assert 0 <= found.lower <= found.upper
    attained(short, 1, 1.0, power, found)


@pytest.mark.parametrize(
    "door", [np.asarray, scipy.sparse.csr_array, scipy.sparse.linalg.aslinearoperator, np.ndarray.tolist]
)
def test_every_door_leads_to_one_answer(door: object) -> None:
    A = gaussian(6, 5)
    assert restricted_eigenvalue(door(A), 1).lower == pytest.approx(restricted_eigenvalue(A, 1).lower, rel=1e-12)


def test_bad_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="k must be at least 1"):
        restricted_eigenvalue(np.eye(2), 0)
    with pytest.raises(ValueError, match="c must be above zero"):
        restricted_eigenvalue(np.eye(2), 1, c=0)
    with pytest.raises(ValueError, match="finite"):
        compatibility_constant([[1.0, np.inf]], 1)
