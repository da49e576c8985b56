"""What is said of a matrix is what counting everything says, and nothing depends on units."""

from __future__ import annotations

import naive
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import aslinearoperator

from sparsecs.core.randomness import stream
from sparsecs.geometry.coherence import TILE, babel, coherence
from sparsecs.geometry.identifiability import collinear_columns, dead_columns, distinct_columns
from sparsecs.geometry.spectrum import numerical_rank, spectral_norm

SIZES = [1e-200, 1e-100, 1e100, 1e200]
DOORS = [np.asarray, scipy.sparse.csr_array, aslinearoperator]


@st.composite
def matrices(draw: st.DrawFn, whole: bool = False) -> np.ndarray:
    """Small matrices of whole numbers, real or complex, with zero and parallel columns; scaled over ten decades."""
    m, n = draw(st.integers(1, 5)), draw(st.integers(2, 7))
    entries = st.lists(st.integers(-3, 3), min_size=m * n, max_size=m * n)
    A = np.array(draw(entries), dtype=float).reshape(m, n)
    if not whole and draw(st.booleans()):
        A = A + 1j * np.array(draw(entries)).reshape(m, n)
    for _ in range(draw(st.integers(0, 3))):
        A[:, draw(st.integers(0, n - 1))] = A[:, draw(st.integers(0, n - 1))] * draw(st.sampled_from([0, 1, -1, -3]))
    if whole:
        return A
    turns = np.array(
        draw(st.lists(st.sampled_from([1, -1, 1j] if np.iscomplexobj(A) else [1, -1]), min_size=n, max_size=n))
    )
    return A * turns * 10.0 ** np.array(draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n)))


@given(matrices(), st.data())
def test_coherence_and_babel_are_those_of_counting(A: np.ndarray, data: st.DataObject) -> None:
    live = np.count_nonzero(A.any(axis=0))
    if live < 2:
        with pytest.raises(ValueError, match=f"{live} of"):
            coherence(A)
        return
    s = data.draw(st.integers(1, live - 1))
    assert coherence(A) == pytest.approx(naive.babel(A, 1), abs=1e-13)
    assert babel(A, s) == pytest.approx(naive.babel(A, s), abs=1e-12)
    assert babel(A, s) <= s * coherence(A) + 1e-12
    with pytest.raises(ValueError, match="between 1"):
        babel(A, live)


@given(matrices())
def test_dead_parallel_and_distinct_columns_are_those_of_counting(A: np.ndarray) -> None:
    classes = naive.collinear_classes(A)
    repeats = {j for found in classes for j in found[1:]}
    assert dead_columns(A).tolist() == np.flatnonzero(~A.any(axis=0)).tolist()
    assert [found.tolist() for found in collinear_columns(A)] == classes
    assert distinct_columns(A).tolist() == [j for j in np.flatnonzero(A.any(axis=0)) if j not in repeats]


@given(matrices(whole=True))
def test_the_rank_is_that_of_exact_elimination(A: np.ndarray) -> None:
    rank = naive.exact_rank(A)
    assert numerical_rank(A) == rank
    assert numerical_rank(A.astype(np.float32)) == rank
    assert numerical_rank(A.T * 1e-100) == rank


@given(matrices())
def test_the_spectral_norm_of_a_small_matrix_is_exact(A: np.ndarray) -> None:
    assert spectral_norm(A) == pytest.approx(np.linalg.norm(A, 2), rel=1e-10, abs=0)


def test_the_spectral_norm_of_a_large_matrix_is_a_tight_lower_bound() -> None:
    A = stream(0, "A").standard_normal((150, 300))
    exact = np.linalg.norm(A, 2)
    bounds = [spectral_norm(A, steps) for steps in (4, 12, 24, 150)]
    assert bounds == sorted(bounds)
    assert bounds[1] <= exact * (1 + 1e-12)
    assert bounds[2] == pytest.approx(exact, rel=1e-3)
    assert bounds[3] == pytest.approx(exact, rel=1e-12)
    assert spectral_norm(np.zeros((3, 4))) == 0


