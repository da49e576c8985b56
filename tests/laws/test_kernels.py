"""The kernels do what their slow twins do, in both precisions, in place and out of place."""

from __future__ import annotations

from collections.abc import Callable

import hypothesis.extra.numpy as arrays
import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsecs.core.randomness import stream
from sparsecs.kernels.block_thresholding import block_norms, block_soft_threshold
from sparsecs.kernels.least_squares import append_column, back_substitution
from sparsecs.kernels.selection import first_largest
from sparsecs.kernels.thresholding import hard_threshold, keep_largest, soft_threshold

both = pytest.mark.parametrize("dtype", [np.float32, np.float64])
LARGE = 100_000
WEIGHTS = np.array([0.5, 0.0, 1.25])

Kernel = Callable[..., np.ndarray]
MAPS: dict[str, tuple[Kernel, Kernel]] = {
    "soft 0.75": (lambda x, out=None: soft_threshold(x, 0.75, out), lambda x: naive.soft(x, 0.75)),
    "soft 0": (lambda x, out=None: soft_threshold(x, 0.0, out), lambda x: naive.soft(x, 0.0)),
    "hard 0.75": (lambda x, out=None: hard_threshold(x, 0.75, out), lambda x: naive.hard(x, 0.75)),
    "hard 0": (lambda x, out=None: hard_threshold(x, 0.0, out), lambda x: naive.hard(x, 0.0)),
    "keep none": (lambda x, out=None: keep_largest(x, 0, out), lambda x: naive.keep_largest(x, 0)),
    "keep 3": (lambda x, out=None: keep_largest(x, 3, out), lambda x: naive.keep_largest(x, 3)),
    "keep all": (lambda x, out=None: keep_largest(x, x.size, out), lambda x: x.copy()),
    "keep more": (lambda x, out=None: keep_largest(x, x.size + 2, out), lambda x: x.copy()),
    "block soft": (
        lambda x, out=None: block_soft_threshold(x, WEIGHTS, np.arange(x.size) % 3, out),
        lambda x: naive.block_soft(x, WEIGHTS, np.arange(x.size) % 3),
    ),
}
every = pytest.mark.parametrize("name", MAPS)
NUMBERS = st.floats(-4, 4, width=32) | st.sampled_from([0.0, -0.0, 0.75, -0.75, 1.0, -1.0, 2.0**-100])


def vectors(dtype: type) -> st.SearchStrategy[np.ndarray]:
    return arrays.arrays(dtype, st.integers(0, 12), elements=NUMBERS)


def near(found: np.ndarray, expected: np.ndarray) -> bool:
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    return np.allclose(found, expected, rtol=8 * np.finfo(found.dtype).eps, atol=4 * np.finfo(found.dtype).eps)


@both
@every
def test_it_does_what_its_twin_does(name: str, dtype: type) -> None:
    fast, slow = MAPS[name]

    @given(vectors(dtype))
    def check(x: np.ndarray) -> None:
        before = x.copy()
        fresh = fast(x)
        assert near(fresh, slow(x))
        assert np.array_equal(fresh == 0, slow(x) == 0)
        assert np.array_equal(x, before)
        assert not np.shares_memory(fresh, x)
        other = np.full_like(x, np.nan)
        assert fast(x, other) is other
        assert np.array_equal(other, fresh)
        assert fast(x, x) is x
        assert np.array_equal(x, fresh)

    check()


@both
@every
def test_it_reads_strided_arrays(name: str, dtype: type) -> None:
    fast, slow = MAPS[name]
    x = stream(0, "x").standard_normal(20).astype(dtype)
    assert near(fast(x[::-3]), slow(x[::-3]))


@both
@pytest.mark.parametrize("name", [name for name in MAPS if name != "keep none"])
def test_numbers_that_are_not_numbers_pass_through(name: str, dtype: type) -> None:
    for place in (0, 4, 9):
        x = stream(0, "x").standard_normal(10).astype(dtype)
        x[place] = np.nan
        assert np.isnan(MAPS[name][0](x)[place])
        assert np.isnan(MAPS[name][0](x, x)[place])


@both
@every
def test_it_takes_a_long_array_of_equal_values(name: str, dtype: type) -> None:
    x = np.full(LARGE, 2, dtype=dtype)
    out = MAPS[name][0](x)
    counts = {"keep none": 0, "keep 3": 3}
    assert np.count_nonzero(out) == counts.get(name, LARGE)
    if name.startswith("keep"):
        assert np.array_equal(np.flatnonzero(out), np.arange(counts.get(name, LARGE)))


@both
def test_of_equal_values_the_first_are_kept_whatever_their_signs(dtype: type) -> None:
    x = np.array([1, -2, 2, 3, -2, 2, -3], dtype=dtype)
    assert keep_largest(x, 4).tolist() == [0, -2, 2, 3, 0, 0, -3]
    assert keep_largest(x, 1).tolist() == [0, 0, 0, 3, 0, 0, 0]


