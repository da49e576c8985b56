"""Restricted isometry constants of frames for which they are known, and of matrices large enough for every part of the search."""

from __future__ import annotations

import _thread
import itertools
import threading
from collections.abc import Callable

import naive_isometry as naive
import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator

from sparsecs import IsometryBounds, restricted_isometry, stream
from sparsecs.geometry import _isometry_search as searching
from sparsecs.geometry._isometry_search import Proof, Search
from sparsecs.geometry._isometry_semidefinite import certified, semidefinite_bound
from sparsecs.kernels.support_swaps import climb

EXACT = 1e-9


def simplex_frame(m: int) -> np.ndarray:
    """m + 1 unit vectors in m dimensions with all inner products -1/m."""
    basis = np.linalg.svd(np.eye(m + 1) - 1 / (m + 1))[0][:, :m]
    return basis.T * np.sqrt((m + 1) / m)


def spikes_and_hadamard() -> np.ndarray:
    return np.hstack([np.eye(4), np.kron([[1, 1], [1, -1]], [[1, 1], [1, -1]]) / 2])


def conference_frame() -> np.ndarray:
    """The six diagonals of the icosahedron: inner products 1/sqrt(5)."""
    golden = (1 + 5**0.5) / 2
    half = [(0, 1, golden), (0, 1, -golden)]
    corners = np.array([np.roll(corner, turn) for turn in range(3) for corner in half], dtype=float).T
    return corners / np.linalg.norm(corners, axis=0)


def harmonic_frame(p: int) -> np.ndarray:
    """A complex equiangular frame: the rows of the Fourier matrix of order p that are squares; p = 3 modulo 4."""
    squares = sorted({a * a % p for a in range(1, p)})
    return np.exp(2j * np.pi * np.outer(squares, np.arange(p)) / p) / len(squares) ** 0.5


def gaussian(m: int, n: int, unit: bool = True, real: bool = True) -> np.ndarray:
    rng = stream(0, "isometry", m, n)
    A = rng.standard_normal((m, n)) + (0 if real else 1j) * rng.standard_normal((m, n))
    return naive.unit_columns(A) if unit else A / m**0.5


def constants(found: IsometryBounds) -> tuple[float, float]:
    assert found.exact
    assert found.L.stopped == found.U.stopped == ""
    return found.L.upper, found.U.upper


def by_enumeration(A: np.ndarray, k: int) -> tuple[float, float]:
    """L and U from the eigenvalues of all parts of the Gram matrix at once."""
    G = A.conj().T @ A
    supports = np.array(list(itertools.combinations(range(A.shape[1]), k)))
    values = np.linalg.eigvalsh(G[supports[:, :, None], supports[:, None, :]])
    return 1 - values[:, 0].min(), values[:, -1].max() - 1


