"""Every operator is a linear map with an adjoint, and all its verbs agree with the matrix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import naive
import naive_circulant
import numpy as np
import pylops
import pytest
import scipy.sparse
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.family import members
from sparsecs.core.randomness import stream
from sparsecs.operators.base import Adjoint, Operator
from sparsecs.operators.circulant import Circulant
from sparsecs.operators.dense import Dense
from sparsecs.operators.door import as_operator
from sparsecs.operators.face_splitting import FaceSplitting
from sparsecs.operators.foreign import Foreign
from sparsecs.operators.jacobian import Jacobian
from sparsecs.operators.khatri_rao import KhatriRao
from sparsecs.operators.kronecker import Kronecker
from sparsecs.operators.scaled import Scaled
from sparsecs.operators.selected import Selected
from sparsecs.operators.sparse import Sparse
from sparsecs.testing.check_operator import check_operator

Pair = tuple[Operator, np.ndarray]
REAL, COMPLEX = (np.float64, np.float32), (np.complex128, np.complex64)
FACTORS = np.array([2.0, -1.0, 0.0, 1.0, 0.5, 3.0, 1.0, -4.0, 1.0])
CHOSEN = [7, 2, 0, 5]


def matrix(dtype: type, m: int = 6, n: int = 9) -> np.ndarray:
    """A random matrix with a zero column and many zero entries."""
    rng = stream(0, "matrix", m, n)
    A = rng.standard_normal((m, n)) + (1j * rng.standard_normal((m, n)) if dtype in COMPLEX else 0)
    A[rng.random((m, n)) < 0.4] = 0
    A[:, 2], A[0, 3] = 0, 5
    return A.astype(dtype)


def factors(dtype: type, samples: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = stream(0, "factors", samples)
    delta, features = rng.standard_normal((samples, 2, 4)), rng.standard_normal((samples, 3))
    delta[:, :, 1], features[:, 2] = 0, 0
    return delta.astype(dtype), features.astype(dtype)


def jacobian(dtype: type) -> Pair:
    delta, features = factors(dtype)
    blocks = FaceSplitting(delta, features), Dense(matrix(dtype)), FaceSplitting(delta[:, :, :1], -features)
    dense = [naive.face_splitting(blocks[j].delta, blocks[j].features) for j in (0, 2)]
    return Jacobian(blocks, ("0 A", "1 B", "2 C")), np.hstack([dense[0], matrix(dtype), dense[1]])


def convolution(dtype: type, shape: tuple[int, int, int], size: int) -> Pair:
    """Kernels of which the last input has none, if there is another."""
    kernels = matrix(dtype, shape[0] * shape[1], shape[2] + 4)[:, 4:].reshape(shape)
    kernels[0, 0, 0] = 1.5
    if shape[1] > 1:
        kernels[:, -1] = 0
    return Circulant(kernels, size), naive_circulant.circulant_matrix(kernels, size)


def product(kind: type, twin: Callable, left: Any, right: Any) -> Pair:
    return kind(left, right), twin(as_operator(left).dense(), as_operator(right).dense())


TABLE: dict[str, Callable[[type], Pair]] = {
    "Dense": lambda d: (Dense(matrix(d)), matrix(d)),
    "Dense, by columns": lambda d: (Dense(np.asfortranarray(matrix(d))), matrix(d)),
    "Dense, a strided view": lambda d: (Dense(matrix(d)[::-2, ::2]), matrix(d)[::-2, ::2]),
    "Dense, one row": lambda d: (Dense(matrix(d)[:1]), matrix(d)[:1]),
    "Dense, one column": lambda d: (Dense(matrix(d)[:, 3:4]), matrix(d)[:, 3:4]),
    "Sparse": lambda d: (Sparse(scipy.sparse.csr_array(matrix(d))), matrix(d)),
    "Sparse, with duplicates": lambda d: (Sparse(_with_duplicates(matrix(d))), matrix(d)),
    "Foreign, of SciPy": lambda d: (Foreign(aslinearoperator(matrix(d))), matrix(d)),
    "Foreign, of PyLops": lambda d: (Foreign(pylops.MatrixMult(matrix(d), dtype=d)), matrix(d)),
    "Adjoint": lambda d: (Adjoint(Dense(matrix(d))), matrix(d).conj().T),
    "Adjoint, of foreign": lambda d: (Adjoint(Foreign(aslinearoperator(matrix(d)))), matrix(d).conj().T),
    "Scaled": lambda d: (Scaled(Dense(matrix(d)), FACTORS), matrix(d) * FACTORS.astype(d)),
    "Scaled, of foreign": lambda d: (
        Scaled(Foreign(aslinearoperator(matrix(d))), FACTORS),
        matrix(d) * FACTORS.astype(d),
    ),
    "Selected": lambda d: (Selected(Dense(matrix(d)), CHOSEN), matrix(d)[:, CHOSEN]),
    "Selected, by a mask": lambda d: (Selected(Sparse(scipy.sparse.coo_array(matrix(d))), FACTORS > 1.5), matrix(d)[:, [0, 5]]),
    "FaceSplitting": lambda d: (FaceSplitting(*factors(d)), naive.face_splitting(*factors(d))),
    "FaceSplitting, one sample": lambda d: (FaceSplitting(*factors(d, 1)), naive.face_splitting(*factors(d, 1))),
    "Jacobian": jacobian,
    "Circulant, one kernel": lambda d: convolution(d, (1, 1, 3), 7),
    "Circulant, two to three channels": lambda d: convolution(d, (3, 2, 3), 4),
    "Circulant, three to one": lambda d: convolution(d, (1, 3, 2), 5),
    "Circulant, one to two": lambda d: convolution(d, (2, 1, 2), 5),
    "Circulant, as long as its period": lambda d: convolution(d, (2, 3, 4), 4),
    "Circulant, of period one": lambda d: convolution(d, (2, 3, 1), 1),
    "Kronecker": lambda d: product(Kronecker, naive_circulant.kronecker, matrix(d, 2, 5), matrix(d, 3, 4)),
    "Kronecker, tall and wide": lambda d: product(Kronecker, naive_circulant.kronecker, matrix(d, 5, 4)[:, 1:], matrix(d, 1, 4)),
    "Kronecker, of foreign": lambda d: product(
        Kronecker, naive_circulant.kronecker, aslinearoperator(matrix(d, 2, 5)), matrix(d, 3, 4)
    ),
    "KhatriRao": lambda d: product(KhatriRao, naive_circulant.khatri_rao, matrix(d, 2, 5), matrix(d, 3, 5)),
    "KhatriRao, of sparse": lambda d: product(
        KhatriRao, naive_circulant.khatri_rao, matrix(d, 4, 5), scipy.sparse.csr_array(matrix(d, 3, 5))
    ),
    "KhatriRao, of foreign": lambda d: product(
        KhatriRao, naive_circulant.khatri_rao, aslinearoperator(matrix(d, 2, 5)), aslinearoperator(matrix(d, 3, 5))
    ),
}  # fmt: skip
REAL_ONLY = ("FaceSplitting", "Jacobian")
CASES = [
    pytest.param(name, dtype, id=f"{name} {np.dtype(dtype).name}")
    for name in TABLE
    for dtype in (*REAL, *(() if name.startswith(REAL_ONLY) else COMPLEX))
]
every = pytest.mark.parametrize(("name", "dtype"), CASES)


def _with_duplicates(A: np.ndarray) -> scipy.sparse.coo_array:
    """Every entry, zeros too, stored twice at one half."""
    rows, columns = np.indices(A.shape)
    twice = np.concatenate([A.ravel() / 2, A.ravel() / 2])
    return scipy.sparse.coo_array((twice, (np.tile(rows.ravel(), 2), np.tile(columns.ravel(), 2))), shape=A.shape)


def close(found: np.ndarray, expected: np.ndarray) -> bool:
    """Of one shape and kind, and equal to rounding."""
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    return bool(np.linalg.norm(found - expected) <= 20 * np.finfo(found.dtype).eps * np.linalg.norm(expected))


def some(shape: int | tuple[int, int], dtype: type, name: str) -> np.ndarray:
    rng = stream(1, name)
    return (rng.standard_normal(shape) + (1j * rng.standard_normal(shape) if dtype in COMPLEX else 0)).astype(dtype)


def test_every_operator_of_the_package_is_in_the_table() -> None:
    tested = {type(make(np.float64)[0]).__name__ for make in TABLE.values()}
    assert tested == set(members("sparsecs.operators", Operator))


@every
def test_it_says_its_shape_and_kind(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    assert A.shape == M.shape
    assert all(type(side) is int for side in A.shape)
    assert A.dtype == M.dtype == np.dtype(dtype)
    assert A.nbytes_dense == M.nbytes


@every
def test_it_keeps_the_laws_of_every_operator(name: str, dtype: type) -> None:
    check_operator(TABLE[name](dtype)[0])


@every
def test_its_adjoint_is_its_adjoint(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    x, y = some(M.shape[1], dtype, "x"), some(M.shape[0], dtype, "y")
    size = np.linalg.norm(M) * np.linalg.norm(x) * np.linalg.norm(y)
    assert abs(np.vdot(A @ x, y) - np.vdot(x, A.H @ y)) <= 20 * np.finfo(dtype).eps * size
    assert A.H.H is A or A.H.H.shape == A.shape
    assert A.H.shape == A.shape[::-1]


@every
def test_its_products_are_those_of_the_matrix(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    x, X = some(M.shape[1], dtype, "x"), some((M.shape[1], 3), dtype, "X")
    y, Y = some(M.shape[0], dtype, "y"), some((M.shape[0], 3), dtype, "Y")
    for found, expected in ((A.matvec(x), M @ x), (A.rmatvec(y), M.conj().T @ y), (A @ x, M @ x), (A @ X, M @ X)):
        assert close(found, expected)
    for found, expected in ((A.matmat(X), M @ X), (A.rmatmat(Y), M.conj().T @ Y), (A.H @ Y, M.conj().T @ Y)):
        assert close(found, expected)
    assert close(A.matmat(X[:, :0]), M @ X[:, :0])
    assert close(A.matmat(np.asfortranarray(X)), M @ X)


@every
def test_its_columns_are_those_of_the_matrix(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    n = M.shape[1]
    mask = np.arange(n) % 2 == 0
    for support in (np.arange(n), np.arange(n)[::-1], [0], [0, 0], [], mask, ~mask, np.array([n - 1], dtype=np.uint8)):
        chosen = np.asarray(support, dtype=bool if np.asarray(support).dtype == bool else int)
        assert close(A.columns(support), M[:, chosen])


@every
def test_it_refuses_columns_that_it_does_not_have(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    n = M.shape[1]
    for support, error in (
        ([n], ValueError),
        ([-1], ValueError),
        ([0.5], TypeError),
        (np.ones(n + 1, bool), TypeError),
    ):
        with pytest.raises(error, match="support"):
            A.columns(support)


@every
def test_its_column_norms_are_right_and_exactly_zero_for_zero_columns(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    expected = naive.column_norms(M).astype(np.zeros(0, dtype).real.dtype)
    assert close(A.column_norms(), expected)
    assert np.array_equal(A.column_norms() == 0, ~M.any(axis=0))


@every
def test_its_gram_matrix_and_its_dense_form_are_those_of_the_matrix(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    assert close(A.dense(), M)
    assert close(A.gram(), M @ M.conj().T)


@every
def test_it_refuses_a_factor_of_the_wrong_shape_and_names_both_shapes(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    n = M.shape[1]
    for wrong in (np.ones(n + 1), np.ones((n + 1, 2)), np.ones((n, 1, 1)), np.ones(())):
        with pytest.raises(ValueError) as error:
            A @ wrong
        assert str(A.shape) in str(error.value)
        assert str(wrong.shape) in str(error.value)
    with pytest.raises(TypeError, match="numbers"):
        A @ np.array(["one"] * n)


@every
def test_dense_refuses_to_take_more_bytes_than_allowed_and_names_other_ways(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    with pytest.raises(MemoryError, match=r"A @ x.*columns.*gram"):
        A.dense(limit=10)
    assert close(A.dense(limit=M.nbytes), M)


@every
def test_nothing_that_goes_in_is_changed_and_nothing_that_comes_out_is_shared(name: str, dtype: type) -> None:
    A, M = TABLE[name](dtype)
    x, y = some(M.shape[1], dtype, "x"), some(M.shape[0], dtype, "y")
    before = x.copy(), y.copy()
    A.matvec(x), A.rmatvec(y), A.matmat(x[:, None]), A.rmatmat(y[:, None])
    assert np.array_equal(x, before[0])
    assert np.array_equal(y, before[1])
    everything = np.arange(M.shape[1])
    for make in (A.dense, A.gram, A.column_norms, lambda: A.columns(everything)):
        once = make()
        kept = once.copy()
        once[...] = 7
        assert np.array_equal(make(), kept)
    assert close(A.dense(), M)


@pytest.mark.parametrize("size", [1e-200, 1e-160, 1e200])
@pytest.mark.parametrize("name", TABLE)
def test_column_norms_neither_overflow_nor_underflow(name: str, size: float) -> None:
    A, M = _times(name, size)
    assert close(A.column_norms() / size, naive.column_norms(M))


def _times(name: str, size: float) -> Pair:
    """The operator of a case with every entry times ``size``, and the matrix without."""
    A, M = TABLE[name](np.float64)
    if isinstance(A, FaceSplitting):
        return FaceSplitting(A.delta * size, A.features), M
    if isinstance(A, Sparse):
        return Sparse(A.matrix * size), M
    if isinstance(A, Circulant):
        return Circulant(A.kernels * size, A.size), M
    if isinstance(A, (Kronecker, KhatriRao)):
        return type(A)(A.left.dense() * size, A.right), M
    if isinstance(A, Jacobian):
        large = [
            FaceSplitting(b.delta, b.features * size) if hasattr(b, "delta") else Dense(b.matrix * size)
            for b in A.blocks
        ]
        return Jacobian(tuple(large), A.names), M
    if isinstance(A, Scaled):
        return Scaled(A.operator, A.factors * size), M
    if isinstance(A, Selected):
        return Selected(as_operator(A.operator.dense() * size), A.support), M
    if isinstance(A, (Foreign, Adjoint)):
        return type(A)(aslinearoperator(M * size) if isinstance(A, Foreign) else Dense(M.T * size)), M
    return Dense(M * size), M