@both
def test_half_of_a_long_array_of_equal_values_is_kept(dtype: type) -> None:
    out = keep_largest(np.full(LARGE, -1, dtype=dtype), LARGE // 2)
    assert np.array_equal(out, -(np.arange(LARGE) < LARGE // 2).astype(dtype))


@both
def test_block_norms_are_those_of_the_twin_over_the_whole_range(dtype: type) -> None:
    info, labels = np.finfo(dtype), np.array([0, 3, 0, 1, 1, 3])
    x = stream(0, "x").standard_normal(6).astype(dtype)
    for size in (float(info.tiny) * 1e7, 1.0, float(info.max) / 100):
        scaled = x * dtype(size)
        assert np.allclose(block_norms(scaled, labels, 5), naive.block_norms(scaled, labels, 5), rtol=1e-13, atol=0)


@both
def test_a_sick_entry_makes_its_block_sick_and_no_other(dtype: type) -> None:
    for block in ([np.nan, 1, 2], [1, np.nan, 2], [2, 1, np.nan]):
        x = np.array([*block, 3], dtype=dtype)
        labels = np.array([0, 0, 0, 1])
        assert np.array_equal(np.isnan(block_norms(x, labels, 2)), [True, False])
        assert np.array_equal(
            np.isnan(block_soft_threshold(x, np.array([1.0, 1.0]), labels)), [True, True, True, False]
        )


def grown(A: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[bool]]:
    """Q, R and what was said of each column of A."""
    m, n = A.shape
    Q, R, size, said = np.zeros((m, n), A.dtype, order="F"), np.zeros((n, n), A.dtype), 0, []
    for column in A.T:
        said.append(append_column(Q, R, size, column))
        size += said[-1]
    return Q[:, :size], R[:size, :size], said


@both
@pytest.mark.parametrize("spread", [0, 10])
def test_the_growing_factorisation_is_one_and_solves_least_squares(dtype: type, spread: float) -> None:
    eps = np.finfo(dtype).eps
    rng = stream(0, "qr")
    A = (rng.standard_normal((30, 12)) * np.logspace(-spread, 0, 12)).astype(dtype)
    y = rng.standard_normal(30).astype(dtype)
    Q, R, said = grown(A)
    assert all(answer is True or answer is np.True_ for answer in said)
    assert np.abs(Q.T @ Q - np.eye(12)).max() <= 20 * eps
    assert (np.linalg.norm(Q @ R - A, axis=0) <= 20 * eps * np.linalg.norm(A, axis=0)).all()
    assert np.array_equal(R, np.triu(R))
    z = back_substitution(R, 12, Q.T @ y)
    expected = np.linalg.lstsq(A.astype(float) / np.linalg.norm(A, axis=0), y.astype(float), rcond=None)[0]
    assert z.dtype == dtype
    assert np.linalg.norm(z * np.linalg.norm(A, axis=0) - expected) <= 200 * eps * np.linalg.norm(expected)


@both
def test_an_almost_dependent_column_leaves_the_factor_orthogonal(dtype: type) -> None:
    rng, eps = stream(0, "qr"), np.finfo(dtype).eps
    A = rng.standard_normal((30, 8)).astype(dtype)
    A[:, -1] = A[:, :-1] @ np.ones(7, dtype) + 2000 * eps * A[:, -1]
    Q, _, said = grown(A)
    assert all(said)
    assert np.abs(Q.T @ Q - np.eye(8)).max() <= 20 * eps


@both
@pytest.mark.parametrize("size", [1e-12, 1.0, 1e12])
def test_dependent_columns_are_refused_whatever_their_size(dtype: type, size: float) -> None:
    A = stream(0, "qr").standard_normal((10, 4)).astype(dtype)
    size = dtype(size)
    for dependent in (size * A[:, 0], size * (A @ np.array([1, -2, 3, 1], dtype)), np.zeros(10, dtype)):
        _, _, said = grown(np.column_stack([A, dependent, A[:, 0] * dtype(0.1)]))
        assert list(map(bool, said)) == [True] * 4 + [False] * 2


@both
def test_no_more_columns_than_rows_are_taken(dtype: type) -> None:
    _, _, said = grown(stream(0, "qr").standard_normal((5, 9)).astype(dtype))
    assert list(map(bool, said)) == [True] * 5 + [False] * 4


@both
def test_back_substitution_solves_the_leading_triangle_only(dtype: type) -> None:
    R = np.triu(stream(0, "R").standard_normal((6, 6)) + 4 * np.eye(6)).astype(dtype)
    b = np.arange(1, 7).astype(dtype)
    for size in range(7):
        z = back_substitution(R, size, b)
        assert z.shape == (size,)
        assert np.allclose(R[:size, :size] @ z, b[:size], rtol=50 * np.finfo(dtype).eps)
    assert np.array_equal(b, np.arange(1, 7))


@both
def test_the_first_of_the_largest_values_is_chosen_up_to_rounding(dtype: type) -> None:
    eps = np.finfo(dtype).eps
    slack = float(eps) ** (2 / 3)

    @given(arrays.arrays(dtype, st.integers(1, 9), elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, float("nan")])))
    def check(values: np.ndarray) -> None:
        if not np.isnan(values).all():
            assert first_largest(values) == naive.first_largest(values, slack)

    check()
    assert first_largest(np.array([1, 3 * (1 - 4 * eps), 3, 3], dtype=dtype)) == 1
    assert first_largest(np.array([1, 3 * (1 - 10 * slack), 3, 3], dtype=dtype)) == 2
    assert first_largest(np.zeros(4, dtype)) == 0
    assert first_largest(np.array([1, np.inf, 2], dtype=dtype)) == 1
    assert first_largest(np.full(3, np.nan, dtype)) in range(3)
