"""The compiled pursuits choose what a product in full precision chooses, whatever the matrix, its layout and its codes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numba import njit

from sparsecs.core.randomness import stream
from sparsecs.kernels import whole_products
from sparsecs.kernels.gram_pursuit import UNSURE, run_many
from sparsecs.kernels.matching_pursuit import FITS, FULL, NONE_LEFT, rows_or_columns, run, strongest
from sparsecs.kernels.screening import choose_screened, coded
from sparsecs.kernels.selection import first_largest
from sparsecs.kernels.whole_products import padded, products, whole_array

both = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def gaussian(m: int, n: int, seed: int) -> np.ndarray:
    return stream(seed, "A").standard_normal((m, n))


def ten_decades(m: int, n: int, seed: int) -> np.ndarray:
    return gaussian(m, n, seed) * 10.0 ** stream(seed, "lengths").uniform(-5, 5, n)


def heavy_tails(m: int, n: int, seed: int) -> np.ndarray:
    return stream(seed, "A").standard_cauchy((m, n))


def alike(m: int, n: int, seed: int) -> np.ndarray:
    return gaussian(m, 1, seed) + 0.02 * gaussian(m, n, seed + 1)


def signs(m: int, n: int, seed: int) -> np.ndarray:
    return stream(seed, "A").choice([-1.0, 1.0], (m, n))


def with_zeros_and_twins(m: int, n: int, seed: int) -> np.ndarray:
    A = gaussian(m, n, seed)
    A[:, ::5] = 0
    A[:, 1::5] = A[:, 2::5] * -3
    return A


KINDS = [gaussian, ten_decades, heavy_tails, alike, signs, with_zeros_and_twins]
kinds = pytest.mark.parametrize("kind", KINDS, ids=[kind.__name__ for kind in KINDS])
Kind = Callable[[int, int, int], np.ndarray]


def weights_of(A: np.ndarray) -> np.ndarray:
    norms = np.linalg.norm(A, axis=0)
    return np.divide(1, norms, out=np.zeros_like(norms), where=norms > 0)


def support(x: np.ndarray) -> list[int]:
    return np.flatnonzero(x).tolist()


@pytest.mark.parametrize("feature", ["", "avx2", "avx512bw"])
def test_products_of_whole_numbers_are_exact_with_every_instruction(
    feature: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from llvmlite import binding

    if feature and not binding.get_host_cpu_features().get(feature):
        pytest.skip(f"this processor has no {feature}")
    monkeypatch.setattr(whole_products.binding, "get_host_cpu_features", lambda: {feature: True})
    compiled = njit(products.py_func)
    for n, m in ((1, 1), (5, 33), (40, 513), (3, 516)):
        codes, whole, out = np.zeros(padded(n, m), np.int8), whole_array(m), np.empty(n)
        codes[:n, :m] = 127 * stream(0, "codes").choice([-1, 1], (n, m))
        codes[0] = np.where(np.arange(codes.shape[1]) < m, 127, 0)
        whole[:m] = 32767 if m < 513 else 32000
        compiled(codes, whole, out)
        assert np.array_equal(out, (codes.astype(np.int64) @ whole)[:n])


@kinds
@both
def test_codes_and_their_errors_are_what_they_say(kind: Kind, dtype: type) -> None:
    for m, n in ((70, 130), (3, 5), (64, 64)):
        A = kind(m, n, 0).astype(dtype)
        for held in (rows_or_columns(A), rows_or_columns(np.asfortranarray(A))):
            codes, steps, errors = coded(*held)
            assert np.abs(codes.astype(int)).max(initial=0) <= 127
            assert not codes[n:].any()
            assert not codes[:, m:].any()
            codes = codes[:n, :m]
            left = np.linalg.norm(A.astype(float) - (codes * steps[:, None]).T, axis=0)
            assert np.allclose(errors, left, rtol=1e-9, atol=1e-9 * np.linalg.norm(A, axis=0))
            assert np.array_equal(codes.any(axis=1), A.any(axis=0))


def test_columns_too_faint_for_codes_have_an_error_of_their_own_size() -> None:
    codes, _, errors = coded(np.array([[1e-305, 2.0], [0.0, 1.0]]), False)
    assert not codes[0].any()
    assert errors[0] >= 1e-305


@kinds
@both
def test_a_screened_choice_is_the_choice_in_full_precision(kind: Kind, dtype: type) -> None:
    chosen = 0
    for seed in range(20):
        A = kind(60, 500, seed).astype(dtype)
        held, bids = rows_or_columns(A), weights_of(A)
        residual = stream(seed, "r").standard_normal(60).astype(dtype) + (A * bids)[:, 7] * dtype(5 * (seed % 3))
        whole, bounds = whole_array(60), np.empty((2, 500))
        j, top, found = choose_screened(*held, *coded(*held), bids, residual, whole, bounds)
        values = np.abs(A.T.astype(float) @ residual.astype(float)) * bids
        if found:
            chosen += 1
            assert j == first_largest(values.astype(dtype))
            assert np.isclose(top, values[j], rtol=1e-12 if dtype is np.float64 else 1e-5)
    assert chosen >= (0 if kind in (alike, heavy_tails) else 15)


@both
def test_a_bound_covers_what_the_codes_lose(dtype: type) -> None:
    for seed in range(20):
        A = heavy_tails(40, 300, seed).astype(dtype)
        held, bids = rows_or_columns(A), weights_of(A)
        residual = stream(seed, "r").standard_cauchy(40).astype(dtype)
        whole, bounds = whole_array(40), np.empty((2, 300))
        choose_screened(*held, *coded(*held), bids, residual, whole, bounds)
        assert (bounds[0] >= np.abs(A.T.astype(float) @ residual.astype(float)) * bids).all()


def test_columns_that_are_taken_are_not_chosen_again() -> None:
    A = gaussian(30, 200, 0)
    held, bids = rows_or_columns(A), weights_of(A)
    residual = A[:, 17] + 0.01 * gaussian(30, 1, 1)[:, 0]
    whole, bounds = whole_array(30), np.empty((2, 200))
    assert choose_screened(*held, *coded(*held), bids, residual, whole, bounds)[0] == 17
    bids[17] = 0
    found = choose_screened(*held, *coded(*held), bids, residual, whole, bounds)
    assert found[0] != 17
    assert found[0] == strongest(A.T @ residual, bids)[0]


@kinds
@both
def test_layout_and_codes_change_nothing(kind: Kind, dtype: type) -> None:
    for seed in range(4):
        A = kind(50, 300, seed).astype(dtype)
        y = stream(seed, "y").choice([-1.0, 1.0], 50).astype(dtype)
        weights, runs = weights_of(A), []
        for matrix in (A, np.asfortranarray(A), np.asfortranarray(np.repeat(A, 2, axis=1))[:, ::2]):
            held = rows_or_columns(matrix)
            runs += [run(held, codes, weights, y, 25, 0.0) for codes in (None, coded(*held))]
        first = runs[0]
        for x, residual, size, why in runs[1:]:
            assert support(x) == support(first[0])
            assert (size, why) == first[2:]
            assert np.allclose(residual, first[1], atol=1e-9 if dtype is np.float64 else 1e-3)


def test_a_pursuit_says_why_it_ended() -> None:
    A = gaussian(20, 40, 0)
    held, weights = rows_or_columns(A), weights_of(A)
    assert run(held, None, weights, A[:, 3] * 2, 5, 1e-10)[2:] == (1, FITS)
    assert run(held, None, weights, gaussian(20, 1, 1)[:, 0], 5, 1e-10)[2:] == (5, FULL)
    flat = np.vstack([A, np.zeros((1, 40))])
    y = np.zeros(21)
    y[-1] = 1
    for codes in (None, coded(*rows_or_columns(flat))):
        assert run(rows_or_columns(flat), codes, weights, y, 5, 1e-10)[2:] == (0, NONE_LEFT)


@kinds
def test_the_gram_matrix_gives_what_a_run_gives_or_says_that_it_is_not_sure(kind: Kind) -> None:
    A = kind(60, 150, 0)
    weights, held = weights_of(A), rows_or_columns(A)
    X = np.zeros((40, 150))
    for row, seed in zip(X, range(40), strict=True):
        row[stream(seed, "S").choice(150, 8, replace=False)] = stream(seed, "x").standard_normal(8)
    Y = np.ascontiguousarray((X * weights) @ A.T)
    Y[::4] += 0.05 * stream(0, "noise").standard_normal((10, 60)) * np.linalg.norm(Y[::4], axis=1, keepdims=True)
    Y = Y[np.linalg.norm(Y, axis=1) > 0]
    floors = 1e-10 * np.linalg.norm(Y, axis=1)
    found, residuals, sizes, ends = run_many(A, weights, Y, 8, floors)
    sure = 0
    for i in np.flatnonzero(ends != UNSURE):
        x, residual, size, why = run(held, None, weights, Y[i], 8, floors[i])
        assert (size, why) == (sizes[i], ends[i])
        assert support(x) == support(found[i])
        scale = np.linalg.norm(x / np.where(weights > 0, weights, 1))
        assert np.abs((x - found[i]) / np.where(weights > 0, weights, 1)).max() <= 1e-9 * scale
        assert np.abs(residual - residuals[i]).max() <= 1e-10 * np.linalg.norm(Y[i])
        sure += 1
    assert sure >= (0 if kind is alike else 30)


def test_the_gram_matrix_is_not_trusted_with_columns_that_almost_depend() -> None:
    A, Y = np.array([[1.0, 1.0, 0.0], [0.0, 1e-4, 0.0], [0.0, 0.0, 1.0]]), np.array([[1.0, 0.5, 0.0], [0.0, 0.0, 2.0]])
    assert run_many(A, weights_of(A), Y, 2, np.array([1e-12, 1e-12]))[3].tolist() == [UNSURE, FITS]
    assert support(run(rows_or_columns(A), None, weights_of(A), Y[0], 2, 1e-12)[0]) == [0, 1]


def test_how_many_threads_there_are_changes_no_digit() -> None:
    from threadpoolctl import threadpool_limits

    A, Y = gaussian(40, 90, 0), stream(0, "Y").standard_normal((50, 40))
    found = []
    for threads in (1, 2):
        with threadpool_limits(limits=threads):
            found.append(run_many(A, weights_of(A), Y, 12, np.zeros(50)))
    for one, other in zip(*found, strict=True):
        assert np.allclose(one, other, rtol=1e-12, atol=1e-13)


def test_columns_that_single_precision_cannot_tell_apart_are_told_apart() -> None:
    for seed in range(10):
        rng, A = stream(seed, "near ties"), np.eye(40)
        A[:, 0] = rng.standard_normal(40)
        A[0, 0] = 5
        A[:, 0] /= np.linalg.norm(A[:, 0])
        v = np.concatenate([[0], 1 + 1e-5 * rng.permutation(39)])
        v[0] = -A[:, 0] @ v / A[0, 0]  # orthogonal to the first column, and all others see it almost alike
        X, _, _, ends = run_many(A, weights_of(A), (1e4 * A[:, 0] + v)[None], 2, np.zeros(1))
        assert ends.tolist() == [FULL]
        assert support(X[0]) == [0, 1 + int(np.argmax(v[1:]))]


def test_the_digits_that_the_gram_matrix_loses_come_back() -> None:
    for seed in range(10):
        V = np.linalg.qr(stream(seed, "V").standard_normal((30, 30)))[0]
        A = np.stack([V[:, 0], V[:, 0] + 3e-3 * V[:, 1], V[:, 2]], axis=1)
        X, _, _, ends = run_many(A, weights_of(A), (A @ [1.0, 1.0, 0.0])[None], 2, np.array([1e-12]))
        assert ends.tolist() == [FITS]
        assert np.abs(X[0] - [1, 1, 0]).max() <= 1e-12
