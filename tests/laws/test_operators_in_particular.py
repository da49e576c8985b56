"""What single operators promise beyond the laws of all: extreme sizes, mixed kinds, refusals, and the door."""

from __future__ import annotations

import naive
import numpy as np
import pylops
import pytest
import scipy.sparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.operators.base import CHUNK, vector_norms
from sparsecs.operators.dense import Dense
from sparsecs.operators.door import as_operator
from sparsecs.operators.face_splitting import FaceSplitting
from sparsecs.operators.foreign import Foreign
from sparsecs.operators.jacobian import Jacobian
from sparsecs.operators.scaled import Scaled, normalized
from sparsecs.operators.selected import Selected
from sparsecs.operators.sparse import Sparse


def gaussian(m: int, n: int) -> np.ndarray:
    return stream(0, "A", m, n).standard_normal((m, n))


def test_a_foreign_operator_wider_than_a_chunk_is_known_to_its_last_column() -> None:
    M = gaussian(2, 2 * CHUNK + 3)
    A = Foreign(aslinearoperator(M))
    assert np.array_equal(A.dense(), M)
    assert np.allclose(A.column_norms(), np.linalg.norm(M, axis=0), rtol=1e-14, atol=0)
    assert np.allclose(A.gram(), M @ M.T, rtol=1e-12, atol=0)


def test_an_operator_that_gives_its_input_back_is_no_trap() -> None:
    A = Foreign(pylops.Identity(4))
    x = np.arange(4.0)
    assert np.array_equal(A @ x, x)
    assert np.array_equal(A.dense(), np.eye(4))
    assert np.array_equal(x, np.arange(4.0))


def test_products_that_come_back_as_columns_are_flattened() -> None:
    M = gaussian(3, 5)
    A = Foreign(LinearOperator((3, 5), matvec=lambda x: (M @ x)[:, None], rmatvec=lambda y: (M.T @ y)[:, None]))
    assert (A @ np.ones(5)).shape == (3,)
    assert (A.H @ np.ones(3)).shape == (5,)


@pytest.mark.parametrize("declared", [np.int8, np.float16, np.longdouble, None])
def test_a_foreign_operator_of_another_kind_is_taken_as_one_of_the_four(declared: type | None) -> None:
    M = np.array([[1, 2, 0], [0, 1, 3]], dtype=declared or float)
    A = Foreign(LinearOperator(M.shape, matvec=lambda x: M @ x, rmatvec=lambda y: M.T @ y, dtype=declared))
    assert A.dtype in (np.float32, np.float64)
    assert A.dense().dtype == A.dtype
    assert np.array_equal(A.dense(), M)


def test_what_lacks_a_product_is_refused_by_name() -> None:
    class Half:
        shape = (2, 3)

        def matvec(self, x: np.ndarray) -> np.ndarray:
            return x[:2]

    with pytest.raises(TypeError, match="rmatvec"):
        as_operator(Half())


def test_column_norms_of_factors_that_peak_at_different_samples_are_right() -> None:
    delta, features = np.array([[[1.0]], [[1e-170]]]), np.array([[1e-170], [1.0]])
    assert FaceSplitting(delta, features).column_norms() == pytest.approx(2**0.5 * 1e-170, rel=1e-14, abs=0)
    single = FaceSplitting(np.array([[[1]], [[1e-23]]], "f"), np.array([[1e-23], [1]], "f")).column_norms()
    assert single == pytest.approx(2**0.5 * 1e-23, rel=1e-6, abs=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_vector_norms_are_right_over_the_whole_range(dtype: type) -> None:
    info = np.finfo(dtype)
    sizes = np.logspace(np.log10(float(info.tiny)) + 7, np.log10(float(info.max)) - 2, 60)
    block = (gaussian(5, 60) * sizes).astype(dtype)
    expected = naive.column_norms(block)
    assert vector_norms(block).dtype == info.dtype
    assert np.allclose(vector_norms(block) / expected, 1, rtol=0, atol=8 * info.eps)
    assert np.array_equal(vector_norms(np.zeros((3, 2), dtype)), [0, 0])


@pytest.mark.parametrize("kinds", [("f4", "f8"), ("f8", "f4"), ("f8", "c16"), ("f4", "c8")])
def test_a_jacobian_of_blocks_of_two_kinds_has_the_wider_one_throughout(kinds: tuple[str, str]) -> None:
    parts = [gaussian(3, n).astype(kind) for n, kind in zip((2, 4), kinds, strict=True)]
    A, M = Jacobian(tuple(Dense(part) for part in parts), ("0", "1")), np.hstack(parts)
    assert A.dtype == A.dense().dtype == A.gram().dtype == M.dtype
    assert np.allclose(A.gram(), M @ M.conj().T)


def test_a_jacobian_of_any_blocks_says_how_many_bytes_they_hold() -> None:
    assert Jacobian((Dense(np.eye(3)),), ("0",)).nbytes == 72


def test_a_jacobian_refuses_blocks_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="rows"):
        Jacobian((Dense(np.eye(3)), Dense(np.eye(2))), ("0", "1"))
    with pytest.raises(ValueError, match="name"):
        Jacobian((Dense(np.eye(3)), Dense(np.eye(3))), ("0",))
    with pytest.raises(ValueError, match="at least one block"):
        Jacobian((), ())