@pytest.mark.parametrize("m", [2, 3, 7, 24])
def test_the_simplex_frame(m: int) -> None:
    frame = simplex_frame(m)
    for k in sorted({2, m // 2 + 1, m - 1, m} - {1}):
        assert constants(restricted_isometry(frame, k)) == pytest.approx(((k - 1) / m, 1 / m), abs=EXACT)
        assert constants(restricted_isometry(frame, k, "exact")) == pytest.approx(((k - 1) / m, 1 / m), abs=EXACT)
    assert constants(restricted_isometry(frame, m + 1)) == pytest.approx((1, 1 / m), abs=EXACT)


def test_spikes_and_hadamard() -> None:
    for k, value in enumerate((0, 0.5, 0.5**0.5, 1), start=1):
        assert constants(restricted_isometry(spikes_and_hadamard(), k)) == pytest.approx((value, value), abs=EXACT)


def test_the_conference_frame() -> None:
    assert constants(restricted_isometry(conference_frame(), 2)) == pytest.approx((5**-0.5, 5**-0.5), abs=EXACT)
    assert constants(restricted_isometry(conference_frame(), 3)) == pytest.approx((2 / 5**0.5, 2 / 5**0.5), abs=EXACT)
    assert constants(restricted_isometry(conference_frame(), 4))[0] == 1


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_a_complex_frame_with_all_inner_products_of_one_size(k: int) -> None:
    frame = harmonic_frame(11)
    assert constants(restricted_isometry(frame, k)) == pytest.approx(by_enumeration(frame, k), abs=EXACT)


@pytest.mark.parametrize("real", [True, False], ids=["real", "complex"])
@pytest.mark.parametrize("unit", [True, False], ids=["unit columns", "columns as drawn"])
@pytest.mark.parametrize("k", [3, 4, 5, 6, 7])
def test_gaussian_matrices(k: int, unit: bool, real: bool) -> None:
    A = gaussian(9, 16, unit, real)
    expected = by_enumeration(A, k)
    assert constants(restricted_isometry(A, k)) == pytest.approx(expected, abs=EXACT)
    assert constants(restricted_isometry(A, k, "exact")) == pytest.approx(expected, abs=EXACT)
    others = restricted_isometry(A, k, ("greedy", "random", "coherence", "babel", "gershgorin", "spectrum"))
    assert others.L.lower <= expected[0] + EXACT <= others.L.upper + 2 * EXACT
    assert others.U.lower <= expected[1] + EXACT <= others.U.upper + 2 * EXACT


def test_nearly_all_columns_and_equal_columns_and_blocks() -> None:
    A = gaussian(12, 14)
    for k in (11, 12, 13):
        assert constants(restricted_isometry(A, k)) == pytest.approx(by_enumeration(A, k), abs=EXACT)
    twins = np.hstack([gaussian(6, 5), gaussian(6, 5), np.zeros((6, 2))])
    blocks = np.kron(np.eye(3), gaussian(3, 4))
    for k in (2, 3, 4):
        for B in (twins, blocks):
            assert constants(restricted_isometry(B, k)) == pytest.approx(by_enumeration(B, k), abs=EXACT)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_search_in_pieces_on_any_number_of_threads_says_the_same(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "FIRST", 50.0)
    monkeypatch.setattr(searching, "PIECE", 300.0)
    monkeypatch.setattr(searching, "PATIENCE", 2)
    A = gaussian(9, 16)
    pieces = 0
    for k in (4, 5, 7):
        L, U = by_enumeration(A, k)
        for sign, value in ((1, 1 + U), (-1, L - 1)):
            H = sign * A.T @ A
            search = Search(
                H,
                k,
                lambda support, H=H: float(np.linalg.eigvalsh(H[np.ix_(support, support)])[-1]),
                9.0,
                1.0,
                0,
                threads,
            )
            for _ in search.pieces():
                pieces += 1
                assert search.lower - EXACT <= value <= search.upper + EXACT
            assert search.proven
            assert search.lower == search.upper == pytest.approx(value, abs=EXACT)
            proof = Proof(H, k, value - 1e-6, threads)
            for _ in proof.pieces():
                pieces += 1
            assert proof.found is not None
    assert pieces > 20


def test_the_local_search_cannot_be_improved_by_one_exchange() -> None:
    A = gaussian(9, 16, real=False)
    H = -A.conj().T @ A
    for seed in ([0, 1], [3, 3], [5, 9]):
        support, value = climb(H, 4, np.array([seed]))
        assert value == pytest.approx(np.linalg.eigvalsh(H[np.ix_(support, support)])[-1], abs=1e-12)
        for place, j in itertools.product(range(4), set(range(16)) - set(support.tolist())):
            other = np.array([*np.delete(support, place), j])
            assert np.linalg.eigvalsh(H[np.ix_(other, other)])[-1] <= value + 1e-9


@pytest.mark.parametrize("seconds", [0.0, 0.01, 0.2])
def test_a_search_that_runs_out_of_time_says_so_and_its_bounds_hold(seconds: float) -> None:
    A = gaussian(30, 60)
    found = restricted_isometry(A, 14, seconds=seconds)
    assert "is spent" in found.L.stopped
    assert found.L.lower < found.L.upper <= 1
    more = restricted_isometry(A, 14, ("coherence", "babel", "gershgorin", "spectrum"))
    assert found.L.upper <= more.L.upper or seconds == 0
    planted = naive.extreme_eigenvalues(A, found.L.witness)
    assert 1 - planted[0] == pytest.approx(found.L.lower, abs=EXACT)


def test_the_longer_a_search_the_tighter_its_bounds() -> None:
    A = gaussian(40, 80)
    short, long = (restricted_isometry(A, 10, seconds=seconds) for seconds in (0.05, 1.0))
    assert long.L.upper <= short.L.upper
    assert long.L.lower >= short.L.lower - EXACT
    assert restricted_isometry(A, 4).L.lower <= short.L.upper


def test_ctrl_c_leaves_the_bounds_found_so_far() -> None:
    A = gaussian(30, 60)
    restricted_isometry(A, 14, seconds=2)  # compiles all that it needs: the compiler may swallow an interruption
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    found = restricted_isometry(A, 14, seconds=20)
    timer.join()
    assert found.L.stopped == "interrupted from the keyboard"
    assert found.L.lower <= found.L.upper


def test_without_memory_for_all_inner_products_there_are_bounds_all_the_same() -> None:
    A = gaussian(20, 300)
    found = restricted_isometry(A, 3, memory=1e5)
    full = restricted_isometry(A, 3)
    assert "above memory" in found.L.stopped
    assert found.L.lower <= full.L.lower <= found.L.upper
    assert found.U.lower <= full.U.lower <= found.U.upper
    assert found.U.upper <= restricted_isometry(A, 3, "coherence").U.upper
    assert found.U.lower >= 0.5 * full.U.lower


def test_columns_by_the_thousand_are_never_all_formed() -> None:
    n, period = 1500, 20
    wave = np.cos(np.arange(n))
    formed = []

    def products(X: np.ndarray) -> np.ndarray:
        formed.append(X.shape[1] if X.ndim == 2 else 1)
        return np.stack([(X.T * wave)[..., start::period].sum(axis=-1) for start in range(period)])

    def adjoint(Y: np.ndarray) -> np.ndarray:
        return (wave * Y[np.arange(n) % period].T).T

    A = LinearOperator((period, n), products, adjoint, matmat=products, rmatmat=adjoint, dtype=np.float64)
    found = restricted_isometry(A, 2, memory=2e6, seconds=60)
    assert max(formed) < 800
    assert found.L.upper == 1
    assert found.U.lower == pytest.approx(1, abs=1e-3)  # two columns in the same row
    assert found.U.lower <= found.U.upper <= 1 + 1e-6
    assert "above memory" in found.U.stopped
    assert found.L.stopped == ""  # known all the same


@pytest.mark.parametrize("real", [True, False], ids=["real", "complex"])
def test_the_semidefinite_relaxation_lies_between_the_constants_and_the_spectrum(real: bool) -> None:
    A = gaussian(10, 14, real=real)
    for k in (2, 3):
        L, U = constants(restricted_isometry(A, k))
        found = restricted_isometry(A, k, "semidefinite")
        spectrum = restricted_isometry(A, k, "spectrum")
        assert found.L.upper + EXACT >= L
        assert found.U.upper + EXACT >= U
        assert found.U.upper < 0.9 * spectrum.U.upper
    assert restricted_isometry(A, 2, "semidefinite").U.upper <= restricted_isometry(A, 2, "coherence").U.upper + 1e-4


def test_any_matrix_in_the_dual_gives_a_bound() -> None:
    A = gaussian(6, 10)
    G = A.T @ A
    for seed, k in itertools.product(range(5), (2, 3, 4)):
        V = stream(seed, "V").standard_normal((10, 10)) * 0.2
        assert certified(G, V, k) >= 1 + by_enumeration(A, k)[1]
        assert certified(-G, V, k) >= by_enumeration(A, k)[0] - 1
    assert semidefinite_bound(G, 3, 0.0) == pytest.approx(np.linalg.eigvalsh(G)[-1])


@pytest.mark.parametrize(
    "matrix",
    [
        lambda: gaussian(10, 20) * np.logspace(-5, 5, 20),
        lambda: gaussian(10, 20) * np.logspace(-5, 5, 20)[::-1] @ np.diag([1.0, -1.0] * 10),
        lambda: np.hstack([gaussian(10, 10), gaussian(10, 10) * 1e6]),
    ],
)
def test_long_columns_do_not_hide_short_ones(matrix: Callable[[], np.ndarray]) -> None:
    A = matrix()
    for k in (2, 3):
        L, U = naive.isometry_constants(A, k)
        low, high = constants(restricted_isometry(A, k))
        assert high == pytest.approx(U, rel=1e-9)
        assert low == pytest.approx(L, abs=1e-7)


def test_short_columns_that_long_ones_span_nearly_are_judged_by_singular_values() -> None:
    A = np.array([[1e5, 1.0, 0.0], [0.0, 1e-3, 1.0]])
    least = [np.linalg.svd(A[:, list(pair)], compute_uv=False)[-1] ** 2 for pair in itertools.combinations(range(3), 2)]
    assert restricted_isometry(A, 2).L.lower == pytest.approx(1 - min(least), abs=1e-12)
    assert restricted_isometry(A, 2).L.witness.tolist() == [0, 1]
