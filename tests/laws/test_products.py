"""Kronecker and Khatri-Rao products and convolutions: what their geometry owes to their factors, and the numbers they take."""

from __future__ import annotations

import itertools

import naive_circulant as naive
import numpy as np
import pytest
import scipy.linalg
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.geometry.coherence import coherence
from sparsecs.operators.circulant import Circulant
from sparsecs.operators.khatri_rao import KhatriRao
from sparsecs.operators.kronecker import Kronecker

KINDS = [np.float32, np.float64, np.complex64, np.complex128]


@st.composite
def factors(
    draw: st.DrawFn, equal: bool = False, unit: bool = False, columns: int = 4
) -> tuple[np.ndarray, np.ndarray]:
    """Two small matrices, of whole numbers or random, real or complex; with zero and parallel columns unless ``unit``."""
    out: list[np.ndarray] = []
    for _ in range(2):
        m = draw(st.integers(1, 3))
        n = out[0].shape[1] if equal and out else draw(st.integers(2, columns))
        rng = stream(draw(st.integers(0, 999)), "factor")
        A = rng.standard_normal((m, n)) + (1j * rng.standard_normal((m, n)) if draw(st.booleans()) else 0)
        if draw(st.booleans()):
            A = np.round(A)
        if draw(st.booleans()):
            A[:, 0] = A[:, 1] * draw(st.sampled_from([0, -2]))
        if unit:
            A[0] += 2.5 * (np.linalg.norm(A, axis=0) < 0.1)
            A = A / np.linalg.norm(A, axis=0)
        out.append(A)
    return out[0], out[1]


def delta(A: np.ndarray, k: int) -> float:
    return max(naive.isometry(A, min(k, A.shape[1])))


@given(factors(equal=True, unit=True))
def test_a_khatri_rao_product_is_no_more_coherent_than_the_product_of_both(pair: tuple[np.ndarray, np.ndarray]) -> None:
    A, B = pair
    found = coherence(KhatriRao(A, B))
    assert found <= coherence(A) * coherence(B) + 1e-12
    assert found == pytest.approx((naive.likeness(A) * naive.likeness(B)).max(), abs=1e-12)


@given(factors(unit=True))
def test_a_kronecker_product_is_as_coherent_as_the_worse_factor(pair: tuple[np.ndarray, np.ndarray]) -> None:
    A, B = pair
    assert coherence(Kronecker(A, B)) == pytest.approx(max(coherence(A), coherence(B)), abs=1e-12)


@given(factors(columns=3))
def test_the_spark_of_a_kronecker_product_is_the_smaller_one(pair: tuple[np.ndarray, np.ndarray]) -> None:
    sparks = [naive.spark(M) if naive.spark(M) <= M.shape[1] else np.inf for M in (*pair, Kronecker(*pair).dense())]
    assert sparks[2] == min(sparks[:2])


@given(factors(equal=True, unit=True), st.integers(1, 4))
def test_isometry_constants_of_a_khatri_rao_product_multiply_or_better(
    pair: tuple[np.ndarray, np.ndarray], k: int
) -> None:
    A, B = pair
    assert delta(KhatriRao(A, B).dense(), k) <= delta(A, k) * delta(B, k) + 1e-12


@given(factors(unit=True, columns=3), st.integers(1, 3))
def test_isometry_constants_of_a_kronecker_product_lie_between_those_of_its_factors(
    pair: tuple[np.ndarray, np.ndarray], k: int
) -> None:
    A, B = pair
    found = delta(Kronecker(A, B).dense(), k)
    assert max(delta(A, k), delta(B, k)) <= found + 1e-12
    assert found <= (1 + delta(A, k)) * (1 + delta(B, k)) - 1 + 1e-12


@given(factors(equal=True))
def test_the_order_of_rows_and_columns_is_that_of_numpy_and_scipy(pair: tuple[np.ndarray, np.ndarray]) -> None:
    A, B = pair
    assert np.array_equal(Kronecker(A, B).dense(), np.kron(A, B))
    assert np.array_equal(KhatriRao(A, B).dense(), scipy.linalg.khatri_rao(A, B))
    inner = KhatriRao(A, B).dense()
    assert np.allclose(
        inner.conj().T @ inner,
        (A.conj().T @ A) * (B.conj().T @ B),
        rtol=0,
        atol=1e-12 * (1 + np.abs(A).max() * np.abs(B).max()) ** 2,
    )