@pytest.mark.parametrize("rank", [1, 2, 5, 20])
def test_the_spectral_norm_of_a_matrix_of_low_rank_is_exact_and_no_overestimate(rank: int) -> None:
    rng = stream(0, "low rank", rank)
    A = rng.standard_normal((60, rank)) @ rng.standard_normal((rank, 90))
    corner = np.zeros((40, 50))
    corner[range(rank), range(rank)] = 0.5 ** np.arange(rank)
    for matrix in (A, A * np.logspace(-5, 5, 90), corner, corner.T):
        assert spectral_norm(matrix) == pytest.approx(np.linalg.norm(matrix, 2), rel=1e-10)


def gaussian(m: int, n: int) -> np.ndarray:
    """With a zero column and two parallel ones."""
    A = stream(0, "A", m, n).standard_normal((m, n))
    A[:, 1], A[:, 4] = 0, -2 * A[:, 2]
    return A


@pytest.mark.parametrize("size", SIZES)
def test_nothing_depends_on_the_units(size: float) -> None:
    A = gaussian(6, 9)
    unlike = np.delete(A, 4, axis=1)
    assert coherence(unlike * size) == pytest.approx(coherence(unlike), rel=1e-13)
    assert babel(A * size, 3) == pytest.approx(babel(A, 3), rel=1e-13)
    assert numerical_rank(A * size) == 6
    assert dead_columns(A * size).tolist() == [1]
    assert [found.tolist() for found in collinear_columns(A * size)] == [[2, 4]]


@pytest.mark.parametrize("size", SIZES)
def test_the_spectral_norm_has_the_units_of_the_matrix(size: float) -> None:
    A = gaussian(6, 9)
    assert spectral_norm(A * size) == pytest.approx(np.linalg.norm(A, 2) * size, rel=1e-10, abs=0)


@pytest.mark.parametrize("size", SIZES)
def test_parallel_columns_of_very_different_lengths_are_found(size: float) -> None:
    A = gaussian(6, 9)
    both = np.hstack([A, A * size])
    assert [found.tolist() for found in collinear_columns(both)] == naive.collinear_classes(both)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_leads_to_one_answer(door: type) -> None:
    A = gaussian(6, 9)
    assert coherence(door(A)) == pytest.approx(1, abs=1e-14)
    assert babel(door(A), 4) == pytest.approx(naive.babel(A, 4), rel=1e-13)
    assert numerical_rank(door(A)) == 6
    assert spectral_norm(door(A)) == pytest.approx(np.linalg.norm(A, 2), rel=1e-12)
    assert [found.tolist() for found in collinear_columns(door(A))] == [[2, 4]]
    assert distinct_columns(door(A)).tolist() == [0, 2, 3, 5, 6, 7, 8]


def test_pairs_in_different_tiles_are_compared() -> None:
    A = stream(0, "A").standard_normal((40, TILE + 60))
    A[:, -1] = 3 * A[:, 5]
    assert [found.tolist() for found in collinear_columns(A)] == [[5, TILE + 59]]
    A[:, -1] += 1e-3 * A[:, 6]
    unit = A / np.linalg.norm(A, axis=0)
    products = np.abs(unit.T @ unit) - np.eye(A.shape[1])
    assert coherence(A) == pytest.approx(products.max(), rel=1e-12)
    assert babel(A, 3) == pytest.approx(np.sort(products, axis=1)[:, -3:].sum(axis=1).max(), rel=1e-12)


def test_more_parallel_columns_than_a_tile_make_one_class() -> None:
    A = np.outer(np.arange(1.0, 4.0), np.linspace(1, 2, TILE + 9))
    (found,) = collinear_columns(A)
    assert found.tolist() == list(range(TILE + 9))
    assert distinct_columns(A).tolist() == [0]


def test_the_tolerance_says_how_unlike_parallel_columns_may_be() -> None:
    A = np.array([[1.0, 1.0], [0.0, 1e-4]])
    assert collinear_columns(A) == ()
    assert len(collinear_columns(A, tolerance=1e-3)) == 1
    assert len(collinear_columns(A, tolerance=1e-5)) == 0
    assert numerical_rank(A) == 2
    assert numerical_rank(A, tolerance=1e-3) == 1
    assert len(collinear_columns(np.array([[1, 1], [0, 1e-7]], dtype=np.float32))) == 1


def test_a_matrix_too_large_to_form_is_judged_by_its_gram_matrix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sparsecs.geometry.spectrum.DENSE_LIMIT", 8)
    A = gaussian(6, 9)
    A[5] = A[0] - A[1]
    assert numerical_rank(A) == 5
    assert numerical_rank(np.zeros((3, 3))) == 0