def test_scaled_refuses_factors_that_are_not_real_finite_or_as_many_as_columns() -> None:
    A = Dense(np.eye(2))
    with pytest.raises(ValueError, match="2 columns"):
        Scaled(A, np.ones(3))
    with pytest.raises(ValueError, match="finite"):
        Scaled(A, np.array([1, np.nan]))
    with pytest.raises(TypeError, match="real"):
        Scaled(A, np.array([1, 1j]))


def test_scaled_refuses_factors_that_its_precision_cannot_hold() -> None:
    with pytest.raises(ValueError, match="factors"):
        Scaled(Dense(np.eye(2, dtype=np.float32)), np.array([1, 1e300]))


def test_selected_refuses_no_columns_and_a_column_twice() -> None:
    for support, reason in (([], "empty"), ([1, 1], "twice"), (np.zeros(3, bool), "empty"), ([3], "between 0 and 2")):
        with pytest.raises(ValueError, match=reason):
            Selected(Dense(np.eye(3)), support)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
@pytest.mark.parametrize("door", [Dense, scipy.sparse.csr_array, aslinearoperator])
def test_normalized_gives_unit_columns_and_leaves_zero_columns(door: type, dtype: type) -> None:
    M = (gaussian(4, 12) * np.logspace(-10, 10, 12)).astype(dtype)
    M[:, 5] = 0
    unit = normalized(as_operator(door(M)))
    assert unit.dtype == dtype
    assert np.allclose(unit.column_norms(), np.arange(12) != 5, rtol=0, atol=10 * np.finfo(dtype).eps)
    assert np.allclose(unit.dense() * np.linalg.norm(M, axis=0), M, rtol=1e-5, atol=0)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_normalized_copes_with_columns_whose_norm_has_no_reciprocal(dtype: type) -> None:
    tiny = np.finfo(dtype).tiny / 64
    unit = normalized(Dense(np.array([[3 * tiny, 1], [4 * tiny, 0]], dtype=dtype)))
    assert np.allclose(unit.dense(), [[0.6, 1], [0.8, 0]], rtol=1e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_the_door_refuses_numbers_that_are_not_finite(bad: float) -> None:
    A = np.eye(3)
    A[1, 2] = bad
    for door in (np.asarray, scipy.sparse.csr_array, list):
        with pytest.raises(ValueError, match="finite"):
            as_operator(door(A))


def test_the_door_refuses_what_has_not_two_axes_or_is_empty() -> None:
    for wrong in (np.ones(3), np.ones((2, 2, 2)), np.ones((0, 3)), np.ones((3, 0)), [], 5.0 * np.ones(())):
        with pytest.raises(ValueError, match=r"axes|empty|at least one"):
            as_operator(wrong)
    with pytest.raises(ValueError, match="axes"):
        as_operator(scipy.sparse.csr_array((0, 3)))


def test_the_door_refuses_other_kinds_by_name() -> None:
    for wrong, name in ((3.0, "float"), ("A", "str"), (None, "NoneType"), ({}, "dict")):
        with pytest.raises(TypeError, match=name):
            as_operator(wrong)
    with pytest.raises(TypeError, match="numbers"):
        as_operator([["a", "b"]])
    with pytest.raises(TypeError, match="lengths"):
        as_operator([[1, 2], [3]])


def test_whole_numbers_and_truth_values_come_in_as_float64() -> None:
    for door in (np.asarray, scipy.sparse.csr_array):
        for dtype in (bool, np.int8, np.uint64):
            A = as_operator(door(np.eye(3, dtype=dtype)))
            assert A.dtype == np.float64
            assert np.array_equal(A.dense(), np.eye(3))


def test_the_door_gives_an_operator_back_and_copies_no_array() -> None:
    M = gaussian(3, 4)
    A = as_operator(M)
    assert as_operator(A) is A
    assert np.shares_memory(A.matrix, M)
    assert isinstance(as_operator(scipy.sparse.csr_array(M)), Sparse)
    assert isinstance(as_operator(scipy.sparse.csr_matrix(M)), Sparse)
    assert isinstance(as_operator(aslinearoperator(M)), Foreign)