@pytest.mark.parametrize(("first", "other", "x"), list(itertools.product(KINDS, repeat=3)))
def test_mixed_kinds_come_out_as_the_matrix_would_and_as_precise(first: type, other: type, x: type) -> None:
    rng = stream(0, "mixed")
    A, B, v = (
        (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)).astype(np.complex128)
        for shape in ((3, 5), (2, 5), 25)
    )
    A, B, v = (
        (M if np.dtype(kind).kind == "c" else M.real).astype(kind)
        for M, kind in zip((A, B, v), (first, other, x), strict=True)
    )
    kernels = A[:, None]
    wide = [
        M.astype(np.result_type(M, np.float64)) for M in (A, B, kernels)
    ]  # entries of products are not rounded first
    for operator, M in (
        (Kronecker(A, B), np.kron(wide[0], wide[1])),
        (KhatriRao(A, B), scipy.linalg.khatri_rao(wide[0], wide[1])),
        (Circulant(kernels, 7), naive.circulant_matrix(wide[2], 7)),
    ):
        w, u = v[: M.shape[1]], np.resize(v, M.shape[0])
        kind = np.result_type(operator.dtype, x)
        for found, expected in ((operator @ w, M @ w), (operator.H @ u, M.conj().T @ u)):
            assert found.dtype == kind
            assert np.linalg.norm(found - expected) <= 20 * np.finfo(kind).eps * np.linalg.norm(M) * np.linalg.norm(v)


def test_matrix_free_factors_are_only_multiplied_with() -> None:
    rng = stream(0, "factors")
    A, B = rng.standard_normal((6, 40)), rng.standard_normal((3, 40))
    products = KhatriRao(aslinearoperator(A), aslinearoperator(B))
    x, y = rng.standard_normal(40), rng.standard_normal(18)
    before = products.nbytes
    assert np.allclose(products @ x, scipy.linalg.khatri_rao(A, B) @ x, rtol=1e-12, atol=1e-12)
    assert np.allclose(products.H @ y, scipy.linalg.khatri_rao(A, B).T @ y, rtol=1e-12, atol=1e-12)
    assert products.nbytes - before == B.nbytes  # the factor with fewer rows is held
    nested = Kronecker(Circulant(A[0, :3], 5), Kronecker(scipy.sparse.csr_array(B), A))
    z = rng.standard_normal(nested.shape[1])
    assert np.allclose(nested @ z, nested.dense() @ z, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_factors_whose_sizes_cancel_give_the_gram_matrix_of_their_product(size: float) -> None:
    rng = stream(0, "factors")
    A, B = rng.standard_normal((3, 4)), rng.standard_normal((2, 4))
    for kind, M in ((Kronecker, np.kron(A, B)), (KhatriRao, scipy.linalg.khatri_rao(A, B))):
        operator = kind(A * size, B / size)
        assert np.allclose(operator.gram(), M @ M.T, rtol=1e-12, atol=1e-12)
        assert np.allclose(operator.column_norms(), np.linalg.norm(M, axis=0), rtol=1e-12, atol=0)


def test_factors_that_do_not_fit_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2, 4\).*Kronecker"):
        KhatriRao(np.ones((2, 3)), np.ones((2, 4)))
    for kind in (Kronecker, KhatriRao):
        with pytest.raises(ValueError, match="finite"):
            kind(np.array([[np.nan]]), np.eye(1))
        with pytest.raises(TypeError, match="float"):
            kind(3.0, np.eye(1))


@given(st.integers(1, 40), st.integers(1, 3), st.integers(1, 3), st.sampled_from(KINDS), st.integers(0, 99))
def test_a_convolution_by_transforms_is_the_product_with_the_matrix(
    size: int, outputs: int, inputs: int, kind: type, seed: int
) -> None:
    rng = stream(seed, "convolution")
    shape = (outputs, inputs, int(rng.integers(1, size + 1)))
    kernels = (rng.standard_normal(shape) + 1j * rng.standard_normal(shape)) * 10.0 ** rng.integers(
        -3, 4, (1, inputs, 1)
    )
    kernels = (kernels if np.dtype(kind).kind == "c" else kernels.real).astype(kind)
    M = naive.circulant_matrix(kernels, size)
    X, Y = (rng.standard_normal((side, 2)).astype(kind) for side in M.shape[::-1])
    A = Circulant(kernels, size)
    bar = 20 * np.finfo(kind).eps * np.linalg.norm(M)
    assert np.linalg.norm(A @ X - M @ X) <= bar * np.linalg.norm(X)
    assert np.linalg.norm(A.H @ Y - M.conj().T @ Y) <= bar * np.linalg.norm(Y)
    assert np.array_equal(A.gram(), A.gram().conj().T)
