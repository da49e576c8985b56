"""The null space constant is that of trying all supports and signs, of exact cases, and of nothing but the null space."""

from __future__ import annotations

from itertools import combinations

import naive_null_space as naive
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream
from sparsecs.geometry import _null_space_search
from sparsecs.geometry._null_space_coordinates import coordinates
from sparsecs.geometry._null_space_search import Search, normal
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.null_space_constant import METHODS, null_space_constant
from sparsecs.kernels import null_space_search as inner

HADAMARD = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2
GOLDEN = (1 + 5**0.5) / 2
CORNERS = [np.roll(corner, turn) for turn in range(3) for corner in [(0, 1, GOLDEN), (0, 1, -GOLDEN)]]
CONFERENCE = np.array(CORNERS).T / np.linalg.norm(CORNERS[0])
CASES = {
    "spikes and Hadamard": (np.hstack([np.eye(4), HADAMARD]), [1 / 3]),
    "conference": (CONFERENCE, [1 / (1 + 5**0.5), 2 / (1 + 5**0.5)]),
    "simplex": (np.column_stack([np.eye(5), -np.ones(5)]), [k / 6 for k in range(1, 7)] + [1.0]),
    "twins": (np.eye(4)[:3, [0, 1, 2, 1]], [0.5, 1.0, 1.0]),
    "a zero column": (np.eye(3)[:, [0, 1, 2]] * [1, 0, 1], [1.0, 1.0]),
    "independent": (np.eye(5)[:, :3], [0.0, 0.0, 0.0, 0.0]),
    "one row": (np.array([[1.0, 2.0, 4.0]]), [0.8, 1.0]),
    "nothing measured": (np.zeros((2, 3)), [1.0, 1.0, 1.0, 1.0]),
    "one column": (np.ones((2, 1)), [0.0]),
}


def gaussian(m: int, n: int, *name: int) -> np.ndarray:
    return stream(0, "null space", m, n, *name).standard_normal((m, n))


def attained(A: np.ndarray, k: int, found: Bounds) -> None:
    """The witness is a null vector, and its k largest entries hold the lower bound."""
    x = found.witness
    if x is None:
        assert found.upper == 0
        return
    assert np.abs(A @ x).max() <= 1e-12 * (np.abs(A) @ np.abs(x)).max()
    assert np.abs(x).sum() == pytest.approx(1, abs=1e-13)
    assert np.sort(np.abs(x))[::-1][:k].sum() == pytest.approx(found.lower, abs=1e-13)


@st.composite
def matrices(draw: st.DrawFn, decades: int = 10) -> np.ndarray:
    """Small matrices, with zero and parallel columns and any rank; columns scaled over some decades."""
    m, n = draw(st.integers(1, 4)), draw(st.integers(2, 6))
    A = np.array(draw(st.lists(st.integers(-2, 2), min_size=m * n, max_size=m * n)), dtype=float).reshape(m, n)
    if draw(st.booleans()):
        A = A + gaussian(m, n, draw(st.integers(0, 9)))
    return A * 10.0 ** np.array(draw(st.lists(st.integers(0, decades), min_size=n, max_size=n)))


@pytest.mark.parametrize("name", CASES)
def test_the_constants_that_are_known(name: str) -> None:
    A, values = CASES[name]
    for k, value in enumerate(values, start=1):
        found = null_space_constant(A, k)
        assert found.exact
        assert found.lower == pytest.approx(value, abs=1e-12)
        attained(A, k, found)


@given(matrices() | matrices(1), st.integers(1, 4))
def test_it_is_that_of_trying_all_supports_and_signs(A: np.ndarray, k: int) -> None:
    found = null_space_constant(A, k)
    assert found.exact
    assert not found.stopped
    attained(A, k, found)
    if np.abs(A).max() < 1e3:  # else the tolerances of the twin are too wide
        assert found.lower == pytest.approx(naive.null_space_constant(A, k), abs=1e-8)


@pytest.mark.parametrize("shape", [(4, 12), (6, 12), (7, 11), (3, 14)])
@pytest.mark.parametrize("number", range(2))
def test_larger_matrices_have_the_constants_of_their_circuits(shape: tuple[int, int], number: int) -> None:
    A = gaussian(*shape, number) * np.linspace(1, 2, shape[1])
    for k, value in enumerate(naive.by_circuits(A)[:5], start=1):
        found = null_space_constant(A, k)
        assert found.exact
        assert found.lower == pytest.approx(value, abs=1e-10)
        attained(A, k, found)


def searched(A: np.ndarray, k: int) -> Search:
    """A search that knows all pairs and has grown nothing."""
    search = Search(coordinates(A), k, Budget(None))
    search.singles(climbing=True)
    search.pairs(60.0)
    return search


