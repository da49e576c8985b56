"""The spark is that of exact elimination on all sets of columns; what is proven when time runs out still holds."""

from __future__ import annotations

import math

import naive
import naive_coherence
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from sparsecs.core.budget import Budget
from sparsecs.core.randomness import stream
from sparsecs.geometry import _spark_search
from sparsecs.geometry import spark as module
from sparsecs.geometry.bounds import Bounds
from sparsecs.geometry.coherence import babel, coherence
from sparsecs.geometry.spark import spark
from sparsecs.networks.layers.linear import Linear
from sparsecs.networks.layers.relu import Relu
from sparsecs.networks.layers.tanh import Tanh
from sparsecs.networks.linearize import linearize
from sparsecs.networks.network import Network

DOORS = [np.asarray, scipy.sparse.csr_array, aslinearoperator]
HADAMARD = np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]])
GOLDEN = (1 + 5**0.5) / 2
FRAMES = {
    "[I | H4 / 2]": (np.hstack([np.eye(4), HADAMARD / 2]), 4),
    "conference frame": (
        np.array([np.roll(c, t) for t in range(3) for c in [(0, 1, GOLDEN), (0, 1, -GOLDEN)]], dtype=float).T,
        4,
    ),
    "simplex frame": (np.linalg.qr(np.column_stack([np.ones(8), np.eye(8)[:, :7]]))[0][:, 1:].T, 8),
    "[I | H16 / 4]": (np.hstack([np.eye(16), np.kron(HADAMARD, HADAMARD) / 4]), 8),
    "independent": (np.tri(5, 4), math.inf),
    "a zero column": (np.array([[1, 0, 2], [0, 0, 1]]), 1),
    "parallel columns": (np.array([[1, 3, -2], [0, 1, 0]]), 2),
    "one column": (np.ones((3, 1)), math.inf),
    "one row": (np.array([[1, 2, 3]]), 2),
    "more columns than a basis of the line needs": (np.array([[1, 1, 1], [1, 2, 3]]), 3),
}


@st.composite
def whole_matrices(draw: st.DrawFn, field: str = "real") -> np.ndarray:
    """Small matrices of whole numbers with low rank, circuits and coloops; few zero and parallel columns."""
    m, n = draw(st.integers(2, 5)), draw(st.integers(2, 8))
    entries = st.lists(st.integers(-2, 2), min_size=m * n, max_size=m * n)
    A = np.array(draw(entries), dtype=float).reshape(m, n)
    if field == "complex":
        A = A + 1j * np.array(draw(entries)).reshape(m, n)
    A[np.arange(n) % m, np.arange(n)] += 3
    if draw(st.booleans()):
        A[-1] = A[0] + A[-2] * draw(st.integers(-1, 1))
    return A


def checked(A: np.ndarray, found: Bounds) -> Bounds:
    """``found``, once its witness is seen to be dependent and of the size of the upper bound."""
    if found.witness is not None:
        lengths = np.linalg.norm(A[:, found.witness] / np.abs(A).max(axis=0)[found.witness].clip(1e-300), axis=0)
        part = A[:, found.witness] / np.abs(A).max(axis=0)[found.witness].clip(1e-300) / lengths.clip(1e-300)
        assert found.witness.size == found.upper
        assert len(set(found.witness.tolist())) == found.witness.size
        assert part.shape[1] > part.shape[0] or np.linalg.svd(part, compute_uv=False)[-1] < 1e-9
    else:
        assert found.upper == math.inf
    return found


@given(whole_matrices())
def test_the_spark_is_that_of_exact_elimination(A: np.ndarray) -> None:
    truth = naive_coherence.spark(A)
    found = checked(A, spark(A))
    assert (found.lower, found.upper) == (truth, truth)
    assert found.exact
    assert not found.stopped
    lengths = 10.0 ** np.resize([-100, 3, 100, 0, -5], A.shape[1])
    assert spark(A * lengths).lower == truth
    assert spark((A * np.resize([1, -1], A.shape[1]))[:, ::-1]).upper == truth


@given(whole_matrices("complex"))
def test_the_complex_spark_is_that_of_exact_elimination(A: np.ndarray) -> None:
    truth = naive_coherence.complex_spark(A)
    found = checked(A, spark(A))
    assert (found.lower, found.upper) == (truth, truth)