def test_pairs_are_bounded_and_summed_with_their_signs() -> None:
    A = gaussian(4, 7)
    search = searched(A, 3)
    for i, j in combinations(range(7), 2):
        for a in range(2):
            exact = naive.share_of(A, (i, j), (1.0, 1.0 - 2 * a))
            assert search.P[a, i, j] == search.P[a, j, i] == pytest.approx(exact, abs=1e-8)
    for codes in [(0, 3), (4, 9), (2, 5, 11)]:
        columns, signs = np.array(codes) // 2, 1.0 - 2.0 * (np.array(codes) % 2)
        inside, scores = inner.pair_sums(columns, signs, search.P)
        value = {
            (c, d): naive.share_of(A, (c // 2, d // 2), ((-1.0) ** c, (-1.0) ** d)) for c in range(14) for d in codes
        }
        assert inside == pytest.approx(sum(value[pair] for pair in combinations(codes, 2)), abs=1e-7)
        for f in range(14):
            expected = sum(value[f, d] for d in codes) if f // 2 not in columns else -np.inf
            assert scores[f % 2, f // 2] == pytest.approx(expected, abs=1e-7)


def test_a_set_is_asked_once_whichever_part_it_grows_from() -> None:
    search, grown = searched(gaussian(4, 7), 3), []
    for codes in [(0, 2), (0, 3), (2, 5), (4, 11), (2, 4), (0, 5)]:
        skip = search.skipped(codes)
        for f in set(range(14)) - {code ^ a for code in codes for a in range(2)}:
            parts = [normal((*(code for code in codes if code != gone), f))[0] for gone in codes]
            assert skip[f // 2, f % 2] == any(part in grown for part in parts)
        columns, signs = np.array(codes) // 2, 1.0 - 2.0 * (np.array(codes) % 2)
        assert search.grow(codes, columns, signs)
        grown.append(codes)


def test_a_null_vector_among_heavy_columns_is_not_drowned_by_light_ones() -> None:
    lower, upper = np.tril(np.array([[1, 0, 0, 0], [2, 1, 0, 0], [1, 3, 1, 0], [0, 1, 2, 1]])), np.triu(np.ones((4, 4)))
    mixed = lower @ upper  # whole numbers and independent columns: nothing is rounded
    heavy, light = mixed[:, :2] @ np.array([[1, 0, 2], [0, 1, 3]]), mixed[:, 2:]
    A = np.hstack([light, heavy * 2.0**40])
    for k, value in [(1, 3 / 6), (2, 5 / 6), (3, 1)]:
        assert null_space_constant(A, k).lower == pytest.approx(value, abs=1e-12)
        assert null_space_constant(A[:, [2, 0, 3, 1, 4, 4]], k).lower == pytest.approx([0.5, 1, 1][k - 1], abs=1e-12)


@settings(max_examples=15)
@given(matrices() | matrices(0), st.integers(1, 4), st.data())
def test_order_signs_and_combinations_of_rows_mean_nothing(A: np.ndarray, k: int, data: st.DataObject) -> None:
    m, n = A.shape
    value = null_space_constant(A, k).lower
    order = np.array(data.draw(st.permutations(range(n))))
    signs = np.array(data.draw(st.lists(st.sampled_from([1.0, -1.0]), min_size=n, max_size=n)))
    left = np.linalg.qr(gaussian(m, m))[0] * np.logspace(-2, 2, m)
    even = np.linalg.norm(A, axis=0).max() < 100  # else the rounding of left @ A is large for the light columns
    assert null_space_constant(A[:, order] * signs, k).lower == pytest.approx(value, abs=1e-10)
    if even:
        assert null_space_constant(left @ A, k).lower == pytest.approx(value, abs=1e-10)
    assert null_space_constant(np.diag(np.logspace(-9, 9, m)) @ A, k).lower == pytest.approx(value, abs=1e-10)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_scale_means_nothing(size: float) -> None:
    A = gaussian(4, 8) * np.logspace(-5, 5, 8)
    for k in (1, 2, 3):
        found = null_space_constant(A * size, k)
        assert found.lower == pytest.approx(null_space_constant(A, k).lower, rel=1e-12)
        assert found.exact


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("k", [1, 2, 3])
def test_every_method_brackets_the_constant(method: str, k: int) -> None:
    for A in (gaussian(5, 9), np.hstack([np.eye(4), HADAMARD])):
        exact = null_space_constant(A, k)
        found = null_space_constant(A, k, method=method)
        assert found.lower <= exact.upper + 1e-12
        assert found.upper >= exact.lower - 1e-12
        attained(A, k, found)
        if method == "local search":
            assert found.lower == pytest.approx(exact.lower, abs=1e-9)  # the climb ends at the top in these
        if "relaxation" in method and k == 1:
            assert found.upper == pytest.approx(exact.upper, abs=1e-6)  # where relaxing loses nothing


def test_it_decides_whether_all_sparse_vectors_are_recovered() -> None:
    seen = set()
    for number in range(6):
        A = gaussian(5, 8, number)
        for k in (1, 2):
            found = null_space_constant(A, k)
            worst = np.zeros(8)
            top = np.argsort(-np.abs(found.witness))[:k]
            worst[top] = -np.sign(found.witness[top])
            assert naive.recovers(A, worst) == (found.upper < 0.5)
            seen.add(bool(found.upper < 0.5))
    assert seen == {True, False}


def test_a_search_that_is_cut_short_still_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    A, k = gaussian(10, 20), 3
    exact = null_space_constant(A, k)
    uppers = []
    for allowed in (0, 3, 25, 60, 10_000):
        calls = iter(range(100_000))

        def spent(self: Budget, allowed: int = allowed, calls: object = calls) -> bool:
            if next(calls) >= allowed:
                self.stop("counted")
            return bool(self.stopped)

        monkeypatch.setattr(_null_space_search.Budget, "spent", spent)
        found = null_space_constant(A, k)
        assert found.lower <= exact.lower + 1e-12
        assert found.upper >= exact.lower - 1e-12
        assert bool(found.stopped) == (allowed < 10_000)
        attained(A, k, found)
        uppers.append(found.upper)
    assert uppers == sorted(uppers, reverse=True)
    assert uppers[0] > uppers[-1] + 0.01


def test_no_time_at_all_gives_bounds_that_say_so() -> None:
    found = null_space_constant(gaussian(20, 40), 3, seconds=0)
    assert "0 s" in found.stopped
    assert 0 < found.lower < found.upper <= 1


def test_the_keyboard_ends_the_search_and_not_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(_null_space_search.Search, "run", interrupted)
    found = null_space_constant(gaussian(6, 12), 3)
    assert "keyboard" in found.stopped
    assert found.lower <= found.upper


@pytest.mark.parametrize("k", [1, 2, 7])
def test_complex_null_vectors_are_measured_by_modulus(k: int) -> None:
    A = gaussian(2, 5) + 1j * gaussian(2, 5, 1)
    found = null_space_constant(A, k)
    attained(A, k, found)
    turned = null_space_constant(A * np.exp(1j * np.arange(5)), k)
    assert turned.upper == pytest.approx(found.upper, abs=1e-6)
    assert turned.lower <= found.upper + 1e-9
    assert found.gap < (1e-6 if k in (1, 7) else 0.2)
    one = np.hstack([np.eye(4), np.array([[1j], [2], [-1], [1 + 1j]])])  # one null vector: exact
    sizes = np.sort([1, 2, 1, 2**0.5, 1])[::-1]
    assert null_space_constant(one, k).lower == pytest.approx(sizes[:k].sum() / sizes.sum(), abs=1e-14)


def test_complex_words_for_real_numbers_have_at_least_the_real_constant() -> None:
    A = gaussian(3, 6)
    for k in (1, 2):
        found = null_space_constant(A.astype(complex), k)
        assert found.upper >= null_space_constant(A, k).lower - 1e-9


@pytest.mark.parametrize(
    "door", [np.asarray, scipy.sparse.csr_array, scipy.sparse.linalg.aslinearoperator, np.ndarray.tolist]
)
def test_every_door_leads_to_one_answer(door: object) -> None:
    assert null_space_constant(door(CONFERENCE), 2).lower == pytest.approx(2 / (1 + 5**0.5), abs=1e-12)


def test_single_precision_is_read_as_it_is() -> None:
    A = gaussian(4, 8).astype(np.float32)
    assert null_space_constant(A, 2).lower == pytest.approx(null_space_constant(A.astype(float), 2).lower, abs=1e-12)


def test_bad_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="k must be at least 1; got 0"):
        null_space_constant(CONFERENCE, 0)
    with pytest.raises(ValueError, match="'linear relaxation'"):
        null_space_constant(CONFERENCE, 1, method="exact")
    with pytest.raises(ValueError, match="complex"):
        null_space_constant(CONFERENCE * 1j, 1, method="search")
    with pytest.raises(ValueError, match="finite"):
        null_space_constant([[1.0, np.nan]], 1)
    with pytest.raises(ValueError, match="Scale the columns"):
        null_space_constant([[1e-200, 1e200]], 1)