@pytest.mark.parametrize("field", ["real", "complex"])
def test_compiled_searches_find_what_elimination_finds(field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both roads: sets of one size after another, and sparse null vectors."""
    monkeypatch.setattr(_spark_search, "LITTLE", 0)
    rng, seen = stream(0, "whole numbers", field), set()
    for _ in range(12 if field == "real" else 5):
        A = rng.integers(-2, 3, (4, 8)).astype(float) + (1j * rng.integers(-2, 3, (4, 8)) if field == "complex" else 0)
        if rng.random() < 0.6:
            A[:, 7] = A[:, [0, 3]] @ rng.integers(1, 3, 2)
        truth = (naive_coherence.spark if field == "real" else naive_coherence.complex_spark)(A)
        U = (A / np.maximum(np.linalg.norm(A, axis=0), 1e-9)).T.astype(A.dtype)
        seen.add(truth)
        if truth < 3:
            continue
        for size in range(3, 6):
            found = _spark_search.search_size(np.ascontiguousarray(U), size, 1e-10, Budget())
            assert (found is not None) == (size == truth) or size > truth
            assert found is None or naive.exact_rank(_real(A[:, found])) < _real(A[:, found]).shape[1]
        null = np.linalg.svd(A)[2][np.linalg.matrix_rank(A) :].conj().T
        if np.linalg.norm(null, axis=1).min() > 1e-9:
            support, sure = _spark_search.search_null_space(null, Budget())
            assert sure
            assert support.size == truth
        assert spark(A).exact
    assert {3.0, 4.0} & seen


def _real(A: np.ndarray) -> np.ndarray:
    return np.block([[A.real, -A.imag], [A.imag, A.real]]) if np.iscomplexobj(A) else A


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_the_spark_that_is_known(name: str) -> None:
    A, truth = FRAMES[name]
    found = checked(A, spark(A))
    assert (found.lower, found.upper, found.exact) == (truth, truth, True)
    assert found.method
    for scale in (1e-200, 1e200):
        assert spark(A * scale).lower == truth
    for door in DOORS:
        one = spark(door(A))
        assert (one.lower, one.upper) == (truth, truth)
    if 2 < truth < math.inf:
        assert truth >= 1 + 1 / coherence(A) - 1e-12
        assert babel(A, int(truth) - 1) >= 1 - 1e-12


@pytest.mark.parametrize(("m", "n"), [(5, 7), (9, 16), (20, 25)])
def test_random_matrices_have_full_spark(m: int, n: int) -> None:
    for field in (0, 1j):
        rng = stream(0, "random", m, n)
        A = rng.standard_normal((m, n)) + field * rng.standard_normal((m, n))
        found = checked(A, spark(A))
        assert (found.lower, found.upper) == (m + 1, m + 1)


def test_planted_circuits_are_found_and_nothing_smaller_is_proven_to_be() -> None:
    rng = stream(0, "planted")
    A = rng.standard_normal((20, 40))
    A[:, 11] = A[:, [3, 17, 30, 38]] @ rng.standard_normal(4)
    found = checked(A, spark(A))
    assert (found.lower, found.upper) == (5, 5)
    assert found.witness.tolist() == [3, 11, 17, 30, 38]


def test_nearly_dependent_columns_are_independent_unless_the_tolerance_says_else() -> None:
    rng = stream(0, "nearly")
    for distance in (1e-3, 1e-6, 1e-9):
        A = rng.standard_normal((8, 12))
        A[:, 4] = A[:, [0, 2]] @ [0.6, 0.7]
        A[:, 4] += distance * np.linalg.norm(A[:, 4]) * rng.standard_normal(8) / 8**0.5
        assert spark(A).lower == 9
        loose = (
            checked(A / 1.0, spark(A, tolerance=10 * distance))
            if distance < 1e-8
            else spark(A, tolerance=10 * distance)
        )
        assert (loose.lower, loose.upper) == (3, 3)
        assert loose.witness.tolist() == [0, 2, 4]


@pytest.mark.parametrize("size", [4, 5, 6, 7])
@pytest.mark.parametrize("field", ["real", "complex"])
def test_a_search_by_size_finds_the_one_set_there_is(size: int, field: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_spark_search, "LITTLE", 0)
    rng = stream(0, "one set", size, field)
    for _ in range(5):
        U = rng.standard_normal((13, 10)) + (1j * rng.standard_normal((13, 10)) if field == "complex" else 0)
        chosen = np.sort(rng.choice(13, size, replace=False))
        U[rng.permutation(chosen)[0]] = 0
        U[np.flatnonzero(~U.any(axis=1))[0]] = rng.standard_normal(13) * np.isin(np.arange(13), chosen) @ U
        U /= np.linalg.norm(U, axis=1)[:, None]
        for smaller in range(3, size):
            assert _spark_search.search_size(U, smaller, 1e-12, Budget()) is None
        found = _spark_search.search_size(U, size, 1e-12, Budget())
        assert found is not None
        assert found.tolist() == chosen.tolist()


@pytest.mark.parametrize("short", [[1, 2], [1]])
def test_short_pivots_on_the_way_do_not_hide_a_dependent_set(short: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Some columns are near to the first, and the set needs the way from it to them: every way to it passes a short pivot."""
    monkeypatch.setattr(_spark_search, "LITTLE", 0)
    rng = stream(0, "short")
    A = rng.standard_normal((7, 9))
    A[:, short] = A[:, [0]] + 1e-5 * rng.standard_normal((7, len(short)))
    others = [5, 7] if len(short) == 1 else [5]
    A[:, 6] = (A[:, short] - A[:, [0]]).sum(axis=1) * 1e5 + A[:, [0, *others]].sum(axis=1)
    U = np.ascontiguousarray((A / np.linalg.norm(A, axis=0)).T)
    for size in (3, 4):
        assert _spark_search.search_size(U, size, 1e-12, Budget()) is None
    found = _spark_search.search_size(U, 5, 1e-9, Budget())
    assert found is not None
    assert found.tolist() == sorted([0, *short, *others, 6])


def jacobian(layer: type, samples: int = 6) -> object:
    network = Network((3,), (Linear(4), layer(), Linear(2)))
    inputs = stream(0, "inputs").standard_normal((samples, 3))
    return linearize(network, network.init(stream(0, "theta")), inputs)


@pytest.mark.parametrize("layer", [Tanh, Relu])
def test_a_jacobian_has_the_spark_of_its_matrix(layer: type) -> None:
    J = jacobian(layer)
    dense, found = spark(J.dense()), spark(J)
    assert (found.lower, found.upper, found.exact) == (dense.lower, dense.upper, True)


@given(whole_matrices(), st.integers(0, 3))
def test_what_is_proven_without_time_still_holds(A: np.ndarray, hundredths: int) -> None:
    truth = naive_coherence.spark(A)
    found = spark(A, seconds=hundredths / 100)
    assert found.lower <= truth <= found.upper
    assert found.exact or found.stopped


def test_a_search_that_would_take_too_long_says_so_and_keeps_what_it_has() -> None:
    A = stream(0, "A").standard_normal((20, 40))
    found = checked(A, spark(A, seconds=0.5))
    assert 3 <= found.lower < found.upper == 21
    assert found.stopped
    assert "stopped early" in repr(found)


def test_the_keyboard_ends_the_search_and_not_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(_spark_search, "search_sets", interrupted)
    monkeypatch.setattr(_spark_search, "_compiled", lambda kind: None)
    monkeypatch.setattr(_spark_search, "LITTLE", 0)
    A = stream(0, "A").standard_normal((20, 40))
    found = spark(A)
    assert (found.stopped, found.upper) == ("interrupted from the keyboard", 21)
    assert found.lower >= 3


def test_a_matrix_too_large_to_factor_is_judged_by_some_of_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DENSE", 8 * 10 * 12)
    A = stream(0, "A").standard_normal((10, 60))
    found = checked(A, spark(A))
    assert (found.lower, found.upper) == (3, 11)
    assert "11 columns" in found.stopped
    A[:, 7] = 3 * A[:, 50]
    assert spark(A).witness.tolist() == [7, 50]


def test_single_precision_is_judged_by_its_own_rounding() -> None:
    for name in ("[I | H4 / 2]", "conference frame", "simplex frame"):
        A, truth = FRAMES[name]
        found = spark(A.astype(np.float32))
        assert (found.lower, found.upper) == (truth, truth)


def test_what_cannot_be_answered_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="tolerance must be above zero"):
        spark(np.eye(2), tolerance=0)
    bad = LinearOperator((2, 3), matvec=lambda x: np.full(2, np.nan), rmatvec=lambda y: np.full(3, np.nan))
    with pytest.raises(ValueError, match="not finite"):
        spark(bad)
